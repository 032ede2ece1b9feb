// SPDX-License-Identifier: Apache-2.0
#include "tidemill/frame/frame.h"

#include <algorithm>
#include <unordered_map>

namespace tidemill::frame {

std::int32_t WordList::Add(std::string_view word) {
  const auto at = codes_.find(word);
  if (at != codes_.end()) return at->second;
  const auto code = static_cast<std::int32_t>(words_.size());
  words_.emplace_back(word);
  codes_.emplace(word, code);
  return code;
}

const Column* Frame::Find(std::string_view name) const {
  const auto at = std::ranges::find(columns, name, &Column::name);
  return at == columns.end() ? nullptr : &*at;
}

namespace {

template <class T>
std::vector<T> Pick(const std::vector<T>& values, const std::vector<std::size_t>& rows) {
  if (values.empty()) return {};
  std::vector<T> result(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) result[i] = values[rows[i]];
  return result;
}

}  // namespace

Column Gather(const Column& column, const std::vector<std::size_t>& rows) {
  return {.name = column.name,
          .kind = column.kind,
          .codes = Pick(column.codes, rows),
          .words = column.words,
          .ints = Pick(column.ints, rows),
          .doubles = Pick(column.doubles, rows),
          .valid = Pick(column.valid, rows),
          .metadata = column.metadata,
          .precision = column.precision,
          .scale = column.scale};
}

namespace {

void AppendTexts(Column& column, const Column& more) {
  std::unordered_map<std::string_view, std::int32_t> known;
  known.reserve(column.words.size());
  for (std::size_t i = 0; i < column.words.size(); ++i) known.emplace(column.words[i], static_cast<std::int32_t>(i));
  std::vector<std::int32_t> translated;
  std::vector<std::string> fresh;
  const auto next = static_cast<std::int32_t>(column.words.size());
  for (const std::string& word : more.words) {
    if (const auto at = known.find(word); at != known.end()) {
      translated.push_back(at->second);
    } else {
      translated.push_back(next + static_cast<std::int32_t>(fresh.size()));
      fresh.push_back(word);
    }
  }
  std::ranges::move(fresh, std::back_inserter(column.words));
  const std::size_t before = column.codes.size();
  column.codes.resize(before + more.codes.size());
  for (std::size_t i = 0; i < more.codes.size(); ++i) {
    const std::int32_t code = more.codes[i];
    column.codes[before + i] = code < 0 ? -1 : translated[static_cast<std::size_t>(code)];
  }
}

}  // namespace

void Append(Column& column, const Column& more) {
  if (column.is_text()) {
    AppendTexts(column, more);
    return;
  }
  const std::size_t before = column.is_float() ? column.doubles.size() : column.ints.size();
  const std::size_t added = more.is_float() ? more.doubles.size() : more.ints.size();
  if (!column.valid.empty() || !more.valid.empty()) {
    column.valid.resize(before, 1);
    if (more.valid.empty()) {
      column.valid.resize(before + added, 1);
    } else {
      column.valid.insert(column.valid.end(), more.valid.begin(), more.valid.end());
    }
  }
  column.ints.insert(column.ints.end(), more.ints.begin(), more.ints.end());
  column.doubles.insert(column.doubles.end(), more.doubles.begin(), more.doubles.end());
}

}  // namespace tidemill::frame
