// SPDX-License-Identifier: Apache-2.0
#include "format.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/result.h"
#include "tidemill/base/text.h"
#include "tidemill/http/negotiate.h"

namespace tidemill::data_api {
namespace {

using query::Format;

constexpr std::array kFormats = {
    FormatTraits{Format::kJson, "json", "application/json", "application/json"},
    FormatTraits{Format::kCsv, "csv", "text/csv", "text/csv; charset=utf-8; header=present"},
    FormatTraits{Format::kNdjson, "ndjson", "application/x-ndjson", "application/x-ndjson"},
    FormatTraits{Format::kParquet, "parquet", "application/vnd.apache.parquet", "application/vnd.apache.parquet"},
    FormatTraits{Format::kArrow, "arrow", "application/vnd.apache.arrow.file", "application/vnd.apache.arrow.file"},
    FormatTraits{Format::kArrows, "arrows", "application/vnd.apache.arrow.stream",
                 "application/vnd.apache.arrow.stream"},
    FormatTraits{Format::kXlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};

std::string Extensions() {
  std::string all;
  for (const FormatTraits& traits : kFormats) all += (all.empty() ? "" : ", ") + std::string(traits.extension);
  return all;
}

Problem NotAcceptable(const std::string& accept) {
  std::string types;
  for (const FormatTraits& traits : kFormats) {
    types += (types.empty() ? "" : ",") + base::JsonString(traits.media_type);
  }
  return {"not-acceptable",
          fmt::format("Accept takes none of the formats: {}; expected one of {}, or an extension such as .csv",
                      base::Quoted(accept), Extensions()),
          {{"available", "[" + types + "]"}}};
}

}  // namespace

std::span<const FormatTraits> Formats() {
  return kFormats;
}

const FormatTraits& TraitsOf(query::Format format) {
  return kFormats[static_cast<std::size_t>(format)];
}

const FormatTraits* FindFormat(std::string_view extension) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const FormatTraits& traits) { return traits.extension == extension; });
  return found == kFormats.end() ? nullptr : &*found;
}

tl::expected<FormatChoice, Problem> ChooseFormat(const http::Request& request, std::string_view extension,
                                                 std::string_view parameter) {
  if (!extension.empty()) return FormatChoice{FindFormat(extension), false};
  if (!parameter.empty()) {
    if (const FormatTraits* traits = FindFormat(parameter)) return FormatChoice{traits, false};
    return tl::unexpected(
        Problem{"bad-value",
                fmt::format("{} is no value for format; expected one of {}", base::Quoted(parameter), Extensions()),
                {{"parameter", "\"format\""}, {"value", base::JsonString(parameter)}}});
  }
  const std::string accept = http::FieldList(request, "Accept");
  std::vector<std::string_view> types;
  for (const FormatTraits& traits : kFormats) types.push_back(traits.media_type);
  const auto chosen = http::ChooseMediaType(accept, types);
  if (!chosen) return tl::unexpected(NotAcceptable(accept));
  return FormatChoice{&kFormats[*chosen], true};
}

}  // namespace tidemill::data_api
