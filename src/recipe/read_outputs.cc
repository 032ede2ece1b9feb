// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

const std::vector<std::string_view> kFunctions = {"year", "month",        "month_name", "quarter",  "start",
                                                  "end",  "business_end", "lower",      "geo_type", "parent"};

// "geo_code" or "year = year(period)"
std::optional<OutputColumn> ParseOutputColumn(Section& section, std::string_view text) {
  OutputColumn column;
  const std::size_t equals = text.find('=');
  column.name = base::Trim(text.substr(0, equals));
  if (!IsColumnName(column.name)) {
    // A status column is named after its value.
    section.Fault(
        "reserved-name", "columns",
        fmt::format("output column {} must be named [a-z][a-z0-9_]* without '__'", base::Quoted(column.name)));
    return std::nullopt;
  }
  if (equals == std::string_view::npos) {
    column.argument = column.name;
    return column;
  }
  const std::string_view call = base::Trim(text.substr(equals + 1));
  const std::size_t open = call.find('(');
  if (open == std::string_view::npos || !call.ends_with(')')) {
    section.Fault("unknown-function", "columns",
                  fmt::format("output column {}: expected name = function(column)", base::Quoted(text)));
    return std::nullopt;
  }
  column.function = base::Trim(call.substr(0, open));
  column.argument = base::Trim(call.substr(open + 1, call.size() - open - 2));
  if (std::find(kFunctions.begin(), kFunctions.end(), column.function) == kFunctions.end()) {
    section.Fault("unknown-function", "columns",
                  fmt::format("{} is no function, expected {}{}", base::Quoted(column.function), Listed(kFunctions),
                              base::DidYouMean(column.function, kFunctions)));
    return std::nullopt;
  }
  return column;
}

void ReadTableName(Section& section, OutputSpec& output) {
  if (section.Text("table", output.table) && (!IsColumnName(output.table) || output.table.size() > 63)) {
    section.Fault(
        "reserved-name", "table",
        fmt::format("'output.table' is {}, expected [a-z][a-z0-9_]*, at most 63 bytes", base::Quoted(output.table)));
  }
  if (section.Find("table") == nullptr && section.Find("compat") == nullptr) {
    section.faults().Add("missing-key", section.place(), "an [[output]] needs 'table' or 'compat'");
  }
}

void ReadCompat(Section& section, OutputSpec& output) {
  section.OneOf<std::string>("compat", output.compat, {{"deaths-data-v1", "deaths-data-v1"}});
  section.Text("file", output.file);
  section.OneOf<std::string>("rows", output.rows, {{"all", ""}, {"as-before", "as-before"}});
  if (section.Find("compat") != nullptr) {
    section.Require("file");
    for (const std::string_view key : {"columns", "key", "sort"}) {
      if (section.Find(key) == nullptr) continue;
      section.Fault("role-conflict", key,
                    fmt::format("'output.{}' has no place beside 'compat', which settles it", key));
    }
  } else {
    for (const std::string_view key : {"file", "rows"}) {
      if (section.Find(key) == nullptr) continue;
      section.Fault("role-conflict", key, fmt::format("'output.{}' needs 'compat' beside it", key));
    }
  }
  const bool leaves = output.file.starts_with('/') || output.file.find("..") != std::string::npos;
  if (section.Find("file") != nullptr && (output.file.empty() || leaves)) {
    section.Fault("bad-value", "file",
                  fmt::format("'output.file' is {}, expected a name within the store", base::Quoted(output.file)));
  }
}

OutputSpec ReadOutput(Section section) {
  OutputSpec output;
  ReadTableName(section, output);
  std::vector<std::string> columns;
  section.Texts("columns", columns);
  for (const std::string& text : columns) {
    if (auto column = ParseOutputColumn(section, text)) output.columns.push_back(*std::move(column));
  }
  section.Texts("key", output.key);
  section.Texts("sort", output.sort);
  section.Flag("lineage", output.lineage);
  ReadCompat(section, output);
  section.Finish();
  return output;
}

}  // namespace

std::vector<OutputSpec> ReadOutputs(const Entry* output, Faults& faults) {
  std::vector<OutputSpec> outputs;
  if (output == nullptr) return outputs;
  if (output->value.kind != Node::Kind::kArray) {
    faults.Add("wrong-type", output->place,
               fmt::format("'output' must be a list of tables ([[output]]), not {}", KindName(output->value.kind)));
    return outputs;
  }
  for (const Node& item : output->value.items) {
    outputs.push_back(ReadOutput({&item, faults, "output"}));
    const auto& last = outputs.back();
    const bool again = std::any_of(outputs.begin(), outputs.end() - 1, [&](const OutputSpec& other) {
      return !last.table.empty() && other.table == last.table;
    });
    if (again) faults.Add("role-conflict", item.place, fmt::format("table '{}' is written twice", last.table));
  }
  return outputs;
}

}  // namespace tidemill::recipe
