// SPDX-License-Identifier: Apache-2.0
#include "delta_arrow.h"

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include "tidemill/base/text.h"

namespace tidemill::dataset {
namespace {

std::shared_ptr<arrow::DataType> DecimalOf(std::string_view type) {
  if (!type.starts_with("decimal(") || !type.ends_with(")")) return nullptr;
  const auto parts = base::Split(type.substr(8, type.size() - 9), ',');
  if (parts.size() != 2) return nullptr;
  const auto precision = base::ParseInt(base::Trim(parts[0]));
  const auto scale = base::ParseInt(base::Trim(parts[1]));
  if (!precision || !scale || *precision < 1 || *precision > 38 || *scale < 0 || *scale > *precision) return nullptr;
  return arrow::decimal128(static_cast<int>(*precision), static_cast<int>(*scale));
}

}  // namespace

Role RoleOf(const arrow::Field& field) {
  const int at = field.metadata() ? field.metadata()->FindKey("tidemill.role") : -1;
  return RoleOf(at < 0 ? std::string_view() : std::string_view(field.metadata()->value(at)), field.name());
}

std::shared_ptr<arrow::DataType> ArrowTypeOf(const DeltaField& field) {
  if (field.type == "string") return arrow::utf8();
  if (field.type == "byte") return arrow::int8();
  if (field.type == "short") return arrow::int16();
  if (field.type == "integer") return arrow::int32();
  if (field.type == "long") return arrow::int64();
  if (field.type == "float") return arrow::float32();
  if (field.type == "double") return arrow::float64();
  if (field.type == "boolean") return arrow::boolean();
  if (field.type == "binary") return arrow::binary();
  if (field.type == "date") return arrow::date32();
  if (field.type == "timestamp") return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  if (field.type == "timestamp_ntz") return arrow::timestamp(arrow::TimeUnit::MICRO);
  return DecimalOf(field.type);
}

std::shared_ptr<arrow::Field> ToArrowField(const DeltaField& field, std::shared_ptr<arrow::DataType> type) {
  std::shared_ptr<arrow::KeyValueMetadata> metadata;
  if (!field.metadata.empty()) {
    metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : field.metadata) metadata->Append(key, value);
  }
  return arrow::field(field.name, std::move(type), field.nullable, std::move(metadata));
}

}  // namespace tidemill::dataset
