// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/etl/job.h"
#include "tidemill/etl/report.h"
#include "tidemill/extract/sources.h"
#include "tidemill/flow/run.h"
#include "tidemill/recipe/recipe.h"

// The stages as functions of a flow run. Each fills its part of the report.
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

// The versions to publish, checked.
struct Transformed {
  dataset::Prepared prepared;
};
// Reads the workbooks, binds the recipe, checks, and compares with the last version.
base::Result<Transformed> Transform(flow::Run& run, const Job& job, const Extracted& extracted, Report& report);
// Publishes what was prepared.
base::Status Load(flow::Run& run, const Job& job, const dataset::Prepared& prepared, Report& report);

// True where every table and plain file of the recipe was published from these very inputs; the report then names them.
base::Result<bool> IsPublished(const Job& job, const Extracted& extracted, Report& report);
// What the recipe's tables hold now, for the report of a run that changed nothing.
base::Status NoteUnchanged(const Job& job, Report& report);

// Equal for equal inputs: recipe, program, register, and each edition's content and state.
std::string InputsKey(const Job& job, const std::vector<EditionSource>& editions);

// Where the key is noted of the inputs whose figures the tables and plain files hold.
std::string DonePath(std::string recipe_name);

}  // namespace tidemill::etl
