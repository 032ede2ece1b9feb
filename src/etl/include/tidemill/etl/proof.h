// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/row_functions.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"
#include "tidemill/transform/tidy.h"
#include "tidemill/workbook/workbook.h"

// Where published figures come from, told and proved from what the store holds.
namespace tidemill::etl {

// What it takes; all must outlive the calls.
struct ProofTools {
  base::FileStore& store;
  const transform::Register& geography;
  const dataset::RowFunctions& rows;
  workbook::Limits limits = {};
};

// Where the text of a recipe is kept that published, by its hash.
std::string KeptRecipePath(std::string_view hash);

struct VerifyOptions {
  std::string table;
  std::optional<std::int64_t> version;     // none: the newest
  const recipe::Recipe* recipe = nullptr;  // null: the one that published, from the store
  std::size_t most_differences = 1'000;    // that are listed; all are counted
};

// A workbook of the version, read again.
struct VerifiedSource {
  std::string edition, file, url, sha256;
  std::string problem;  // why it could not be read; empty: it was
  std::int64_t rows = 0;
};

// A place where the published table is not what its source says.
struct Discrepancy {
  std::string key;              // "E08000007 2018-01"
  std::string column;           // empty: the whole row
  std::string published, read;  // empty where the row is missing there
  std::string edition, sheet, cell;
};

struct VerifyReport {
  std::string table;
  std::int64_t version = 0;
  std::string recipe, recipe_hash;  // that were used
  std::string published_by;         // the program's version then
  std::vector<VerifiedSource> sources;
  transform::Accounting accounting;
  std::int64_t rows = 0, cells = 0;  // that were compared
  std::int64_t discrepancies = 0;
  std::vector<Discrepancy> first;     // of these
  std::vector<std::string> problems;  // what is damaged or missing, or fails a check; each with its place
  std::vector<std::string> remarks;   // what is otherwise than it was then, and changes no figure
  bool proven() const { return discrepancies == 0 && problems.empty(); }
};

// Reads the version's workbooks again by its recipe, and compares every cell, lineage too. What is wrong with the data
// is in the report. Errors: no such table or version, the recipe is not kept (kNotFound); it was not published by a
// recipe of ours (kUnsupported); kCancelled.
base::Result<VerifyReport> VerifyVersion(const ProofTools& tools, const VerifyOptions& options, std::stop_token stop);

// A column and what it has to be.
using Condition = std::pair<std::string, std::string>;

// What an observation was in a version that changed it.
struct PastValue {
  std::int64_t version = 0;
  std::string released, recorded;
  bool there = false;                                       // false: the version has no such row
  std::vector<std::pair<std::string, std::string>> values;  // measures and statuses
  std::string edition, url, sha256, sheet, cell;
};

struct Lineage {
  std::vector<std::pair<std::string, std::string>> row;  // all columns but lineage
  std::string key;
  std::string edition, file, url, sha256, fetched_at, released;
  std::string sheet, cell;         // "C6"
  std::string raw;                 // as the sheet shows the cell
  std::string problem;             // why there is no raw text; empty: there is
  std::vector<PastValue> history;  // the newest first
};

inline constexpr std::size_t kMostTraced = 50;

// Tells where observations come from. Errors: kNotFound (no row, column, table or version), kTooLarge where more than
// kMostTraced rows match.
base::Result<std::vector<Lineage>> TraceRows(const ProofTools& tools, std::string_view table,
                                             std::optional<std::int64_t> version,
                                             const std::vector<Condition>& conditions, std::stop_token stop);

}  // namespace tidemill::etl
