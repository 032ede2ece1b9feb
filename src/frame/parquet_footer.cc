// SPDX-License-Identifier: Apache-2.0
#include "parquet_footer.h"

#include <optional>

#include "arrow_schema.h"
#include "parquet_numbers.h"
#include "thrift_writer.h"

namespace tidemill::frame {
namespace {

constexpr int kOptional = 1;

// What the older readers go by; they do not know nanoseconds.
std::optional<ConvertedType> ConvertedTypeOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
    case ColumnKind::kPlainText:
      return ConvertedType::kUtf8;
    case ColumnKind::kInt16:
      return ConvertedType::kInt16;
    case ColumnKind::kDate32:
      return ConvertedType::kDate;
    case ColumnKind::kDecimal:
      return ConvertedType::kDecimal;
    default:
      return std::nullopt;
  }
}

void WriteLogicalType(ThriftWriter& out, const Column& column) {
  const auto nothing = [] {};
  switch (column.kind) {
    case ColumnKind::kText:
    case ColumnKind::kPlainText:
      return out.Struct(Number(LogicalType::kString), nothing);
    case ColumnKind::kDate32:
      return out.Struct(Number(LogicalType::kDate), nothing);
    case ColumnKind::kInt16:
      return out.Struct(Number(LogicalType::kInteger), [&] {
        out.I8(1, 16);
        out.Bool(2, /*signed*/ true);
      });
    case ColumnKind::kTimestampNs:
      return out.Struct(Number(LogicalType::kTimestamp), [&] {
        out.Bool(1, /*in UTC*/ false);
        out.Struct(2, [&] { out.Struct(/*nanoseconds*/ 3, nothing); });
      });
    case ColumnKind::kDecimal:
      return out.Struct(Number(LogicalType::kDecimal), [&] {
        out.I32(1, column.scale);
        out.I32(2, column.precision);
      });
    default:
      return;
  }
}

bool HasLogicalType(ColumnKind kind) {
  return ConvertedTypeOf(kind) || kind == ColumnKind::kTimestampNs;
}

void WriteSchema(ThriftWriter& out, const Frame& frame) {
  out.List(2, ThriftType::kStruct, frame.columns.size() + 1);
  out.Element([&] {
    out.Text(4, "schema");
    out.I32(5, static_cast<std::int32_t>(frame.columns.size()));
  });
  for (const Column& column : frame.columns) {
    out.Element([&] {
      out.I32(1, Number(PhysicalTypeOf(column.kind)));
      out.I32(3, kOptional);
      out.Text(4, column.name);
      if (const auto converted = ConvertedTypeOf(column.kind)) out.I32(6, Number(*converted));
      if (column.kind == ColumnKind::kDecimal) {
        out.I32(7, column.scale);
        out.I32(8, column.precision);
      }
      if (HasLogicalType(column.kind)) out.Struct(10, [&] { WriteLogicalType(out, column); });
    });
  }
}

void WriteStatistics(ThriftWriter& out, const ChunkFacts& chunk) {
  out.I64(3, chunk.nulls);
  if (!chunk.has_range) return;
  out.Text(5, chunk.greatest);
  out.Text(6, chunk.smallest);
}

void WritePageCount(ThriftWriter& out, PageKind kind, Encoding encoding, std::int64_t count) {
  out.Element([&] {
    out.I32(1, Number(kind));
    out.I32(2, Number(encoding));
    out.I32(3, static_cast<std::int32_t>(count));
  });
}

void WriteChunkMetadata(ThriftWriter& out, const Column& column, const ChunkFacts& chunk, int codec) {
  const bool dictionary = chunk.dictionary_offset >= 0;
  out.I32(1, Number(PhysicalTypeOf(column.kind)));
  out.List(2, ThriftType::kI32, dictionary ? 3 : 2);
  out.ListI32(Number(Encoding::kPlain));
  out.ListI32(Number(Encoding::kRuns));
  if (dictionary) out.ListI32(Number(Encoding::kDictionary));
  out.List(3, ThriftType::kBinary, 1);
  out.ListText(column.name);
  out.I32(4, codec);
  out.I64(5, chunk.rows);
  out.I64(6, chunk.plain_bytes);
  out.I64(7, chunk.stored_bytes);
  out.I64(9, chunk.data_offset);
  if (dictionary) out.I64(11, chunk.dictionary_offset);
  out.Struct(12, [&] { WriteStatistics(out, chunk); });
  out.List(13, ThriftType::kStruct, dictionary ? 2 : 1);
  if (dictionary) WritePageCount(out, PageKind::kDictionary, Encoding::kPlain, 1);
  WritePageCount(out, PageKind::kData, dictionary ? Encoding::kDictionary : Encoding::kPlain, chunk.data_pages);
}

void WriteGroup(ThriftWriter& out, const Frame& frame, const GroupFacts& group, std::size_t number, int codec) {
  std::int64_t plain = 0;
  std::int64_t stored = 0;
  out.List(1, ThriftType::kStruct, group.chunks.size());
  for (std::size_t i = 0; i < group.chunks.size(); ++i) {
    const ChunkFacts& chunk = group.chunks[i];
    plain += chunk.plain_bytes;
    stored += chunk.stored_bytes;
    out.Element([&] {
      out.I64(2, 0);
      out.Struct(3, [&] { WriteChunkMetadata(out, frame.columns[i], chunk, codec); });
    });
  }
  out.I64(2, plain);
  out.I64(3, group.rows);
  if (!group.chunks.empty()) out.I64(5, group.chunks.front().begin());
  out.I64(6, stored);
  out.I16(7, static_cast<std::int16_t>(number));
}

void WriteTexts(ThriftWriter& out, const Frame& frame) {
  const auto entry = [&out](std::string_view key, std::string_view value) {
    out.Element([&] {
      out.Text(1, key);
      out.Text(2, value);
    });
  };
  out.List(5, ThriftType::kStruct, frame.metadata.size() + 1);
  for (const auto& [key, value] : frame.metadata) entry(key, value);
  entry("ARROW:schema", ArrowSchemaText(frame));
}

}  // namespace

void AppendFooter(std::string& file, const Frame& frame, const std::vector<GroupFacts>& groups, int codec,
                  const std::string& created_by) {
  ThriftWriter out(file);
  out.I32(1, /*version*/ 2);
  WriteSchema(out, frame);
  out.I64(3, frame.num_rows());
  out.List(4, ThriftType::kStruct, groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) out.Element([&] { WriteGroup(out, frame, groups[i], i, codec); });
  WriteTexts(out, frame);
  out.Text(6, created_by);
  out.List(7, ThriftType::kStruct, frame.columns.size());
  for (std::size_t i = 0; i < frame.columns.size(); ++i) {
    // Statistics follow the order of the types.
    out.Element([&] { out.Struct(1, [] {}); });
  }
  out.End();
}

}  // namespace tidemill::frame
