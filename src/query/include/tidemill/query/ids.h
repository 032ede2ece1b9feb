// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace tidemill::query {

// Numbers of rows, each in as few bytes (1, 2 or 4) as the greatest needs. Not safe to change from several threads.
class Ids {
 public:
  // Room for so many, so that appending moves nothing.
  void Reserve(std::size_t rows);
  // Appends id_at(0) … id_at(count - 1), none of which is above `greatest`.
  template <class IdAt>
  void Append(std::size_t count, std::uint32_t greatest, IdAt&& id_at) {
    Widen(greatest);
    std::visit(
        [&](auto& ids) {
          const std::size_t begin = ids.size();
          ids.resize(begin + count);
          auto* out = ids.data() + begin;
          for (std::size_t i = 0; i < count; ++i) {
            out[i] = static_cast<typename std::decay_t<decltype(ids)>::value_type>(id_at(i));
          }
        },
        ids_);
  }
  // Puts numbers[id] in each id's place; none of them needs more bytes than the greatest id.
  void Renumber(const std::vector<std::uint32_t>& numbers);
  // The ids at these places, in their order.
  void Permute(const std::vector<std::uint32_t>& order);

  std::uint32_t operator[](std::size_t place) const {
    switch (ids_.index()) {
      case 0:
        return (*std::get_if<0>(&ids_))[place];
      case 1:
        return (*std::get_if<1>(&ids_))[place];
      default:
        return (*std::get_if<2>(&ids_))[place];
    }
  }
  std::size_t size() const {
    return std::visit([](const auto& ids) { return ids.size(); }, ids_);
  }
  bool empty() const { return size() == 0; }
  // Calls use(pointer to the ids), of std::uint8_t, std::uint16_t or std::uint32_t.
  template <class Use>
  decltype(auto) Visit(Use&& use) const {
    return std::visit([&](const auto& ids) -> decltype(auto) { return use(ids.data()); }, ids_);
  }

 private:
  void Widen(std::uint32_t greatest);

  std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>> ids_;
  std::size_t reserved_ = 0;
};

}  // namespace tidemill::query
