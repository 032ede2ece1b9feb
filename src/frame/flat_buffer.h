// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tidemill::frame {

// A table, text or list in the FlatBuffers encoding, built as a tree and written whole.
struct FlatObject {
  enum class Kind { kTable, kText, kList };
  // A member of a table: a number of 1, 2, 4 or 8 bytes in its place, or an object that stands elsewhere (4 bytes).
  struct Member {
    int number = 0;  // of the member in the schema, from 0
    unsigned size = 0;
    std::uint64_t bits = 0;
    std::vector<FlatObject> object = {};  // one, or none for a number
  };
  Kind kind = Kind::kTable;
  std::vector<Member> members = {};
  std::string text = {};
  std::vector<FlatObject> items = {};  // of a list: tables only

  static FlatObject Text(std::string text) { return {.kind = Kind::kText, .text = std::move(text)}; }
  static FlatObject List(std::vector<FlatObject> items) { return {.kind = Kind::kList, .items = std::move(items)}; }
  FlatObject& Put(int number, unsigned size, std::uint64_t bits);
  FlatObject& Put(int number, FlatObject object);
};

// The buffer whose root is that table.
std::string ToFlatBuffer(const FlatObject& root);

}  // namespace tidemill::frame
