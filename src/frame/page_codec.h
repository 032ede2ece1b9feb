// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/frame/parquet.h"

namespace tidemill::frame {

// Compresses pages, one after the other.
class PageCodec {
 public:
  explicit PageCodec(ParquetCodec codec);
  PageCodec(const PageCodec&) = delete;
  PageCodec& operator=(const PageCodec&) = delete;
  ~PageCodec();

  // The codec's number in Parquet.
  int number() const;
  base::Status Append(std::string& out, std::string_view page);

 private:
  struct Context;
  ParquetCodec codec_;
  std::unique_ptr<Context> context_;  // made at the first page
};

}  // namespace tidemill::frame
