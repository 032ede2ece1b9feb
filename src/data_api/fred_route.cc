// SPDX-License-Identifier: Apache-2.0
// /fred/series, /fred/series/observations and /fred/series/vintagedates, as clients of FRED's API ask for them: XML
// only, the key is not looked at.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/query/query.h"

#include "answer.h"
#include "etag.h"
#include "fred_series.h"
#include "list_answer.h"
#include "routes.h"
#include "sdmx_xml.h"

namespace tidemill::data_api {
namespace {

using Parameters = std::map<std::string, std::string, std::less<>>;
using Refusal = tl::unexpected<FredError>;

http::Response ToAnswer(const FredError& error) {
  http::Response response{.status = error.status, .headers = CommonHeaders(kNoStore), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
  response.body =
      fmt::format("{}<error code=\"{}\"{}/>", kXmlHead, error.status, XmlAttribute("message", error.message));
  return response;
}

Refusal BadValue(std::string_view name, std::string_view value, std::string_view expected) {
  return Refusal(FredError{
      400, fmt::format("Bad Request. {} is no value for {}; expected {}.", base::Quoted(value), name, expected)});
}

tl::expected<Parameters, FredError> ReadParameters(const Question& question, std::vector<std::string_view> taken) {
  taken.insert(taken.end(), {"series_id", "api_key", "file_type"});
  const auto split = query::SplitQuery(question.request.query);
  if (!split) return Refusal(FredError{400, "Bad Request. " + split.error().error.message});
  Parameters parameters;
  for (const query::Parameter& parameter : *split) {
    if (std::find(taken.begin(), taken.end(), parameter.name) == taken.end()) {
      return Refusal(FredError{400, fmt::format("Bad Request. Variable {} is not one of {}.",
                                                base::Quoted(parameter.name), fmt::join(taken, ", "))});
    }
    if (!parameters.emplace(parameter.name, parameter.value).second) {
      return Refusal(FredError{400, fmt::format("Bad Request. Variable {} is given twice.", parameter.name)});
    }
  }
  if (parameters["series_id"].empty()) return Refusal(FredError{400, "Bad Request. Variable series_id is not set."});
  const auto type = parameters.find("file_type");
  if (type != parameters.end() && type->second != "xml") return BadValue("file_type", type->second, "xml");
  return parameters;
}

tl::expected<std::string, FredError> DateIn(const Parameters& parameters, std::string_view name,
                                            std::string_view otherwise) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::string(otherwise);
  // FRED's own first and last days lie outside of what dates here can be.
  if (found->second == kLastRealtime || base::ParseDate(found->second)) return found->second;
  return BadValue(name, found->second, "a date such as 2018-04-18");
}

tl::expected<std::size_t, FredError> CountIn(const Parameters& parameters, std::string_view name, std::size_t otherwise,
                                             std::int64_t least) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return otherwise;
  const auto number = base::ParseInt(found->second);
  if (number && *number >= least) return static_cast<std::size_t>(*number);
  return BadValue(name, found->second, fmt::format("a number from {}", least));
}

// What /fred/series/observations asks for.
struct Wish {
  std::string realtime_start, realtime_end, observation_start, observation_end, units = "lin";
  bool has_realtime = false, descending = false, has_limit = false;
  std::size_t limit = 0, offset = 0;
};

tl::expected<Wish, FredError> ReadWish(const Parameters& parameters, const FredSeries& series) {
  Wish wish;
  wish.has_realtime = parameters.contains("realtime_start") || parameters.contains("realtime_end");
  const std::string day = RealtimeOf(*series.dataset);
  const auto take = [&](std::string& into, std::string_view name, std::string_view otherwise) {
    auto date = DateIn(parameters, name, otherwise);
    if (date) into = *std::move(date);
    return date ? std::optional<FredError>() : std::optional(date.error());
  };
  if (auto error = take(wish.realtime_start, "realtime_start", day)) return Refusal(*error);
  if (auto error = take(wish.realtime_end, "realtime_end", day)) return Refusal(*error);
  if (auto error = take(wish.observation_start, "observation_start", kFirstRealtime)) return Refusal(*error);
  if (auto error = take(wish.observation_end, "observation_end", kLastRealtime)) return Refusal(*error);
  const auto limit = CountIn(parameters, "limit", 0, 1);
  if (!limit) return Refusal(limit.error());
  const auto offset = CountIn(parameters, "offset", 0, 0);
  if (!offset) return Refusal(offset.error());
  wish.limit = *limit;
  wish.has_limit = parameters.contains("limit");
  wish.offset = *offset;
  if (const auto order = parameters.find("sort_order"); order != parameters.end()) {
    if (order->second != "asc" && order->second != "desc") return BadValue("sort_order", order->second, "asc or desc");
    wish.descending = order->second == "desc";
  }
  if (const auto units = parameters.find("units"); units != parameters.end()) {
    if (!TransformOfUnits(units->second)) return BadValue("units", units->second, "lin, ch1, pc1, chg or pch");
    wish.units = units->second;
  }
  if (wish.has_realtime && wish.units != "lin") return BadValue("units", wish.units, "lin beside realtime_start");
  return wish;
}

// The rows that are asked for, spans cut to the asked one.
std::vector<FredPoint> Choose(std::vector<FredPoint> points, const Wish& wish) {
  std::erase_if(points, [&](const FredPoint& point) {
    const bool is_published =
        !wish.has_realtime || (point.start <= wish.realtime_end && point.end >= wish.realtime_start);
    return !is_published || point.date < wish.observation_start || point.date > wish.observation_end;
  });
  for (FredPoint& point : points) {
    point.start = std::max(point.start, wish.realtime_start);
    point.end = std::min(point.end, wish.realtime_end);
  }
  if (wish.descending) std::reverse(points.begin(), points.end());
  return points;
}

std::string WriteObservations(const std::vector<FredPoint>& points, const Wish& wish) {
  const std::size_t begin = std::min(wish.offset, points.size());
  const std::size_t end = wish.has_limit ? begin + std::min(wish.limit, points.size() - begin) : points.size();
  std::string xml(kXmlHead);
  xml += "<observations" + XmlAttribute("realtime_start", wish.realtime_start) +
         XmlAttribute("realtime_end", wish.realtime_end) + XmlAttribute("observation_start", wish.observation_start) +
         XmlAttribute("observation_end", wish.observation_end) + XmlAttribute("units", wish.units);
  xml += fmt::format(R"( output_type="1" file_type="xml" order_by="observation_date" sort_order="{}")",
                     wish.descending ? "desc" : "asc");
  xml += fmt::format(R"( count="{}" offset="{}" limit="{}">)", points.size(), wish.offset,
                     wish.has_limit ? wish.limit : points.size());
  for (std::size_t i = begin; i < end; ++i) {
    const FredPoint& point = points[i];
    xml += fmt::format(R"(<observation realtime_start="{}" realtime_end="{}" date="{}" value="{}"/>)", point.start,
                       point.end, point.date, point.value);
  }
  return xml + "</observations>";
}

std::pair<std::string_view, std::string_view> FrequencyWords(base::Frequency frequency) {
  switch (frequency) {
    case base::Frequency::kYear:
    case base::Frequency::kFiscalYear:
      return {"Annual", "A"};
    case base::Frequency::kQuarter:
      return {"Quarterly", "Q"};
    case base::Frequency::kMonth:
      return {"Monthly", "M"};
    case base::Frequency::kWeek:
      return {"Weekly", "W"};
    case base::Frequency::kDay:
      return {"Daily", "D"};
  }
  return {"", ""};
}

std::string TitleOf(const FredSeries& series) {
  const query::Cube& cube = *series.dataset->snapshot->cube;
  std::string title = series.dataset->facts.title.empty() ? series.dataset->id : series.dataset->facts.title;
  for (const query::CodeList& list : cube.dimensions) {
    const std::string code = cube.CodeOf(list, series.series);
    const auto place = query::Cube::PlaceOf(list, code);
    const bool has_label = place && *place < list.labels.size() && !list.labels[*place].empty();
    title += ", " + (has_label ? list.labels[*place] : code);
  }
  return title;
}

// "2024-04-18 08:31:07+00"
std::string UpdatedText(const LoadedDataset& dataset) {
  if (!dataset.recorded) return {};
  std::string text = base::ToRfc3339(*dataset.recorded);
  std::replace(text.begin(), text.end(), 'T', ' ');
  text.resize(std::min<std::size_t>(text.size(), 19));
  return text + "+00";
}

std::string WriteInfo(const FredSeries& series, const std::vector<FredPoint>& points) {
  const LoadedDataset& dataset = *series.dataset;
  const auto [frequency, letter] = FrequencyWords(dataset.snapshot->cube->frequency);
  const std::string day = RealtimeOf(dataset);
  const std::string realtime = XmlAttribute("realtime_start", day) + XmlAttribute("realtime_end", day);
  std::string xml =
      std::string(kXmlHead) + "<seriess" + realtime + "><series" + XmlAttribute("id", series.id) + realtime;
  xml += XmlAttribute("title", TitleOf(series));
  xml += XmlAttribute("observation_start", points.empty() ? "" : points.front().date);
  xml += XmlAttribute("observation_end", points.empty() ? "" : points.back().date);
  xml += XmlAttribute("frequency", frequency) + XmlAttribute("frequency_short", letter);
  xml += XmlAttribute("units", series.measure.unit) + XmlAttribute("units_short", series.measure.unit);
  xml +=
      XmlAttribute("seasonal_adjustment", "Not Seasonally Adjusted") + XmlAttribute("seasonal_adjustment_short", "NSA");
  xml += XmlAttribute("last_updated", UpdatedText(dataset)) + XmlAttribute("notes", dataset.facts.description);
  return xml + "/></seriess>";
}

// The days on which a value of the series came, changed or went.
std::string WriteVintageDates(const FredSeries& series, const std::vector<FredPoint>& points) {
  std::set<std::string> days;
  for (const FredPoint& point : points) {
    if (point.start != kFirstRealtime) days.insert(point.start);
    const auto end = base::ParseDate(point.end);
    if (end && point.end != kLastRealtime) days.insert(base::ToText(*end + std::chrono::days(1)));
  }
  if (days.empty()) days.insert(RealtimeOf(*series.dataset));
  std::string xml = fmt::format(R"({}<vintage_dates realtime_start="{}" realtime_end="{}" order_by="vintage_date" )"
                                R"(sort_order="asc" count="{}" offset="0" limit="{}">)",
                                kXmlHead, kFirstRealtime, kLastRealtime, days.size(), days.size());
  for (const std::string& day : days) xml += "<vintage_date>" + day + "</vintage_date>";
  return xml + "</vintage_dates>";
}

// Parameters and the series that they name.
struct Asked {
  Parameters parameters;
  FredSeries series;
};
tl::expected<Asked, FredError> Read(const Question& question, std::vector<std::string_view> taken) {
  auto parameters = ReadParameters(question, std::move(taken));
  if (!parameters) return Refusal(parameters.error());
  auto series = FindFredSeries(question.catalog, (*parameters)["series_id"]);
  if (!series) return Refusal(series.error());
  return Asked{*std::move(parameters), *std::move(series)};
}

http::Response AnswerXml(const Question& question, const FredSeries& series,
                         const tl::expected<std::string, base::Error>& xml) {
  if (!xml) return ToAnswer({xml.error().code == base::ErrorCode::kInvalid ? 400 : 500, xml.error().message});
  http::Response response{.status = 200, .headers = DatasetHeaders(*series.dataset), .body = *xml, .shared = {}};
  response.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
  return WithETag(question.request, std::move(response),
                  MakeETag(series.dataset->snapshot_id,
                           JoinTarget(std::string(question.request.path), std::string(question.request.query))));
}

}  // namespace

