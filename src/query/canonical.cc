// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/query/query.h"

namespace tidemill::query {
namespace {

constexpr std::array kLabels = {"both", "code", "name"};
constexpr std::array kShapes = {"objects", "arrays", "columns", "bare", "wide"};

class Writer {
 public:
  void Add(const std::string& name, const std::string& encoded) {
    if (!out_.empty()) out_ += '&';
    out_ += name + '=' + encoded;
  }
  void AddText(const std::string& name, const std::string& value) {
    if (!value.empty()) Add(name, EncodeValue(value));
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

void AddFilters(Writer& writer, const Query& query, const Cube& cube) {
  for (const Filter& filter : query.filters) {
    std::string name = cube.columns[filter.column].name;
    if (filter.op != Operator::kIs) name += "__" + std::string(NameOf(filter.op));
    std::string values;
    for (const std::string& value : filter.values) values += (values.empty() ? "" : ",") + FilterValue(value);
    writer.Add(name, values);
  }
}

void AddGroups(Writer& writer, const Query& query, const Cube& cube) {
  if (!query.grouped) return;
  std::string group;
  for (const std::size_t column : query.group) group += (group.empty() ? "" : ",") + cube.columns[column].name;
  std::string aggregates;
  for (const Aggregate& aggregate : query.aggregates) {
    aggregates += (aggregates.empty() ? "" : ",") + aggregate.Text(cube);
  }
  writer.AddText("group", group);
  if (group.empty() || aggregates != "count()") writer.AddText("agg", aggregates);
  if (query.partial) writer.Add("partial", "allow");
  if (query.mixed) writer.Add("mixed", "allow");
}

}  // namespace

std::string FilterValue(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == ',' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return EncodeValue(escaped);
}

std::string EncodeValue(std::string_view text) {
  return base::PercentEncode(text, ",():*");
}

std::string ToCanonical(const Query& query, const Cube& plain, const std::string& vintage, Paging paging) {
  const Cube& cube = query.named ? *query.named : plain;
  Writer writer;
  AddFilters(writer, query, cube);
  writer.AddText("select", query.select_text);
  writer.AddText("sort", query.sort_text);
  if (paging == Paging::kWith) {
    if (query.limit) writer.Add("limit", std::to_string(*query.limit));
    writer.AddText("cursor", query.cursor);
  }
  AddGroups(writer, query, cube);
  if (query.last) writer.Add("last", std::to_string(*query.last));
  if (query.labels != Labels::kBoth) writer.Add("labels", kLabels[static_cast<std::size_t>(query.labels)]);
  if (query.shape != Shape::kObjects) writer.Add("shape", kShapes[static_cast<std::size_t>(query.shape)]);
  std::string text = writer.Take();
  if (!vintage.empty()) text += (text.empty() ? "" : "&") + vintage;
  if (!query.transform_text.empty()) {
    text += (text.empty() ? "transform=" : "&transform=") + EncodeValue(query.transform_text);
  }
  return text;
}

}  // namespace tidemill::query
