// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::frame {

// Types as Thrift's compact protocol numbers them in headers of fields and lists.
enum class ThriftType : std::uint8_t { kI32 = 5, kI64 = 6, kBinary = 8, kStruct = 12 };

// Thrift's compact protocol, what Parquet's headers and footers need of it. Fields are written by ascending number.
class ThriftWriter {
 public:
  explicit ThriftWriter(std::string& out) : out_(out) {}

  void I8(int field, std::int8_t value);
  void I16(int field, std::int16_t value);
  void I32(int field, std::int32_t value);
  void I64(int field, std::int64_t value);
  void Bool(int field, bool value);
  void Text(int field, std::string_view value);
  // A struct as a field, filled by `write()`.
  template <class Write>
  void Struct(int field, Write&& write) {
    Field(field, 12);
    Element(write);
  }
  // A list as a field: `size` elements follow, by the functions below.
  void List(int field, ThriftType type, std::size_t size);
  void ListI32(std::int32_t value);
  void ListText(std::string_view value);
  template <class Write>
  void Element(Write&& write) {
    fields_.push_back(0);
    write();
    End();
    fields_.pop_back();
  }
  // The end of the outermost struct.
  void End() { out_ += '\0'; }

 private:
  void Field(int field, int type);
  void Unsigned(std::uint64_t value);

  std::string& out_;
  std::vector<int> fields_ = {0};  // the last field of each struct that is open
};

// A number as base-128, the low seven bits first.
void AppendVarint(std::string& out, std::uint64_t value);

}  // namespace tidemill::frame
