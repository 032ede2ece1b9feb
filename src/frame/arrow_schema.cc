// SPDX-License-Identifier: Apache-2.0
#include "arrow_schema.h"

#include "tidemill/base/signature.h"

#include "flat_buffer.h"

// Numbers of members and types are those of Arrow's Message.fbs and Schema.fbs.
namespace tidemill::frame {
namespace {

enum class TypeNumber : std::uint8_t {
  kInt = 2,
  kFloatingPoint = 3,
  kUtf8 = 5,
  kDecimal = 7,
  kDate = 8,
  kTimestamp = 10
};

struct Type {
  TypeNumber number;
  FlatObject table;
};

FlatObject IntOf(unsigned bits) {
  return FlatObject().Put(0, 4, bits).Put(1, 1, /*signed*/ 1);
}

FlatObject Precision(unsigned precision) {
  return FlatObject().Put(0, 2, precision);
}

Type TypeOf(const Column& column) {
  switch (column.kind) {
    case ColumnKind::kText:
    case ColumnKind::kPlainText:
      return {TypeNumber::kUtf8, {}};
    case ColumnKind::kInt16:
      return {TypeNumber::kInt, IntOf(16)};
    case ColumnKind::kInt32:
      return {TypeNumber::kInt, IntOf(32)};
    case ColumnKind::kInt64:
      return {TypeNumber::kInt, IntOf(64)};
    case ColumnKind::kFloat32:
      return {TypeNumber::kFloatingPoint, Precision(1)};
    case ColumnKind::kFloat64:
      return {TypeNumber::kFloatingPoint, Precision(2)};
    case ColumnKind::kDate32:
      return {TypeNumber::kDate, FlatObject().Put(0, 2, /*days*/ 0)};
    case ColumnKind::kTimestampNs:
      return {TypeNumber::kTimestamp, FlatObject().Put(0, 2, /*nanoseconds*/ 3)};
    case ColumnKind::kDecimal:
      return {TypeNumber::kDecimal, FlatObject()
                                        .Put(0, 4, static_cast<std::uint64_t>(column.precision))
                                        .Put(1, 4, static_cast<std::uint64_t>(column.scale))
                                        .Put(2, 4, /*bits*/ 128)};
  }
  return {TypeNumber::kUtf8, {}};
}

FlatObject MetadataOf(const std::map<std::string, std::string>& entries) {
  std::vector<FlatObject> items;
  for (const auto& [key, value] : entries) {
    items.push_back(FlatObject().Put(0, FlatObject::Text(key)).Put(1, FlatObject::Text(value)));
  }
  return FlatObject::List(std::move(items));
}

FlatObject FieldOf(const Column& column, std::uint64_t dictionary) {
  Type type = TypeOf(column);
  FlatObject field;
  field.Put(0, FlatObject::Text(column.name)).Put(1, 1, /*nullable*/ 1);
  field.Put(2, 1, static_cast<std::uint64_t>(type.number)).Put(3, std::move(type.table));
  if (column.kind == ColumnKind::kText) field.Put(4, FlatObject().Put(0, 8, dictionary).Put(1, IntOf(32)));
  field.Put(5, FlatObject::List({}));
  if (!column.metadata.empty()) field.Put(6, MetadataOf(column.metadata));
  return field;
}

FlatObject MessageOf(const Frame& frame) {
  std::vector<FlatObject> fields;
  for (const Column& column : frame.columns) fields.push_back(FieldOf(column, fields.size()));
  FlatObject schema;
  schema.Put(1, FlatObject::List(std::move(fields)));
  if (!frame.metadata.empty()) schema.Put(2, MetadataOf(frame.metadata));
  FlatObject message;
  message.Put(0, 2, /*version 5*/ 4).Put(1, 1, /*a schema*/ 1).Put(2, std::move(schema)).Put(3, 8, /*body*/ 0);
  return message;
}

}  // namespace

std::string ArrowSchemaText(const Frame& frame) {
  const std::string message = ToFlatBuffer(MessageOf(frame));
  std::string encapsulated(4, '\xFF');
  for (unsigned i = 0; i < 4; ++i) encapsulated += static_cast<char>((message.size() >> (8 * i)) & 0xFFU);
  return base::Base64(encapsulated + message);
}

}  // namespace tidemill::frame
