// SPDX-License-Identifier: Apache-2.0
// /v1/events (server-sent events) and /v1/feed.atom: new versions, without asking again and again.
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/http/awaited_pieces.h"
#include "tidemill/http/negotiate.h"

#include "answer.h"
#include "change_feed.h"
#include "changes.h"
#include "etag.h"
#include "list_answer.h"
#include "page.h"
#include "problem.h"
#include "query_problem.h"
#include "routes.h"
#include "sdmx_xml.h"

namespace tidemill::data_api {
namespace {

constexpr std::uint32_t kEntries = 100;  // of a page
constexpr std::string_view kAtom = "application/atom+xml";

struct Wish {
  std::string dataset, cursor;
};

// `dataset`, and `cursor` where the route has pages; all else is unknown.
tl::expected<Wish, Problem> ReadWish(const Question& question, bool has_pages) {
  const auto parameters = query::SplitQuery(question.request.query);
  if (!parameters) return tl::unexpected(ToProblem(parameters.error(), LoadedDataset()));
  Wish wish;
  for (const query::Parameter& parameter : *parameters) {
    const bool is_dataset = parameter.name == "dataset";
    if (!is_dataset && !(has_pages && parameter.name == "cursor")) {
      return tl::unexpected(Problem{"unknown-parameter",
                                    fmt::format("{} is no parameter of {}; it takes {}", base::Quoted(parameter.name),
                                                question.request.path, has_pages ? "dataset and cursor" : "dataset"),
                                    {{"parameter", base::JsonString(parameter.name)},
                                     {"value", base::JsonString(parameter.value)},
                                     {"offset", std::to_string(parameter.offset)}}});
    }
    std::string& taken = is_dataset ? wish.dataset : wish.cursor;
    if (!taken.empty() || parameter.value.empty()) {
      return tl::unexpected(
          Problem{taken.empty() ? "bad-value" : "repeated-parameter",
                  parameter.name + (taken.empty() ? " has no value" : " is given twice"),
                  {{"parameter", base::JsonString(parameter.name)}, {"value", base::JsonString(parameter.value)}}});
    }
    taken = parameter.value;
  }
  return wish;
}

// The same for the same version for ever: RFC 9562's version 8, of a SHA-256.
std::string UuidOf(std::string_view text) {
  auto bytes = base::Sha256(text);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x80U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string uuid = "urn:uuid:";
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += fmt::format("{:02x}", bytes[i]);
  }
  return uuid;
}

std::string Element(std::string_view name, std::string_view text) {
  return fmt::format("<{}>{}</{}>", name, XmlText(text), name);
}

std::string LinkTo(std::string_view relation, std::string_view type, const std::string& url) {
  return "<link" + XmlAttribute("rel", relation) + XmlAttribute("type", type) + XmlAttribute("href", url) + "/>";
}

std::string EntryOf(const Change& change, const std::string& public_url) {
  const auto& [dataset, version] = change;
  const std::string& title = dataset->facts.title.empty() ? dataset->id : dataset->facts.title;
  const std::string url = fmt::format("{}{}/vintages/{}", public_url, dataset->Url(), version.number);
  std::string xml = "<entry>" + Element("id", UuidOf(fmt::format("{} {}", version.table_id, version.number)));
  xml += Element("title", fmt::format("{}: released {} (version {})", title, ReleasedOf(version), version.number));
  xml += Element("updated", base::ToRfc3339(version.recorded));
  xml += LinkTo("alternate", "application/json", url) + LinkTo("related", "text/csv", url + "/diff.csv");
  xml += "<category" + XmlAttribute("term", dataset->id) + "/>";
  if (const std::string publisher = dataset->Fact("publisher"); !publisher.empty()) {
    xml += "<author>" + Element("name", publisher) + "</author>";
  }
  xml += Element("summary", fmt::format("{} added, {} revised, {} removed", version.commit.added,
                                        version.commit.revised, version.commit.removed));
  return xml + "</entry>";
}

struct AtomPage {
  const std::vector<Change>& changes;  // oldest first
  std::vector<std::uint32_t> shown;    // places of the page's entries
  std::string self, next;              // paths
};

std::string WriteAtom(const AtomPage& page, const std::string& dataset, const std::string& public_url) {
  std::string xml(kXmlHead);
  xml += "<feed xmlns=\"http://www.w3.org/2005/Atom\">" + Element("id", UuidOf("feed " + public_url + " " + dataset));
  xml += Element("title", dataset.empty() ? "New versions of all datasets" : "New versions of " + dataset);
  xml +=
      Element("updated", base::ToRfc3339(page.changes.empty() ? base::Time() : page.changes.back().version.recorded));
  xml += "<author>" + Element("name", "Tidemill") + "</author>" + LinkTo("self", kAtom, public_url + page.self);
  if (!page.next.empty()) xml += LinkTo("next", kAtom, public_url + page.next);
  for (const std::uint32_t place : page.shown) xml += EntryOf(page.changes[place], public_url);
  return xml + "</feed>";
}

std::string FeedUrl(const Wish& wish) {
  std::string query = wish.dataset.empty() ? "" : "dataset=" + wish.dataset;
  if (!wish.cursor.empty()) query += (query.empty() ? "cursor=" : "&cursor=") + wish.cursor;
  return JoinTarget("/v1/feed.atom", query);
}

}  // namespace

