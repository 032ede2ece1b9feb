// SPDX-License-Identifier: Apache-2.0
#include "thrift_writer.h"

namespace tidemill::frame {
namespace {

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

}  // namespace

void AppendVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}

void ThriftWriter::Unsigned(std::uint64_t value) {
  AppendVarint(out_, value);
}

// Short form: the step from the field before in the upper four bits.
void ThriftWriter::Field(int field, int type) {
  const int step = field - fields_.back();
  fields_.back() = field;
  if (step >= 1 && step <= 15) {
    out_ += static_cast<char>((step << 4) | type);
    return;
  }
  out_ += static_cast<char>(type);
  Unsigned(ZigZag(field));
}

void ThriftWriter::I8(int field, std::int8_t value) {
  Field(field, 3);
  out_ += static_cast<char>(value);
}

void ThriftWriter::I16(int field, std::int16_t value) {
  Field(field, 4);
  Unsigned(ZigZag(value));
}

void ThriftWriter::I32(int field, std::int32_t value) {
  Field(field, 5);
  Unsigned(ZigZag(value));
}

void ThriftWriter::I64(int field, std::int64_t value) {
  Field(field, 6);
  Unsigned(ZigZag(value));
}

void ThriftWriter::Bool(int field, bool value) {
  Field(field, value ? 1 : 2);
}

void ThriftWriter::Text(int field, std::string_view value) {
  Field(field, 8);
  ListText(value);
}

void ThriftWriter::List(int field, ThriftType type, std::size_t size) {
  Field(field, 9);
  const auto kind = static_cast<unsigned>(type);
  if (size < 15) {
    out_ += static_cast<char>((size << 4U) | kind);
    return;
  }
  out_ += static_cast<char>(0xF0U | kind);
  Unsigned(size);
}

void ThriftWriter::ListI32(std::int32_t value) {
  Unsigned(ZigZag(value));
}

void ThriftWriter::ListText(std::string_view value) {
  Unsigned(value.size());
  out_ += value;
}

}  // namespace tidemill::frame
