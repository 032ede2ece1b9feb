// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/encoding.h"
#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

constexpr std::string_view kAnyWorkbook = "*.{ext:xls|xlsx|xlsm|xlsb|ods|csv}";
constexpr std::array kNoTables = {"Cover*",    "Contents*", "Index*",   "Note*",       "Information*",
                                  "Metadata*", "Terms*",    "Related*", "Definition*", "Guidance*"};
constexpr std::array kStops = {"Footnotes*", "Notes*", "Source*"};

template <std::size_t N>
std::vector<Pattern> BuiltIn(const std::array<const char*, N>& texts) {
  std::vector<Pattern> patterns;
  for (const char* text : texts) patterns.push_back(Pattern::Compile(text).value());
  return patterns;
}

void ReadWhere(Section& section, SourceSpec& source) {
  const int given = (section.Text("page", source.page) ? 1 : 0) + (section.Text("file", source.file) ? 1 : 0) +
                    (section.Texts("url", source.urls) ? 1 : 0);
  if (given == 1 || !section.present()) return;
  const std::array keys = {"page", "file", "url"};
  const auto written = std::count_if(keys.begin(), keys.end(), [&](auto key) { return section.Find(key) != nullptr; });
  if (written == 0) {
    section.faults().Add("missing-key", section.place(), "'source' needs one of 'page', 'file' and 'url'");
  } else if (written > 1) {
    section.faults().Add("role-conflict", section.place(), "'source' has more than one of 'page', 'file' and 'url'");
  }
}

// The file's name is a pattern too: what it captures names an edition, as with a link.
void ReadFilePattern(Section& section, SourceSpec& source) {
  source.link = BuiltIn(std::array{kAnyWorkbook.data()});
  if (source.file.empty()) return;
  const std::size_t slash = source.file.rfind('/');
  const std::string name = source.file.substr(slash == std::string::npos ? 0 : slash + 1);
  auto pattern = ReadPattern("*/" + name, section.Find("file")->value.place, section.faults());
  if (pattern) source.link = {*std::move(pattern)};
}

void ReadVersions(Section section, SourceSpec& source) {
  if (!section.present()) return;
  section.Text("page", source.versions_page);
  section.Patterns("link", source.versions_link);
  section.Require("page");
  section.Require("link");
  section.Finish();
}

// By the extension of a workbook's name.
void ReadPrefer(Section& section, std::vector<std::string>& prefer) {
  if (!section.Texts("prefer", prefer)) return;
  const std::vector<std::string_view> known = {"xlsx", "xlsm", "xlsb", "xls", "ods", "fods",
                                               "csv",  "tsv",  "txt",  "xml", "htm", "html"};
  for (const std::string& extension : prefer) {
    if (std::find(known.begin(), known.end(), extension) == known.end()) section.BadChoice("prefer", extension, known);
  }
}

void ReadCsv(Section section, CsvOptions& csv) {
  if (section.Text("encoding", csv.encoding) && base::EncodingName(csv.encoding).empty()) {
    section.Fault("bad-value", "encoding",
                  fmt::format("'{}' is {}, expected an encoding such as utf-8 or windows-1252",
                              section.PathOf("encoding"), base::Quoted(csv.encoding)));
  }
  section.Text("delimiter", csv.delimiter);
  section.Text("quote", csv.quote);
  section.Text("comment", csv.comment);
  for (const auto& [key, value] : {std::pair{"delimiter", &csv.delimiter}, std::pair{"quote", &csv.quote}}) {
    if (section.Find(key) != nullptr && value->size() > 1) {
      section.Fault("bad-value", key,
                    fmt::format("'{}' is {}, expected one character", section.PathOf(key), base::Quoted(*value)));
    }
  }
  section.Finish();
}

void CheckEditionNames(Section& section, const SourceSpec& source) {
  std::vector<std::string_view> names;
  for (const auto* list : {&source.link, &source.text, &source.heading}) {
    for (const Pattern& pattern : *list)
      names.insert(names.end(), pattern.captures().begin(), pattern.captures().end());
  }
  for (const std::string& name : source.edition) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    section.Fault("bad-value", "edition",
                  fmt::format("'source.edition' names {}, which no pattern captures{}", base::Quoted(name),
                              base::DidYouMean(name, names)));
  }
}

}  // namespace

bool ReadStatus(Section& section, std::string_view key, std::string& out) {
  constexpr std::string_view kStatuses[] = {"a", "b", "c",  "e",   "f", "k", "low", "ns", "p",
                                            "r", "s", "ss", "sss", "t", "u", "w",   "x",  "z"};
  if (!section.Text(key, out)) return false;
  if (std::find(std::begin(kStatuses), std::end(kStatuses), out) == std::end(kStatuses)) {
    section.Fault("bad-value", key,
                  fmt::format("'{}' is {}, expected a status: {}", section.PathOf(key), base::Quoted(out),
                              Listed({std::begin(kStatuses), std::end(kStatuses)})));
  }
  return true;
}

