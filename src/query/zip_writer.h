// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"

namespace tidemill::query {

// A zip archive made in pieces: deflated members whose sizes stand behind their bytes (data descriptors), no times, so
// equal members make equal archives. Members over 4 GiB are refused.
class ZipWriter {
 public:
  explicit ZipWriter(std::string& out);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void Begin(std::string_view name);
  void Write(std::string_view bytes);
  // kTooLarge.
  base::Status End();
  // The directory at the end; nothing may follow.
  base::Status Finish();

 private:
  struct Member;
  struct Deflater;
  void Append(std::string_view bytes);
  void Deflate(std::string_view bytes, bool last);

  std::string& out_;
  std::uint64_t written_ = 0;  // of the archive, whatever was taken out of `out_` meanwhile
  std::vector<Member> members_;
  std::unique_ptr<Deflater> deflater_;
};

}  // namespace tidemill::query
