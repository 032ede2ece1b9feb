// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/transform/finding.h"
#include "tidemill/transform/tidy.h"

namespace tidemill::etl {

struct EditionReport {
  std::string edition, file, url, sha256;
  std::string outcome;  // "new", "changed", "same", "not-modified", "held" (an older copy is used), "missing"
  std::string problem;  // why it is missing, or why an older copy is used
  bool final = false;
  std::string released;
  std::int64_t rows = 0;  // observations; a row of several measures is one
  std::int64_t cells = 0;
  std::int64_t unaccounted = 0;
  std::vector<std::string> unpublished;  // periods whose columns are blank
};

// A file that another of its edition has superseded.
struct SupersededReport {
  std::string edition, version, file, url, sha256;
  std::string released;
  std::string problem;  // why it is left out
};

struct TableReport {
  std::string table;
  std::int64_t version = 0;
  bool published = false;  // false: nothing but bytes or lineage changed
  std::int64_t rows = 0, added = 0, revised = 0, removed = 0, relabelled = 0;
};

enum class Outcome { kExtracted, kPrepared, kPublished, kUnchanged, kCheckFailed, kHeld, kFailed };
std::string_view ToText(Outcome outcome);

// What a run did: printed at its end, written with --json, kept as an artifact of the flow run.
struct Report {
  std::string flow, recipe, store;
  Outcome outcome = Outcome::kFailed;
  std::string error;  // of a run that failed
  std::int64_t links_seen = 0, links_matched = 0;
  std::vector<EditionReport> editions;
  std::vector<SupersededReport> superseded;
  transform::Accounting cells;
  std::int64_t checks_passed = 0, checks_failed = 0, checks_waived = 0;
  transform::CheckCounts checks;  // each, over all editions
  std::vector<transform::Finding> findings;
  std::vector<TableReport> past_tables;  // of earlier states, in the order of their release
  std::vector<TableReport> tables;
  std::vector<std::string> files;  // plain files written, as the store names them
  std::string lock;                // of what is bound; not printed
  std::chrono::milliseconds took{};
};

std::string ToText(const Report& report);
std::string ToJson(const Report& report);
// As tables, for who reads it on a page; names and messages stay text.
std::string ToMarkdown(const Report& report);

}  // namespace tidemill::etl
