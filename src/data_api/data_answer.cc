// SPDX-License-Identifier: Apache-2.0
#include "data_answer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/wide.h"

#include "answer.h"
#include "etag.h"
#include "list_answer.h"
#include "query_problem.h"
#include "workbook_sheets.h"

namespace tidemill::data_api {
namespace {

constexpr std::size_t kMostReady = std::size_t{256} << 10U;

void Set(http::Headers& headers, std::string_view name, std::string value) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& field) { return field.first == name; });
  if (found == headers.end()) {
    headers.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

std::string UrlOf(const DataAnswer& answer, const std::string& query) {
  std::string url = answer.route + "." + std::string(answer.format.traits->extension);
  return query.empty() ? url : url + "?" + query;
}

http::Headers HeadersOf(const DataAnswer& answer, const std::string& pinned_query) {
  const LoadedDataset& dataset = *answer.vintage.dataset;
  http::Headers headers = DatasetHeaders(dataset);
  if (answer.vintage.pinned || !answer.query.cursor.empty()) {
    Set(headers, "Cache-Control", "public, max-age=31536000, immutable");
    headers.emplace_back("Link", fmt::format("<{}>; rel=\"latest-version\"", answer.route));
  }
  if (answer.format.negotiated) Set(headers, "Vary", "Accept, Accept-Encoding");
  headers.emplace_back("Content-Location", UrlOf(answer, pinned_query));
  headers.emplace_back("Content-Disposition",
                       fmt::format("inline; filename=\"{}.{}\"", answer.file_name, answer.format.traits->extension));
  return headers;
}

// The members of the envelope in front of the rows.
std::string HeadOf(const DataAnswer& answer, const query::QueryResult& result, const std::string& next) {
  std::string head = answer.envelope;
  head += fmt::format("\"total\":{},\"next\":", result.total);
  head += next.empty() ? "null" : base::JsonString(next);
  return head + ",";
}

// HEAD of an answer whose fields are known without its rows: no page follows, and it cannot be refused.
bool IsHeadOfAll(const DataAnswer& answer) {
  const query::Query& query = answer.query;
  return answer.question.request.method == "HEAD" && !query.grouped && query.shape != query::kWide && !query.limit &&
         query.cursor.empty() && query.derived.empty() && answer.format.traits->format != query::Format::kXlsx;
}

Problem OverASheet(const DataAnswer& answer, const std::string& query, std::size_t rows) {
  const std::string parquet = JoinTarget(answer.route + ".parquet", query);
  return {"too-large",
          fmt::format("the answer has {} rows, and a sheet holds {}; ask for fewer, or for {}", rows,
                      query::kMostSheetRows, parquet),
          {{"rows", std::to_string(rows)}, {"alternative", base::JsonString(parquet)}}};
}

// Goes on where the first piece ended.
class Pieces {
 public:
  Pieces(std::string first, std::unique_ptr<query::AnswerEncoder> encoder)
      : ready_(std::move(first)), encoder_(std::move(encoder)) {}

  base::Result<std::string> operator()() {
    while (ready_.empty() && more_) {
      TIDEMILL_ASSIGN(more_, encoder_->Next(ready_));
    }
    return std::exchange(ready_, {});
  }

 private:
  std::string ready_;
  std::shared_ptr<query::AnswerEncoder> encoder_;
  bool more_ = true;
};

base::Status Encode(query::QueryResult result, const query::AnswerForm& form, http::Response& response) {
  auto encoder = query::MakeAnswerEncoder(std::move(result), form);
  std::string body;
  bool more = true;
  while (more && body.size() <= kMostReady) {
    TIDEMILL_ASSIGN(more, encoder->Next(body));
  }
  if (more) {
    response.next_piece = Pieces(std::move(body), std::move(encoder));
  } else {
    response.body = std::move(body);
  }
  return {};
}

}  // namespace

http::Response AnswerRows(const DataAnswer& answer) {
  const LoadedDataset& dataset = *answer.vintage.dataset;
  const query::Cube& cube = *answer.vintage.cube;
  const std::string canonical = ToCanonical(answer.query, cube, answer.pinned, query::Paging::kWith);
  http::Response response{.status = 200, .headers = HeadersOf(answer, canonical), .body = {}, .shared = {}};
  const Validators validators{MakeETag(dataset.snapshot_id, UrlOf(answer, canonical)), dataset.recorded};
  response.headers.emplace_back("ETag", validators.etag);
  if (IsFresh(answer.question.request, validators)) {
    response.status = 304;
    return response;
  }
  if (IsHeadOfAll(answer)) {
    response.headers.emplace_back("Content-Type", answer.format.traits->content_type);
    response.next_piece = [] { return base::Result<std::string>(std::string()); };  // of a length that nobody knows
    return response;
  }
  const query::CursorScope scope{
      static_cast<std::uint32_t>(dataset.vintage),
      answer.route + "?" + ToCanonical(answer.query, cube, answer.scope, query::Paging::kWithout)};
  auto result = query::RunQuery(answer.query, answer.vintage.cube, scope);
  if (!result) return ToResponse(ToProblem(result.error(), dataset), answer.question.request.target);
  std::string next = query::NextCursor(*result, scope);
  if (!next.empty()) {
    query::Query page = answer.query;
    page.cursor = std::exchange(next, {});
    next = UrlOf(answer, ToCanonical(page, cube, answer.vintage.as_given, query::Paging::kWith));
    response.headers.emplace_back("Link", fmt::format("<{}>; rel=\"next\"", next));
  }
  response.headers.emplace_back("Content-Type", answer.format.traits->content_type);
  query::AnswerForm form{answer.format.traits->format, answer.query.shape, HeadOf(answer, *result, next)};
  if (form.format == query::Format::kXlsx) {
    if (result->rows() > query::kMostSheetRows) {
      return ToResponse(OverASheet(answer, canonical, result->rows()), answer.question.request.target);
    }
    const std::string& url = answer.question.options.public_url;
    form.sheets = SheetsBesideData(dataset, url + UrlOf(answer, canonical), url);
  }
  if (const auto encoded = Encode(*std::move(result), form, response); !encoded) {
    return ToResponse(ToProblem(encoded.error()), answer.question.request.target);
  }
  return response;
}

}  // namespace tidemill::data_api
