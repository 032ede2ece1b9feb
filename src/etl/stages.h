// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/etl/job.h"
#include "tidemill/etl/report.h"
#include "tidemill/extract/sources.h"
#include "tidemill/flow/run.h"
#include "tidemill/recipe/recipe.h"

// The three stages as functions of a flow run. Each fills its part of the report.
namespace tidemill::etl {

// One edition whose workbook is held in the store.
struct EditionSource {
  std::string edition;
  recipe::Captures captures;  // with `ext`
  bool final = false;
  std::string file;  // the workbook's name
  std::string url;
  base::Time fetched_at;
  extract::Source source;
};

struct Extracted {
  std::vector<EditionSource> editions;  // by edition
  std::optional<base::Error> failure;   // the first edition that could not be had and of which no copy is held
};

// Reads the page, downloads what is new or changed.
base::Result<Extracted> Extract(flow::Run& run, const Job& job, Report& report);
// What earlier runs of this recipe left in the store: the newest copy of each edition.
base::Result<Extracted> ExtractHeld(const Job& job, Report& report);

// The versions to publish, checked. `unchanged`: the same inputs were published before; nothing was read.
struct Transformed {
  bool unchanged = false;
  dataset::Prepared prepared;
};
base::Result<Transformed> Transform(flow::Run& run, const Job& job, const Extracted& extracted, Report& report);

base::Status Load(flow::Run& run, const Job& job, const dataset::Prepared& prepared, Report& report);

// Equal for equal inputs: recipe, program, register, and each edition's content and state.
std::string InputsKey(const Job& job, const std::vector<EditionSource>& editions);

// Where the key is noted of inputs that were read and gave the figures of the last version.
std::string VerifiedPath(std::string recipe_name);

// Findings of recipes.md 3.11 for one table against its last version; `newest` are the periods that may change at will.
std::vector<transform::Finding> CheckRevisions(const recipe::RevisionsSpec& spec, const std::string& table,
                                               const dataset::Diff& diff, const std::set<base::Period>& newest);

}  // namespace tidemill::etl
