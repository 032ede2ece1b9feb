// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "tidemill/recipe/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = tidemill::recipe::ParseSumCheck(text);
  if (!check) return check.error().message.empty() ? (std::abort(), 0) : 0;
  if (check->text != text || check->left.empty() || check->right.empty()) std::abort();
  return 0;
}
