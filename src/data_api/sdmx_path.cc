// SPDX-License-Identifier: Apache-2.0
#include "sdmx_path.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/query.h"

namespace tidemill::data_api {
namespace {

constexpr std::array<std::string_view, 5> kResources = {"data", "dataflow", "datastructure", "codelist",
                                                        "conceptscheme"};

tl::unexpected<SdmxError> Refuse(int status, int code, std::string text) {
  return tl::unexpected(SdmxError{status, code, std::move(text)});
}

// "AGENCY,ID,VERSION", "AGENCY,ID" or "ID": how the path of data names a dataflow.
void TakeFlowReference(SdmxPath& path, std::string_view text) {
  const auto parts = base::Split(text, ',');
  if (parts.size() > 1) path.agency = parts[0];
  path.id = parts.size() > 1 ? parts[1] : parts[0];
  if (parts.size() > 2) path.version = parts[2];
}

std::optional<std::uint32_t> ToCount(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<SdmxDetail> ToDetail(std::string_view text) {
  if (text == "full") return SdmxDetail::kFull;
  if (text == "dataonly") return SdmxDetail::kDataOnly;
  if (text == "serieskeysonly") return SdmxDetail::kSeriesKeysOnly;
  if (text == "nodata") return SdmxDetail::kNoData;
  return std::nullopt;
}

tl::expected<void, SdmxError> Take(SdmxDataQuery& query, const query::Parameter& parameter) {
  const auto& [name, value, offset, value_offset] = parameter;
  if (name == "startPeriod") {
    query.start = value;
  } else if (name == "endPeriod") {
    query.end = value;
  } else if (name == "firstNObservations" || name == "lastNObservations") {
    const auto count = ToCount(value);
    if (!count) return Refuse(400, 140, fmt::format("{} is {}; expected a number", name, base::Quoted(value)));
    (name == "firstNObservations" ? query.first : query.last) = count;
  } else if (name == "detail") {
    const auto detail = ToDetail(value);
    if (!detail) {
      return Refuse(
          400, 140,
          fmt::format("detail is {}; expected full, dataonly, serieskeysonly or nodata", base::Quoted(value)));
    }
    query.detail = *detail;
  } else if (name == "dimensionAtObservation" && value != "TIME_PERIOD") {
    return Refuse(501, 501,
                  fmt::format("dimensionAtObservation {} is not offered; expected TIME_PERIOD", base::Quoted(value)));
  }
  return {};
}

}  // namespace

tl::expected<SdmxPath, SdmxError> ParseSdmxPath(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> parts;
  for (const std::string_view part : base::Split(path, '/')) {
    auto decoded = base::PercentDecode(part);
    if (!decoded || !base::IsValidUtf8(*decoded)) {
      return Refuse(400, 140, "the path has a bad percent-escape or is no UTF-8");
    }
    parts.push_back(*std::move(decoded));
  }
  SdmxPath found{.resource = parts[0]};
  if (std::find(kResources.begin(), kResources.end(), found.resource) == kResources.end()) {
    return Refuse(501, 501,
                  fmt::format("{} is no resource here; expected data, dataflow, datastructure, codelist or "
                              "conceptscheme",
                              base::Quoted(found.resource)));
  }
  if (found.resource == "data") {
    if (parts.size() < 2 || parts.size() > 4) {
      return Refuse(400, 140, "expected data/FLOW, data/FLOW/KEY or data/FLOW/KEY/PROVIDER");
    }
    TakeFlowReference(found, parts[1]);
    if (parts.size() > 2) found.key = parts[2];
    return found;
  }
  if (parts.size() > 4) return Refuse(400, 140, fmt::format("expected {}/AGENCY/ID/VERSION", found.resource));
  if (parts.size() > 1) found.agency = parts[1];
  if (parts.size() > 2) found.id = parts[2];
  if (parts.size() > 3) found.version = parts[3];
  return found;
}

tl::expected<std::vector<std::vector<std::string>>, SdmxError> ParseSdmxKey(std::string_view key,
                                                                            const std::vector<std::string>& ids) {
  std::vector<std::vector<std::string>> parts(ids.size());
  if (key.empty() || key == "all") return parts;
  const auto given = base::Split(key, '.');
  if (given.size() != ids.size()) {
    return Refuse(400, 150,
                  fmt::format("the key {} has {} parts; expected {}: {}", base::Quoted(key), given.size(), ids.size(),
                              base::Join(ids, ".")));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].empty()) continue;
    for (const std::string_view code : base::Split(given[i], '+')) parts[i].emplace_back(code);
  }
  return parts;
}

tl::expected<SdmxDataQuery, SdmxError> ParseSdmxDataQuery(std::string_view raw_query) {
  SdmxDataQuery query;
  if (raw_query.empty()) return query;
  const auto parameters = query::SplitQuery(raw_query);
  if (!parameters) return Refuse(400, 140, parameters.error().error.message);
  for (const query::Parameter& parameter : *parameters) {
    if (const auto taken = Take(query, parameter); !taken) return tl::unexpected(taken.error());
  }
  return query;
}

}  // namespace tidemill::data_api
