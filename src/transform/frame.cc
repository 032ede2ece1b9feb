// SPDX-License-Identifier: Apache-2.0
#include "frame.h"

#include <algorithm>

namespace tidemill::transform {

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
  std::vector<T> result;
  if (values.empty()) return result;
  result.reserve(rows.size());
  for (const std::size_t row : rows) result.push_back(values[row]);
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
  std::map<std::string_view, std::int32_t> known;
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
  for (const std::int32_t code : more.codes) {
    column.codes.push_back(code < 0 ? -1 : translated[static_cast<std::size_t>(code)]);
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

namespace {

// A column that an edition does not have (optional there): all null.
Column NullColumn(const Column& like, std::size_t rows) {
  Column column{.name = like.name, .kind = like.kind, .metadata = like.metadata};
  column.precision = like.precision;
  column.scale = like.scale;
  if (column.is_text()) {
    column.codes.assign(rows, -1);
    return column;
  }
  if (column.is_float()) {
    column.doubles.assign(rows, 0);
  } else {
    column.ints.assign(rows, 0);
  }
  column.valid.assign(rows, 0);
  return column;
}

}  // namespace

base::Status AppendFrame(Frame& stacked, const Frame& more, std::string_view where) {
  for (const Column& column : more.columns) {
    if (stacked.Find(column.name) == nullptr) stacked.columns.push_back(NullColumn(column, stacked.rows));
  }
  for (Column& column : stacked.columns) {
    const Column* same = more.Find(column.name);
    if (same == nullptr) {
      Append(column, NullColumn(column, more.rows));
    } else if (same->kind != column.kind || same->precision != column.precision || same->scale != column.scale) {
      return base::Fail(base::ErrorCode::kInvalid, "column {} has another type in {} than in what came before",
                        column.name, where);
    } else {
      Append(column, *same);
    }
  }
  stacked.rows += more.rows;
  return {};
}

}  // namespace tidemill::transform