http::Response ShowFredSeries(const Question& question) {
  const auto asked = Read(question, {"realtime_start", "realtime_end"});
  if (!asked) return ToAnswer(asked.error());
  return AnswerXml(question, asked->series, NewestPoints(asked->series, "lin").map([&](const auto& points) {
    return WriteInfo(asked->series, points);
  }));
}

http::Response ListFredObservations(const Question& question) {
  const auto asked = Read(question, {"realtime_start", "realtime_end", "observation_start", "observation_end",
                                     "sort_order", "limit", "offset", "units"});
  if (!asked) return ToAnswer(asked.error());
  const auto wish = ReadWish(asked->parameters, asked->series);
  if (!wish) return ToAnswer(wish.error());
  auto points = wish->has_realtime ? AllPoints(asked->series) : NewestPoints(asked->series, wish->units);
  return AnswerXml(question, asked->series, std::move(points).map([&](std::vector<FredPoint> all) {
    return WriteObservations(Choose(std::move(all), *wish), *wish);
  }));
}

http::Response ListFredVintages(const Question& question) {
  const auto asked = Read(question, {"realtime_start", "realtime_end"});
  if (!asked) return ToAnswer(asked.error());
  return AnswerXml(question, asked->series, AllPoints(asked->series).map([&](const auto& points) {
    return WriteVintageDates(asked->series, points);
  }));
}

}  // namespace tidemill::data_api
