// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/json_writer.h"

#include "tidemill/base/text.h"

namespace tidemill::base {

void JsonWriter::BeforeValue() {
  if (!after_key_ && !filled_.empty()) {
    if (filled_.back()) out_ += ',';
    filled_.back() = true;
  }
  after_key_ = false;
}

JsonWriter& JsonWriter::Open(char bracket) {
  BeforeValue();
  out_ += bracket;
  filled_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  out_ += bracket;
  filled_.pop_back();
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  BeforeValue();
  AppendJsonString(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  BeforeValue();
  AppendJsonString(out_, text);
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t number) {
  return Raw(std::to_string(number));
}
JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::Null() {
  return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  BeforeValue();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::Stated(std::string_view name, std::string_view text) {
  return text.empty() ? *this : Key(name).String(text);
}

}  // namespace tidemill::base
