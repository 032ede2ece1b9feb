// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidemill::data_api {

// Remembers keys as far as it has room: the oldest of a row makes place. One place a key would not do: two that share
// it and come in turn would drive each other out for ever. A key may be taken for another one, very rarely.
class KeyNotes {
 public:
  bool Has(std::string_view key) const;
  void Note(std::string_view key);
  bool Forget(std::string_view key);  // true where it was there

 private:
  static constexpr std::size_t kRows = 1024, kPlaces = 8;
  using Row = std::array<std::uint32_t, kPlaces>;  // of hashes, the newest first; 0: none
  static std::size_t RowOf(std::uint64_t hash) { return hash % kRows; }
  static std::uint32_t MarkOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U) | 1U; }

  std::array<Row, kRows> rows_{};
};

}  // namespace tidemill::data_api