SourceSpec ReadSource(Section section) {
  SourceSpec source;
  ReadWhere(section, source);
  if (!section.Patterns("link", source.link)) ReadFilePattern(section, source);
  section.Patterns("text", source.text);
  section.Patterns("heading", source.heading);
  section.Texts("edition", source.edition);
  section.Range("only", source.only);
  ReadPrefer(section, source.prefer);
  section.Number("pause", source.pause_seconds, 0);
  section.OnePattern("final", source.final_);
  ReadStatus(section, "not_final", source.not_final);
  ReadVersions(section.Child("versions"), source);
  ReadCsv(section.Child("csv"), source.csv);
  CheckEditionNames(section, source);
  section.Finish();
  return source;
}

std::vector<FactSpec> ReadFacts(Section section) {
  std::vector<FactSpec> facts;
  if (!section.present()) return facts;
  // The names are the writer's own, so every key is known.
  const Node& table = section.Table();
  for (const Entry& entry : table.entries) {
    Section one = section.Child(entry.key);
    FactSpec fact;
    fact.name = entry.key;
    if (!IsColumnName(entry.key)) {
      section.faults().Add("reserved-name", entry.place,
                           fmt::format("fact {} must be named [a-z][a-z0-9_]*", base::Quoted(entry.key)));
    }
    one.Patterns("label", fact.label);
    one.Require("label");
    one.OneOf<FactType>("type", fact.type,
                        {{"text", FactType::kText}, {"date", FactType::kDate}, {"int", FactType::kInt}});
    one.OneOf<bool>("in", fact.in_book, {{"sheet", false}, {"book", true}});
    one.Flag("required", fact.required);
    one.Finish();
    facts.push_back(std::move(fact));
  }
  return facts;
}

SheetSpec ReadSheet(Section section) {
  SheetSpec sheet;
  section.Patterns("pick", sheet.pick, Fuzzy::kYes);
  if (!section.Patterns("not", sheet.not_)) sheet.not_ = BuiltIn(kNoTables);
  section.Flag("each", sheet.each);
  section.Flag("hidden", sheet.hidden);
  section.Finish();
  return sheet;
}

namespace {

// "A7:L15": letters and digits, first not after last.
bool IsCellRange(std::string_view text) {
  struct Corner {
    std::size_t column = 0, row = 0;
  };
  const auto corner = [](std::string_view part) -> std::optional<Corner> {
    Corner at;
    std::size_t i = 0;
    for (; i < part.size() && part[i] >= 'A' && part[i] <= 'Z' && i < 3; ++i) {
      at.column = at.column * 26 + static_cast<std::size_t>(part[i] - 'A') + 1;
    }
    const auto row = base::ParseInt(part.substr(i));
    if (i == 0 || !row || *row < 1 || *row > 1048576) return std::nullopt;
    at.row = static_cast<std::size_t>(*row);
    return at;
  };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto first = corner(text.substr(0, colon));
  const auto last = corner(text.substr(colon + 1));
  return first && last && first->column <= last->column && first->row <= last->row;
}

}  // namespace

TableSpec ReadTable(Section section) {
  TableSpec table;
  std::vector<std::string> methods;
  section.Texts("find", methods);
  for (const std::string& method : methods) {
    if (method == "table") {
      table.find.push_back(TableFind::kTable);
    } else if (method == "header") {
      table.find.push_back(TableFind::kHeader);
    } else if (method == "axis") {
      table.find.push_back(TableFind::kAxis);
    } else {
      section.BadChoice("find", method, {"table", "header", "axis"});
    }
  }
  section.OnePattern("name", table.name);
  section.Patterns("anchor", table.anchor, Fuzzy::kYes);
  if (int rows = 0; section.Integer("header_rows", rows, 1, 50)) table.header_rows = rows;
  table.stop_by_default = !section.Patterns("stop", table.stop);
  if (table.stop_by_default) table.stop = BuiltIn(kStops);
  section.Patterns("skip", table.skip);
  section.OneOf<Repeats>("repeats", table.repeats, {{"fail", Repeats::kFail}, {"equal", Repeats::kEqual}});
  section.Flag("each", table.each);
  section.OneOf<bool>("rest", table.ignore_rest, {{"fail", false}, {"ignore", true}});
  if (section.Text("range", table.range) && !IsCellRange(table.range)) {
    section.Fault("bad-range", "range",
                  fmt::format("'table.range' is {}, expected cells like A7:L15", base::Quoted(table.range)));
  }
  if (!table.range.empty() && table.each) {
    section.Fault("role-conflict", "each", "'table.each' has no place beside 'table.range', which is one table");
  }
  section.Finish();
  return table;
}

}  // namespace tidemill::recipe
