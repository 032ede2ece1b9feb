// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::workbook {

inline constexpr std::uint16_t kBiff12 = 0x0C00;
inline constexpr std::size_t kMostNames = 100'000;  // of one workbook; more are left out with an issue

// What a formula of a defined name may refer to by number.
struct FormulaNames {
  // Sheets of this book, or a place outside, by the number that references have.
  struct Link {
    bool own = false;
    std::int32_t first_sheet = -1;  // -1: a deleted one
    std::int32_t last_sheet = -1;
    std::string outside;  // "[1]" and the like, where it is not of this book
  };

  std::vector<std::string> sheets;
  std::vector<Link> links;
  std::vector<std::string> names;  // number 1 first
  std::uint16_t code_page = 1252;
  std::size_t budget = std::size_t{16} << 20U;  // of bytes written for all formulas of a book together
};

// The text of a parsed formula ([MS-XLS] 2.2.2, [MS-XLSB] 2.2.2) as a formula bar has it, without the "=". Only for
// defined names; cells count by their cached results. Nothing where a token is unknown or the bytes end early.
std::optional<std::string> FormulaText(std::string_view tokens, std::uint16_t version, FormulaNames& names);

// A worksheet function by its number ([MS-XLS] 2.5.198.17): "SUM"; `arguments` is -1 where their count varies.
struct FormulaFunction {
  std::string_view name;
  int arguments = -1;
};
std::optional<FormulaFunction> FindFormulaFunction(std::uint32_t number);

// A sheet's name in front of a reference: in quotes where it is not plain.
std::string QuotedSheetName(std::string_view name);

}  // namespace tidemill::workbook
