// SPDX-License-Identifier: Apache-2.0
#include "status_codes.h"

namespace tidemill::query {

const std::vector<std::string>& StatusCodes() {
  static const std::vector<std::string> codes = {"a", "b", "c",  "e",   "f", "k", "low", "ns", "p",
                                                 "r", "s", "ss", "sss", "t", "u", "w",   "x",  "z"};
  return codes;
}

}  // namespace tidemill::query
