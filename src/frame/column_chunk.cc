// SPDX-License-Identifier: Apache-2.0
#include "column_chunk.h"

#include <algorithm>
#include <limits>
#include <span>

#include "tidemill/base/text.h"

#include "index_runs.h"
#include "parquet_numbers.h"
#include "thrift_writer.h"

namespace tidemill::frame {
namespace {

constexpr std::size_t kRowsPerPage = std::size_t{32} * 1024;

class ChunkWriter {
 public:
  ChunkWriter(std::string& file, const Column& column, std::size_t begin, std::size_t end, PageCodec& codec)
      : file_(file), column_(column), begin_(begin), end_(end), codec_(codec), slice_(SliceOf(column, begin, end)) {}

  base::Result<ChunkFacts> Run() {
    facts_.rows = static_cast<std::int64_t>(end_ - begin_);
    facts_.nulls = static_cast<std::int64_t>(slice_.nulls);
    facts_.has_range = slice_.has_range;
    facts_.smallest = std::move(slice_.smallest);
    facts_.greatest = std::move(slice_.greatest);
    if (has_dictionary()) TIDEMILL_CHECK(AppendDictionary());
    facts_.data_offset = Offset();
    for (std::size_t row = begin_; row < end_; row += kRowsPerPage) {
      TIDEMILL_CHECK(AppendData(row, std::min(end_, row + kRowsPerPage)));
    }
    return std::move(facts_);
  }

 private:
  bool has_dictionary() const { return slice_.dictionary_size > 0; }
  std::int64_t Offset() const { return static_cast<std::int64_t>(file_.size()); }

  base::Status AppendDictionary() {
    facts_.dictionary_offset = Offset();
    return AppendPage(PageKind::kDictionary, slice_.dictionary, [&](ThriftWriter& header) {
      header.Struct(7, [&] {
        header.I32(1, static_cast<std::int32_t>(slice_.dictionary_size));
        header.I32(2, Number(Encoding::kPlain));
      });
    });
  }

  base::Status AppendData(std::size_t from, std::size_t to) {
    std::string page;
    const std::size_t values = AppendLevels(page, from, to);
    if (has_dictionary()) {
      const unsigned bits = BitsFor(static_cast<std::uint32_t>(slice_.dictionary_size - 1));
      page += static_cast<char>(bits);
      AppendRuns(page, std::span(slice_.indices).subspan(values_, values), bits);
    } else {
      AppendPlain(page, column_, from, to);
    }
    values_ += values;
    ++facts_.data_pages;
    return AppendPage(PageKind::kData, page, [&](ThriftWriter& header) {
      header.Struct(5, [&] {
        header.I32(1, static_cast<std::int32_t>(to - from));
        header.I32(2, Number(has_dictionary() ? Encoding::kDictionary : Encoding::kPlain));
        header.I32(3, Number(Encoding::kRuns));
        header.I32(4, Number(Encoding::kRuns));
      });
    });
  }

  // Which rows are not null, behind its length; how many those are.
  std::size_t AppendLevels(std::string& page, std::size_t from, std::size_t to) const {
    std::size_t nulls = 0;
    std::string runs;
    if (slice_.nulls == 0) {
      AppendRun(runs, 1, to - from, 1);
    } else {
      std::vector<std::uint32_t> levels(to - from, 1);
      for (std::size_t row = from; row < to; ++row) {
        if (!column_.IsNull(row)) continue;
        levels[row - from] = 0;
        ++nulls;
      }
      AppendRuns(runs, levels, 1);
    }
    for (unsigned i = 0; i < 4; ++i) page += static_cast<char>((runs.size() >> (8 * i)) & 0xFFU);
    page += runs;
    return to - from - nulls;
  }

  template <class WriteRest>
  base::Status AppendPage(PageKind kind, std::string_view page, WriteRest&& write_rest) {
    std::string stored;
    TIDEMILL_CHECK(codec_.Append(stored, page));
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
    if (page.size() > kMost || stored.size() > kMost) {
      return base::Fail(base::ErrorCode::kTooLarge, "column {} has {} bytes in {} rows, a page holds at most {}",
                        base::Quoted(column_.name), page.size(), std::min(end_ - begin_, kRowsPerPage), kMost);
    }
    const std::size_t begin = file_.size();
    ThriftWriter header(file_);
    header.I32(1, Number(kind));
    header.I32(2, static_cast<std::int32_t>(page.size()));
    header.I32(3, static_cast<std::int32_t>(stored.size()));
    write_rest(header);
    header.End();
    const std::size_t head = file_.size() - begin;
    file_ += stored;
    facts_.plain_bytes += static_cast<std::int64_t>(head + page.size());
    facts_.stored_bytes += static_cast<std::int64_t>(head + stored.size());
    return {};
  }

  std::string& file_;
  const Column& column_;
  std::size_t begin_, end_;
  PageCodec& codec_;
  ColumnSlice slice_;
  ChunkFacts facts_;
  std::size_t values_ = 0;  // written so far
};

}  // namespace

base::Result<ChunkFacts> AppendChunk(std::string& file, const Column& column, std::size_t begin, std::size_t end,
                                     PageCodec& codec) {
  return ChunkWriter(file, column, begin, end, codec).Run();
}

}  // namespace tidemill::frame
