// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::base {

// Writes JSON without blanks, member by member, in the order of the calls.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  // The next value is this member's.
  JsonWriter& Key(std::string_view name);
  JsonWriter& String(std::string_view text);
  JsonWriter& Int(std::int64_t number);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // JSON as it stands.
  JsonWriter& Raw(std::string_view json);

  // A member whose text is there; none where it is empty: what nobody stated is absent.
  JsonWriter& Stated(std::string_view name, std::string_view text);

  std::string Take() { return std::move(out_); }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void BeforeValue();

  std::string out_;
  std::vector<bool> filled_;  // a level each: has it a value already
  bool after_key_ = false;
};

}  // namespace tidemill::base
