// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/etl/job.h"
#include "tidemill/extract/sources.h"
#include "tidemill/flow/run.h"
#include "tidemill/recipe/recipe.h"

// How links are read and workbooks are asked for.
namespace tidemill::etl {

flow::Retry Polite(const Job& job);
std::chrono::milliseconds PauseOf(const Job& job, std::string_view url);
extract::FetchOptions FetchOptionsOf(const Job& job);

// The last part of the path that names the workbook: of `/file?uri=/a/b.xls` it is b.xls.
std::string FileNameOf(std::string_view url);

// What a recipe makes of a link. A workbook that is given outright is an edition of its own, even where no pattern says
// more.
std::optional<recipe::LinkMatch> MatchOf(const recipe::SourceSpec& source, const std::string& url,
                                         const std::string& text, const std::string& heading);

// The captures of a link to a superseded file of an edition that has `edition`'s captures; `version` among them where
// the recipe names it.
std::optional<recipe::Captures> MatchSuperseded(const recipe::SourceSpec& source, const recipe::Captures& edition,
                                                const std::string& url);

}  // namespace tidemill::etl
