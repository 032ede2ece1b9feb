// SPDX-License-Identifier: Apache-2.0
#include "flat_buffer.h"

#include <algorithm>

namespace tidemill::frame {
namespace {

constexpr std::size_t kAlignment = 8;

void Append(std::string& out, std::uint64_t bits, unsigned size) {
  for (unsigned i = 0; i < size; ++i) out += static_cast<char>((bits >> (8 * i)) & 0xFFU);
}

void Set(std::string& out, std::size_t at, std::uint64_t bits, unsigned size) {
  for (unsigned i = 0; i < size; ++i) out[at + i] = static_cast<char>((bits >> (8 * i)) & 0xFFU);
}

void Align(std::string& out, std::size_t remainder = 0) {
  while (out.size() % kAlignment != remainder) out += '\0';
}

std::size_t Write(std::string& out, const FlatObject& object);

// References point forward: to what is written behind them.
void WriteReferred(std::string& out, std::size_t from, const FlatObject& object) {
  const std::size_t to = Write(out, object);
  Set(out, from, to - from, 4);
}

// Where the members stand in their table: the large ones first, behind the 4 bytes that lead to the list of places.
std::vector<std::size_t> PlacesOf(const FlatObject& table, std::size_t& end) {
  std::vector<std::size_t> places(table.members.size());
  end = 4;
  for (const unsigned size : {8U, 4U, 2U, 1U}) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (table.members[i].size != size) continue;
      end = (end + size - 1) / size * size;
      places[i] = end;
      end += size;
    }
  }
  return places;
}

std::size_t WriteTable(std::string& out, const FlatObject& table) {
  std::size_t size = 0;
  const std::vector<std::size_t> places = PlacesOf(table, size);
  int greatest = -1;
  for (const FlatObject::Member& member : table.members) greatest = std::max(greatest, member.number);
  const std::size_t list_size = 4 + 2 * static_cast<std::size_t>(greatest + 1);
  Align(out, (kAlignment - list_size % kAlignment) % kAlignment);
  const std::size_t list = out.size();
  out.resize(list + list_size, '\0');
  Set(out, list, list_size, 2);
  Set(out, list + 2, size, 2);
  const std::size_t begin = out.size();
  out.resize(begin + size, '\0');
  Set(out, begin, list_size, 4);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const FlatObject::Member& member = table.members[i];
    Set(out, list + 4 + 2 * static_cast<std::size_t>(member.number), places[i], 2);
    Set(out, begin + places[i], member.bits, member.size);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const FlatObject& object : table.members[i].object) WriteReferred(out, begin + places[i], object);
  }
  return begin;
}

std::size_t WriteText(std::string& out, const std::string& text) {
  Align(out);
  const std::size_t begin = out.size();
  Append(out, text.size(), 4);
  out += text;
  out += '\0';
  return begin;
}

std::size_t WriteList(std::string& out, const std::vector<FlatObject>& items) {
  Align(out);
  const std::size_t begin = out.size();
  Append(out, items.size(), 4);
  out.resize(out.size() + 4 * items.size(), '\0');
  for (std::size_t i = 0; i < items.size(); ++i) WriteReferred(out, begin + 4 + 4 * i, items[i]);
  return begin;
}

std::size_t Write(std::string& out, const FlatObject& object) {
  switch (object.kind) {
    case FlatObject::Kind::kTable:
      return WriteTable(out, object);
    case FlatObject::Kind::kText:
      return WriteText(out, object.text);
    case FlatObject::Kind::kList:
      return WriteList(out, object.items);
  }
  return 0;
}

}  // namespace

FlatObject& FlatObject::Put(int number, unsigned size, std::uint64_t bits) {
  members.push_back({.number = number, .size = size, .bits = bits});
  return *this;
}

FlatObject& FlatObject::Put(int number, FlatObject object) {
  members.push_back({.number = number, .size = 4});
  members.back().object.push_back(std::move(object));
  return *this;
}

std::string ToFlatBuffer(const FlatObject& root) {
  std::string out(4, '\0');
  WriteReferred(out, 0, root);
  Align(out);
  return out;
}

}  // namespace tidemill::frame