http::Response StreamChanges(const Question& question) {
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto wish = ReadWish(question, /*has_pages=*/false);
  if (!wish) return refuse(wish.error());
  if (!wish->dataset.empty() && question.catalog.Find(wish->dataset) == nullptr) {
    return NoSuchDataset(question, wish->dataset);
  }
  if (!question.feed.HasRoom()) return refuse({"unavailable", "too many streams are open; ask again later", {}});
  // The place first: what comes while the missed ones are read is told too, if need be twice.
  auto reader = std::make_shared<ChangeFeed::Reader>(ChangeFeed::Reader{wish->dataset, question.feed.position()});
  auto first = std::make_shared<std::string>("retry: 5000\n\n");
  const std::string_view last = http::FieldValue(question.request, "Last-Event-ID");
  if (!last.empty()) {
    const auto missed = ChangesSince(question.catalog, wish->dataset, last);
    if (!missed) return refuse(ToProblem(missed.error()));
    for (const Change& change : *missed) *first += ToEvent(change);
  }
  http::Response response{.status = 200, .headers = CommonHeaders(kNoStore), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "text/event-stream");
  response.next_piece = http::AwaitedPieces{[&feed = question.feed, reader, first](ChangeFeed::Ready ready) {
    if (!first->empty()) return ready(std::exchange(*first, {}));
    feed.Wait(reader, std::move(ready));
  }};
  return response;
}

http::Response ListChanges(const Question& question) {
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto wish = ReadWish(question, /*has_pages=*/true);
  if (!wish) return refuse(wish.error());
  if (!wish->dataset.empty() && question.catalog.Find(wish->dataset) == nullptr) {
    return NoSuchDataset(question, wish->dataset);
  }
  const std::string accept = http::FieldList(question.request, "Accept");
  constexpr std::array<std::string_view, 3> kTypes = {kAtom, "application/xml", "text/xml"};
  if (!http::ChooseMediaType(accept, kTypes)) {
    return refuse({"not-acceptable",
                   fmt::format("Accept {} does not take what {} has; expected {}", base::Quoted(accept),
                               question.request.path, kAtom),
                   {{"available", "[" + base::JsonString(kAtom) + "]"}}});
  }
  const auto changes = ListAllChanges(question.catalog, wish->dataset);
  if (!changes) return refuse(ToProblem(changes.error()));
  std::vector<std::uint32_t> newest_first;
  for (std::size_t i = changes->size(); i-- > 0;) newest_first.push_back(static_cast<std::uint32_t>(i));
  const auto page = TakePage(newest_first, kEntries, wish->cursor, {0, FeedUrl({wish->dataset, {}})});
  if (!page) return refuse(ToProblem(page.error(), LoadedDataset()));
  const AtomPage atom{*changes,
                      {newest_first.begin() + static_cast<std::ptrdiff_t>(page->begin),
                       newest_first.begin() + static_cast<std::ptrdiff_t>(page->end)},
                      FeedUrl(*wish),
                      page->next.empty() ? "" : FeedUrl({wish->dataset, page->next})};
  http::Response response{.status = 200, .headers = CommonHeaders(kLive), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "application/atom+xml; charset=utf-8");
  response.body = WriteAtom(atom, wish->dataset, question.options.public_url);
  return WithETag(question.request, std::move(response), MakeETag(question.catalog.id, atom.self));
}

}  // namespace tidemill::data_api
