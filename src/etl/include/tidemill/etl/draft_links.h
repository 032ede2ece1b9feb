// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/extract/links.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/draft.h"

namespace tidemill::etl {

// One edition that a drafted `source` finds on a page.
struct DraftedEdition {
  std::string edition;
  recipe::Captures captures;
  std::string url, file;
};

// `source` of a recipe for a page, drafted from its links to workbooks.
struct DraftedSource {
  std::string toml;                      // lines: source.page, source.link …; empty where the decision is not sure
  transform::Decision decision;          // about "link"
  std::vector<DraftedEdition> editions;  // the newest first
};

// Links that differ in a year of their path, or in one stretch of the file's name, are one series; the one with the
// most editions is taken. A pattern that is given settles it. Errors: kNotFound where the page links to no workbook, or
// the pattern hits none.
base::Result<DraftedSource> DraftSource(const extract::Page& page, std::string_view page_url,
                                        std::string_view link_pattern = {});

}  // namespace tidemill::etl
