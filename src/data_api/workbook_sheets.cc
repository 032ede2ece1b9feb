// SPDX-License-Identifier: Apache-2.0
#include "workbook_sheets.h"

#include <fmt/format.h>

#include "tidemill/base/date.h"

#include "licence.h"
#include "status_meaning.h"

namespace tidemill::data_api {
namespace {

using query::TextSheet;

// Facts that nobody stated are left away.
void Add(TextSheet& sheet, std::string name, std::string text) {
  if (!text.empty()) sheet.rows.push_back({std::move(name), std::move(text)});
}

std::string LicenceText(const std::string& licence) {
  const std::string url = LicenceUrl(licence);
  return url.empty() ? licence : fmt::format("{} ({})", licence, url);
}

void AddStatuses(TextSheet& notes, const query::Snapshot& snapshot) {
  for (const std::string& code : snapshot.statuses) {
    for (const StatusMeaning& known : kStatusMeanings) {
      if (known.code == code) Add(notes, "status " + code, std::string(known.meaning));
    }
  }
}

void AddColumns(TextSheet& notes, const query::Snapshot& snapshot) {
  for (const query::Column& column : snapshot.columns) {
    if (column.role == query::Role::kLineage) continue;
    std::string text = column.title;
    if (!column.unit.empty()) text += text.empty() ? column.unit : fmt::format(" ({})", column.unit);
    Add(notes, "column " + column.name, std::move(text));
  }
}

TextSheet Notes(const LoadedDataset& dataset, const std::string& permalink, const std::string& public_url) {
  TextSheet notes{"notes", {{"what", "text"}}};
  Add(notes, "dataset", dataset.id);
  Add(notes, "title", dataset.facts.title);
  Add(notes, "description", dataset.facts.description);
  Add(notes, "publisher", dataset.Fact("publisher"));
  Add(notes, "licence", LicenceText(dataset.Fact("licence")));
  Add(notes, "vintage", std::to_string(dataset.vintage));
  Add(notes, "released", dataset.released);
  if (dataset.recorded) Add(notes, "recorded", base::ToRfc3339(*dataset.recorded));
  Add(notes, "source page", dataset.Fact("page"));
  Add(notes, "citation", dataset.Citation(public_url));
  Add(notes, "this answer", permalink);
  Add(notes, "usage notes", dataset.Fact("usage_notes"));
  Add(notes, "blank cells", "missing, never zero; the status beside says why, where anybody said it");
  AddStatuses(notes, *dataset.snapshot);
  AddColumns(notes, *dataset.snapshot);
  return notes;
}

TextSheet Sources(const LoadedDataset& dataset, const std::string& permalink) {
  TextSheet sources{"sources", {{"url", "sha256", "edition", "released", "fetched_at", "permalink"}}};
  for (const dataset::VersionSource& source : dataset.commit.sources) {
    sources.rows.push_back(
        {source.url, source.sha256, source.edition, source.released, base::ToRfc3339(source.fetched_at), permalink});
  }
  return sources;
}

}  // namespace

std::vector<TextSheet> SheetsBesideData(const LoadedDataset& dataset, const std::string& permalink,
                                        const std::string& public_url) {
  return {Notes(dataset, permalink, public_url), Sources(dataset, permalink)};
}

}  // namespace tidemill::data_api
