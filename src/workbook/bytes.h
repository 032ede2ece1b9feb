// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace tidemill::workbook {

static_assert(std::endian::native == std::endian::little, "all binary formats here are little-endian");

// The value at `at`, or 0 where the bytes end before it does.
template <class T>
T Load(std::string_view bytes, std::size_t at) {
  T value{};
  if (at <= bytes.size() && bytes.size() - at >= sizeof(T)) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}
inline std::uint8_t LoadU8(std::string_view bytes, std::size_t at) {
  return Load<std::uint8_t>(bytes, at);
}
inline std::uint16_t LoadU16(std::string_view bytes, std::size_t at) {
  return Load<std::uint16_t>(bytes, at);
}
inline std::uint32_t LoadU32(std::string_view bytes, std::size_t at) {
  return Load<std::uint32_t>(bytes, at);
}
inline std::uint64_t LoadU64(std::string_view bytes, std::size_t at) {
  return Load<std::uint64_t>(bytes, at);
}
inline double LoadDouble(std::string_view bytes, std::size_t at) {
  return Load<double>(bytes, at);
}

// The value at `at`, of which the caller knows that it is there.
template <class T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
inline std::uint16_t LoadU16(const char* at) {
  return Load<std::uint16_t>(at);
}
inline std::uint32_t LoadU32(const char* at) {
  return Load<std::uint32_t>(at);
}
inline double LoadDouble(const char* at) {
  return Load<double>(at);
}

// Part of `bytes`, cut where they end.
inline std::string_view Slice(std::string_view bytes, std::size_t at, std::size_t size) {
  return at < bytes.size() ? bytes.substr(at, size) : std::string_view();
}

// Bytes that are a view of somebody else's, or memory of their own.
struct Buffer {
  std::unique_ptr<char[]> memory;
  std::string_view view;
};

}  // namespace tidemill::workbook
