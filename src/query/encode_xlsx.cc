// SPDX-License-Identifier: Apache-2.0
// A workbook, piece by piece: sheet `data` is written while its rows are read, all else is small.
#include <algorithm>
#include <set>
#include <utility>

#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "answer_encoders.h"
#include "xlsx_cells.h"
#include "xlsx_parts.h"
#include "zip_writer.h"

namespace tidemill::query {
namespace {

constexpr std::size_t kMostColumns = 16'384;

class XlsxEncoder final : public AnswerEncoder {
 public:
  XlsxEncoder(QueryResult result, std::vector<TextSheet> sheets)
      : result_(std::move(result)), sheets_(std::move(sheets)), names_(result_.schema->field_names()) {
    has_table_ = result_.rows() > 0 && !names_.empty() && NamesDiffer();
  }

  base::Result<bool> Next(std::string& out) override {
    if (!begun_) TIDEMILL_CHECK(Begin());
    const bool more = at_ < result_.rows();
    TIDEMILL_CHECK(more ? WriteBlock() : End());
    out += std::exchange(bytes_, {});
    return more;
  }

 private:
  // Columns of a native table are told apart without case.
  bool NamesDiffer() const {
    std::set<std::string> seen;
    return std::all_of(names_.begin(), names_.end(),
                       [&](const std::string& name) { return seen.insert(base::Lower(name)).second; });
  }

  base::Status CheckSize() const {
    if (result_.rows() > kMostSheetRows) {
      return base::Fail(base::ErrorCode::kTooLarge, "the answer has {} rows; a sheet holds {}", result_.rows(),
                        kMostSheetRows);
    }
    if (names_.size() <= kMostColumns) return {};
    return base::Fail(base::ErrorCode::kTooLarge, "the answer has {} columns; a sheet holds {}", names_.size(),
                      kMostColumns);
  }

  void Write(const XlsxPart& part) {
    zip_.Begin(part.name);
    zip_.Write(part.xml);
  }

  base::Status Begin() {
    begun_ = true;
    TIDEMILL_CHECK(CheckSize());
    for (const XlsxPart& part : WorkbookParts(sheets_, has_table_)) {
      Write(part);
      TIDEMILL_CHECK(zip_.End());
    }
    TIDEMILL_ASSIGN(const std::string header, HeaderRow(names_));
    Write({"xl/worksheets/sheet1.xml", SheetHead(names_.size()) + header});
    return {};
  }

  base::Status WriteBlock() {
    TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
    TIDEMILL_ASSIGN(const auto cells, MakeRowCells(*batch));
    std::string xml;
    for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
      TIDEMILL_CHECK(cells->AppendRow(xml, row, at_ + static_cast<std::uint64_t>(row) + 2));
    }
    zip_.Write(xml);
    at_ += static_cast<std::size_t>(batch->num_rows());
    return {};
  }

  base::Status End() {
    zip_.Write(SheetEnd(has_table_));
    TIDEMILL_CHECK(zip_.End());
    std::vector<XlsxPart> parts;
    if (has_table_) parts = TableParts(names_, result_.rows());
    for (std::size_t i = 0; i < sheets_.size(); ++i) {
      TIDEMILL_ASSIGN(parts.emplace_back(), TextSheetPart(sheets_[i], i + 2));
    }
    for (const XlsxPart& part : parts) {
      Write(part);
      TIDEMILL_CHECK(zip_.End());
    }
    return zip_.Finish();
  }

  QueryResult result_;
  std::vector<TextSheet> sheets_;
  std::vector<std::string> names_;
  bool has_table_ = false, begun_ = false;
  std::string bytes_;
  ZipWriter zip_{bytes_};
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<AnswerEncoder> MakeXlsxEncoder(QueryResult result, const AnswerForm& form) {
  return std::make_unique<XlsxEncoder>(std::move(result), form.sheets);
}

}  // namespace tidemill::query
