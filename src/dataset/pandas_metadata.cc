// SPDX-License-Identifier: Apache-2.0
#include "pandas_metadata.h"

#include <algorithm>
#include <utility>

#include <arrow/array/array_dict.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::dataset {
namespace {

// pandas_type and numpy_type of a column.
std::pair<std::string, std::string> PandasTypes(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
      return {"unicode", "object"};
    case arrow::Type::DICTIONARY:
      return {"categorical", static_cast<const arrow::DictionaryType&>(type).index_type()->ToString()};
    case arrow::Type::FLOAT:
      return {"float32", "float32"};
    case arrow::Type::DOUBLE:
      return {"float64", "float64"};
    case arrow::Type::BOOL:
      return {"bool", "bool"};
    case arrow::Type::TIMESTAMP: {
      const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
      return {timestamp.timezone().empty() ? "datetime" : "datetimetz",
              fmt::format("datetime64[{}]", arrow::internal::ToString(timestamp.unit()))};
    }
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
      return {"date", "object"};
    default:
      return {type.ToString(), arrow::is_integer(type.id()) ? type.ToString() : "object"};
  }
}

std::string TypeMetadata(const arrow::ChunkedArray& column) {
  if (column.type()->id() == arrow::Type::TIMESTAMP) {
    const auto& zone = static_cast<const arrow::TimestampType&>(*column.type()).timezone();
    return zone.empty() ? "null" : fmt::format(R"({{"timezone":{}}})", base::JsonString(zone));
  }
  if (column.type()->id() != arrow::Type::DICTIONARY) return "null";
  std::int64_t categories = 0;
  for (const auto& chunk : column.chunks()) {
    categories = std::max(categories, static_cast<const arrow::DictionaryArray&>(*chunk).dictionary()->length());
  }
  const bool ordered = static_cast<const arrow::DictionaryType&>(*column.type()).ordered();
  return fmt::format(R"({{"num_categories":{},"ordered":{}}})", categories, ordered);
}

std::string ColumnText(const std::string& name, const arrow::ChunkedArray& column) {
  const auto [pandas_type, numpy_type] = PandasTypes(*column.type());
  const std::string quoted = base::JsonString(name);
  return fmt::format(R"({{"name":{},"field_name":{},"pandas_type":{},"numpy_type":{},"metadata":{}}})", quoted, quoted,
                     base::JsonString(pandas_type), base::JsonString(numpy_type), TypeMetadata(column));
}

}  // namespace

std::string PandasMetadata(const arrow::Table& table) {
  std::string text = fmt::format(
      R"({{"index_columns":[{{"kind":"range","name":null,"start":0,"stop":{},"step":1}}],"column_indexes":[)"
      R"({{"name":null,"field_name":null,"pandas_type":"unicode","numpy_type":"object",)"
      R"("metadata":{{"encoding":"UTF-8"}}}}],"columns":[)",
      table.num_rows());
  for (int i = 0; i < table.num_columns(); ++i) {
    if (i > 0) text += ',';
    text += ColumnText(table.field(i)->name(), *table.column(i));
  }
  // Readers ask for a version of pandas and refuse none; this is the first that knew range indexes.
  text += R"(],"attributes":{},"creator":{"library":"tidemill"},"pandas_version":"0.25.0"})";
  return text;
}

}  // namespace tidemill::dataset
