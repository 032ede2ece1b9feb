// SPDX-License-Identifier: Apache-2.0
// The formula of a defined name in every version: nothing, or a text within its limits.
#include "biff.h"
#include "formula_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view tokens(reinterpret_cast<const char*>(data), size);
  for (const std::uint16_t version : {kBiff2, kBiff3, kBiff4, kBiff5, kBiff8, kBiff12}) {
    FormulaNames names;
    names.sheets = {"A", "B c"};
    names.links = {{.own = true, .first_sheet = 0, .last_sheet = 1, .outside = {}}, {.own = false, .outside = "[1]"}};
    names.names = {"N"};
    names.budget = 100'000;
    const auto text = FormulaText(tokens, version, names);
    if (names.budget > 100'000 || (text && text->size() > 100'000)) __builtin_trap();
  }
  return 0;
}
