// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/data_api/service.h"
#include "tidemill/dataset/dataset.h"

// For tests of this module: a small store in a folder of its own, and a service over it.
namespace tidemill::data_api::testing {

inline std::string HeaderOf(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

struct DeathsRow {
  std::string code, period;
  std::optional<float> deaths;
  std::optional<std::string> status = {};
};

inline std::shared_ptr<const frame::Frame> DeathsTable(const std::vector<DeathsRow>& rows) {
  arrow::StringDictionary32Builder codes;
  arrow::StringDictionary32Builder periods;
  arrow::FloatBuilder deaths;
  arrow::StringDictionary32Builder statuses;
  for (const auto& row : rows) {
    EXPECT_TRUE(codes.Append(row.code).ok() && periods.Append(row.period).ok());
    EXPECT_TRUE((row.deaths ? deaths.Append(*row.deaths) : deaths.AppendNull()).ok());
    EXPECT_TRUE((row.status ? statuses.Append(*row.status) : statuses.AppendNull()).ok());
  }
  const auto type = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto role = [](std::vector<std::string> names, std::vector<std::string> values) {
    return arrow::KeyValueMetadata::Make(std::move(names), std::move(values));
  };
  const auto schema = arrow::schema(
      {arrow::field("geo_code", type, true, role({"tidemill.role", "tidemill.codes"}, {"dimension", "gss"})),
       arrow::field("period", type, true, role({"tidemill.role", "tidemill.freq"}, {"time", "M"})),
       arrow::field("deaths", arrow::float32(), true, role({"tidemill.role", "tidemill.unit"}, {"measure", "deaths"})),
       arrow::field("deaths_status", type, true, role({"tidemill.role", "tidemill.of"}, {"status", "deaths"}))});
  const auto table =
      arrow::Table::Make(schema, {*codes.Finish(), *periods.Finish(), *deaths.Finish(), *statuses.Finish()});
  return std::make_shared<const frame::Frame>(dataset::ToFrame(*table).value());
}

// A register of two areas.
inline std::vector<AreaState> FindArea(std::string_view code) {
  if (code == "E08000007") return {{"E08000007", "Stockport", "E11000001", "1974-04-01", "", ""}};
  if (code == "E11000001") return {{"E11000001", "Greater Manchester", "", "1974-04-01", "", ""}};
  return {};
}

class ServiceFixture {
 public:
  ServiceFixture() {
    std::string pattern = ::testing::TempDir() + "/tidemill-api-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    store_ = *base::OpenLocalStore(folder_);
    Publish("deaths_monthly", {{"E08000007", "2018-01", 267.0F},
                               {"E08000007", "2018-02", 248.0F, "p"},
                               {"E08000007", "2018-03", std::nullopt},
                               {"K04000001, J99000001", "2018-01", 0.1F}});
    service_ = Open({folder_}).value_or(nullptr);
  }
  ~ServiceFixture() {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }
  ServiceFixture(const ServiceFixture&) = delete;
  ServiceFixture& operator=(const ServiceFixture&) = delete;

  void Publish(const std::string& table, const std::vector<DeathsRow>& rows,
               const std::string& released = "2018-04-18") {
    dataset::Draft draft;
    draft.table = table;
    draft.rows = DeathsTable(rows);
    draft.key = {"geo_code", "period"};
    draft.facts = {.title = "Deaths",
                   .description = "Monthly deaths",
                   .configuration = {{"tidemill.publisher", "Office"}, {"tidemill.licence", "OGL-UK-3.0"}}};
    draft.commit.run_id = "run-" + std::to_string(++runs_);
    draft.commit.released = released;
    const auto published = dataset::Publish(*store_, draft, clock_);
    ASSERT_TRUE(published.has_value()) << published.error().ToText();
  }

  base::Result<std::unique_ptr<Service>> Open(std::vector<std::string> paths) {
    ServiceOptions options;
    options.paths = std::move(paths);
    options.public_url = "https://data.example.org";
    options.find_area = &FindArea;
    options.build = {.version = "1.2.3", .commit = "abc", .compiler = ""};
    return Service::Open(std::move(options), clock_);
  }

  Service& service() const { return *service_; }
  base::FileStore& store() { return *store_; }
  base::testing::FakeClock& clock() { return clock_; }
  const std::string& folder() const { return folder_; }

  http::Response Get(std::string_view path) const { return GetFrom(*service_, path); }
  static http::Response GetFrom(const Service& service, std::string_view path) {
    return service.Handle({.method = "GET", .target = path, .path = path, .query = {}, .fields = {}});
  }

 private:
  base::testing::FakeClock clock_{std::chrono::sys_days(std::chrono::year(2018) / 4 / 20)};
  std::string folder_;
  int runs_ = 0;
  std::unique_ptr<base::FileStore> store_;
  std::unique_ptr<Service> service_;
};

}  // namespace tidemill::data_api::testing
