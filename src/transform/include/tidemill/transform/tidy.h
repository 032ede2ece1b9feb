// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/finding.h"
#include "tidemill/transform/register.h"
#include "tidemill/workbook/workbook.h"

// Binds a recipe to a workbook and makes it tidy: shared/design/recipes.md. Values in, values out; no files, no clock.
namespace tidemill::transform {

// Where a workbook comes from.
struct EditionInput {
  std::string edition;        // "2018"
  recipe::Captures captures;  // of link, text and heading; with `ext`
  bool final = false;
  std::string file;  // the workbook's name, for messages
  std::string url, sha256;
  base::Date today;  // no period may lie after it
};

// Every cell of the picked sheets with content, by class (recipes.md 6). `unaccounted` must be 0.
struct Accounting {
  std::int64_t value = 0, marker = 0, code = 0, label = 0, dimension = 0, header = 0, total = 0, group = 0, fact = 0,
               note = 0, text = 0, skipped = 0, repeat = 0, ignored = 0, unaccounted = 0;
  std::int64_t white_space_only = 0;                                    // counted beside, as blank
  std::vector<std::pair<std::string, std::int64_t>> sheets_not_picked;  // with their cell counts
  std::int64_t cells() const;                                           // all classes together
  // Each class with its name, but for the unaccounted.
  std::vector<std::pair<std::string_view, std::int64_t>> Classes() const;
  void Add(const Accounting& other);
};

// Checks as they are told to people ("E92000001 = sum(E12*)"), with how often each was evaluated.
using CheckCounts = std::map<std::string, std::int64_t>;

// One edition, tidy. Rows are observations; columns are all bound ones in the recipe's order (codes, labels,
// dimensions, periods, statuses as dictionary<int32, utf8>, values as declared), then edition, geo_vintage (where codes
// are GSS; date32, null without a register), facts, then src (dictionary: "<sha256> <sheet>"), src_row int32, src_col
// int16 (both from 1).
struct TidyEdition {
  std::string edition;
  std::shared_ptr<const frame::Frame> table;
  Accounting accounting;
  std::vector<Finding> findings;
  std::map<std::string, std::string> facts;     // "released" → "2019-08-27"
  std::string lock_toml;                        // this edition's [[edition]] block (recipes.md 4)
  std::map<std::string, double> marker_shares;  // "deaths [x]" → percent of the column's cells
  std::shared_ptr<const frame::Frame> notes;    // note texts with the cells they touch; may be null
  std::vector<std::string> unpublished;         // periods whose columns are blank
  std::string explained;                        // how the recipe bound, in lines for people (recipes.md 3.14)
  std::int64_t sums_checked = 0;
  CheckCounts checks;
  std::set<int> whens;  // numbers of the [[when]] blocks that held for it
};

// How the workbooks of a recipe are opened.
workbook::OpenOptions OpenOptionsOf(const recipe::Spec& spec, const workbook::Limits& limits);

// Reads, binds, tidies and checks one workbook. A binding that fails is an error with its place (kInvalid,
// Verdict::kCheckFailed); what is wrong with cells is in `findings`, and reading goes on.
base::Result<TidyEdition> Tidy(std::string_view bytes, const recipe::Recipe& recipe, const EditionInput& input,
                               const Register& geography, const workbook::Limits& limits, std::stop_token stop);

// One output of the recipe over all its editions.
struct OutputTable {
  recipe::OutputSpec spec;                    // with its key as it was settled
  std::shared_ptr<const frame::Frame> table;  // sorted by spec.sort, keys unique; roles and units in the field metadata
  std::vector<base::Period> periods;          // that occur, ascending
};
struct Stacked {
  std::vector<OutputTable> outputs;
  std::shared_ptr<const frame::Frame> notes;  // of all editions, by edition; null where there are none
  std::vector<Finding> findings;              // of the whole: keys repeated across editions …
};
// Editions in any order; rows come out by year (edition), then as the outputs ask.
base::Result<Stacked> Stack(const std::vector<TidyEdition>& editions, const recipe::Spec& spec);

}  // namespace tidemill::transform
