// SPDX-License-Identifier: Apache-2.0
#include "source_json.h"

#include <exception>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::extract {
namespace {

namespace json = boost::json;
using base::ErrorCode;

void AppendMember(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ", ";
  base::AppendJsonString(out, name);
  out += ": ";
  base::AppendJsonString(out, value);
}

std::string ToJson(const Sighting& sighting) {
  std::string out = "{";
  AppendMember(out, "url", sighting.url);
  AppendMember(out, "page", sighting.page);
  AppendMember(out, "text", sighting.text);
  AppendMember(out, "heading", sighting.heading);
  AppendMember(out, "recipe", sighting.recipe);
  AppendMember(out, "etag", sighting.etag);
  AppendMember(out, "last_modified", sighting.last_modified);
  AppendMember(out, "first_seen", base::ToRfc3339(sighting.first_seen));
  AppendMember(out, "last_seen", base::ToRfc3339(sighting.last_seen));
  return out + "}";
}

// The accessors throw where a member is absent or of another kind; Parse catches.
std::string Text(const json::object& object, const char* name) {
  return std::string(object.at(name).as_string());
}

base::Time Time(const json::object& object, const char* name) {
  const auto time = base::ParseRfc3339(Text(object, name));
  if (!time) throw std::invalid_argument(std::string(name) + " is no time");
  return *time;
}

Sighting ToSighting(const json::value& value) {
  const json::object& object = value.as_object();
  return {.url = Text(object, "url"),
          .page = Text(object, "page"),
          .text = Text(object, "text"),
          .heading = Text(object, "heading"),
          .recipe = Text(object, "recipe"),
          .etag = Text(object, "etag"),
          .last_modified = Text(object, "last_modified"),
          .first_seen = Time(object, "first_seen"),
          .last_seen = Time(object, "last_seen")};
}

Source ToSource(const json::object& object) {
  Source source{.sha256 = Text(object, "sha256"),
                .extension = Text(object, "extension"),
                .bytes = object.at("bytes").to_number<std::uint64_t>(),
                .sightings = {}};
  for (const json::value& sighting : object.at("sightings").as_array()) {
    source.sightings.push_back(ToSighting(sighting));
  }
  return source;
}

KeptPage ToKeptPage(const json::object& object) {
  return {.url = Text(object, "url"),
          .final_url = Text(object, "final_url"),
          .etag = Text(object, "etag"),
          .last_modified = Text(object, "last_modified"),
          .sha256 = Text(object, "sha256"),
          .fetched = Time(object, "fetched")};
}

template <class Convert>
auto Parse(std::string_view text, Convert convert) -> base::Result<decltype(convert(json::object()))> {
  try {
    return convert(json::parse(json::string_view(text.data(), text.size())).as_object());
  } catch (const std::exception& e) {
    return base::Fail(ErrorCode::kMalformed, "is not what was kept here: {}", e.what());
  }
}

}  // namespace

std::string ToJson(const Source& source) {
  std::string out = "{";
  AppendMember(out, "sha256", source.sha256);
  AppendMember(out, "extension", source.extension);
  out += fmt::format(", \"bytes\": {}, \"sightings\": [", source.bytes);
  for (std::size_t i = 0; i < source.sightings.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    out += ToJson(source.sightings[i]);
  }
  return out + "]}\n";
}

std::string ToJson(const KeptPage& page) {
  std::string out = "{";
  AppendMember(out, "url", page.url);
  AppendMember(out, "final_url", page.final_url);
  AppendMember(out, "etag", page.etag);
  AppendMember(out, "last_modified", page.last_modified);
  AppendMember(out, "sha256", page.sha256);
  AppendMember(out, "fetched", base::ToRfc3339(page.fetched));
  return out + "}\n";
}

base::Result<Source> ParseSource(std::string_view json) {
  return Parse(json, &ToSource);
}

base::Result<KeptPage> ParseKeptPage(std::string_view json) {
  return Parse(json, &ToKeptPage);
}

}  // namespace tidemill::extract
