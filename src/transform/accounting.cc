// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/tidy.h"

namespace tidemill::transform {

std::vector<std::pair<std::string_view, std::int64_t>> Accounting::Classes() const {
  return {{"value", value},   {"marker", marker},   {"code", code},     {"label", label},    {"dimension", dimension},
          {"header", header}, {"total", total},     {"group", group},   {"fact", fact},      {"note", note},
          {"text", text},     {"skipped", skipped}, {"repeat", repeat}, {"ignored", ignored}};
}

std::int64_t Accounting::cells() const {
  std::int64_t all = unaccounted;
  for (const auto& [name, count] : Classes()) all += count;
  return all;
}

void Accounting::Add(const Accounting& other) {
  value += other.value;
  marker += other.marker;
  code += other.code;
  label += other.label;
  dimension += other.dimension;
  header += other.header;
  total += other.total;
  group += other.group;
  fact += other.fact;
  note += other.note;
  text += other.text;
  skipped += other.skipped;
  repeat += other.repeat;
  ignored += other.ignored;
  unaccounted += other.unaccounted;
  white_space_only += other.white_space_only;
  sheets_not_picked.insert(sheets_not_picked.end(), other.sheets_not_picked.begin(), other.sheets_not_picked.end());
}

}  // namespace tidemill::transform
