// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tidemill/http/negotiate.h"

namespace tidemill::http {

// Encodes a body piece by piece: equal pieces, equal bytes. kIdentity hands on what it gets.
class BodyEncoder {
 public:
  explicit BodyEncoder(Coding coding);
  ~BodyEncoder();
  BodyEncoder(const BodyEncoder&) = delete;
  BodyEncoder& operator=(const BodyEncoder&) = delete;

  // What is ready after this piece; may be empty but for the last. Throws std::bad_alloc.
  std::string Encode(std::string_view piece, bool last);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemill::http
