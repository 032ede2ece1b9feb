// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/testing/tables.h"

#include <cstdlib>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::dataset::testing {
namespace {

void MustBe(const arrow::Status& status) {
  if (!status.ok()) std::abort();
}

std::shared_ptr<arrow::Array> Finished(arrow::ArrayBuilder& builder) {
  std::shared_ptr<arrow::Array> array;
  MustBe(builder.Finish(&array));
  return array;
}

template <class TextOf>
std::shared_ptr<arrow::Array> Dictionary(const std::vector<DeathsRow>& rows, TextOf&& text_of) {
  arrow::Dictionary32Builder<arrow::StringType> wide;
  for (const DeathsRow& row : rows) {
    const std::optional<std::string> text = text_of(row);
    MustBe(text ? wide.Append(*text) : wide.AppendNull());
  }
  return Finished(wide);
}

template <class Builder, class ValueOf>
std::shared_ptr<arrow::Array> Values(Builder&& builder, const std::vector<DeathsRow>& rows, ValueOf&& value_of) {
  for (const DeathsRow& row : rows) {
    const auto value = value_of(row);
    MustBe(value ? builder.Append(*value) : builder.AppendNull());
  }
  return Finished(builder);
}

std::shared_ptr<arrow::Field> Field(std::string name, std::shared_ptr<arrow::DataType> type, const std::string& role,
                                    std::vector<std::string> more_keys = {}, std::vector<std::string> more = {}) {
  more_keys.insert(more_keys.begin(), "tidemill.role");
  more.insert(more.begin(), role);
  return arrow::field(std::move(name), std::move(type), true,
                      arrow::key_value_metadata(std::move(more_keys), std::move(more)));
}

}  // namespace

std::shared_ptr<arrow::Table> DeathsTable(const std::vector<DeathsRow>& rows) {
  using Text = std::optional<std::string>;
  const auto text = arrow::dictionary(arrow::int32(), arrow::utf8());
  auto schema = arrow::schema({
      Field("geo_code", text, "dimension", {"tidemill.codes"}, {"gss"}),
      Field("geo_name", text, "label", {"tidemill.of"}, {"geo_code"}),
      Field("period", text, "time", {"tidemill.freq"}, {"M"}),
      Field("deaths", arrow::int32(), "measure", {"tidemill.unit", "comment"}, {"deaths", "registrations, monthly"}),
      Field("deaths_status", text, "status", {"tidemill.of"}, {"deaths"}),
      Field("edition", text, "attribute"),
      Field("src", text, "lineage"),
      Field("src_row", arrow::int32(), "lineage"),
      Field("src_col", arrow::int16(), "lineage"),
  });
  return arrow::Table::Make(
      std::move(schema),
      {Dictionary(rows, [](const DeathsRow& row) { return Text(row.geo_code); }),
       Dictionary(rows, [](const DeathsRow& row) { return Text(row.geo_name); }),
       Dictionary(rows, [](const DeathsRow& row) { return Text(row.period); }),
       Values(arrow::Int32Builder(), rows, [](const DeathsRow& row) { return row.deaths; }),
       Dictionary(rows, [](const DeathsRow& row) { return row.status; }),
       Dictionary(rows, [](const DeathsRow& row) { return Text(row.edition); }),
       Dictionary(rows, [](const DeathsRow& row) { return Text(row.src); }),
       Values(arrow::Int32Builder(), rows, [](const DeathsRow& row) { return std::optional(row.src_row); }),
       Values(arrow::Int16Builder(), rows, [](const DeathsRow& row) { return std::optional(row.src_col); })});
}

std::vector<DeathsRow> ManyRows(std::size_t areas, std::size_t months, std::int32_t seed) {
  std::vector<DeathsRow> rows;
  rows.reserve(areas * months);
  for (std::size_t area = 0; area < areas; ++area) {
    for (std::size_t month = 0; month < months; ++month) {
      const std::size_t year = 2015 + month / 12;
      rows.push_back({.geo_code = fmt::format("E{:08}", area),
                      .geo_name = fmt::format("Area {}", area),
                      .period = fmt::format("{}-{:02}", year, month % 12 + 1),
                      .deaths = static_cast<std::int32_t>((area * 7919 + month * 104'729) % 997) + seed,
                      .edition = std::to_string(year),
                      .src = fmt::format("{:064x} Figures for {}", year, year),
                      .src_row = static_cast<std::int32_t>(area + 5),
                      .src_col = static_cast<std::int16_t>(month % 12 + 3)});
    }
  }
  return rows;
}

std::shared_ptr<const frame::Frame> CompatFrame(const std::vector<DeathsRow>& rows) {
  const auto nanoseconds = arrow::timestamp(arrow::TimeUnit::NANO);
  const auto month_of = [](const DeathsRow& row) { return base::ParseInt(row.period.substr(5)).value_or(1); };
  const auto year_of = [](const DeathsRow& row) { return base::ParseInt(row.period.substr(0, 4)); };
  const auto instant_of = [](const DeathsRow& row) {
    const auto first = base::ParseDate(row.period + "-01").value_or(base::Date{});
    const std::chrono::year_month_day day(first);
    const base::Date last(day.year() / day.month() / std::chrono::last);
    return std::optional(std::chrono::nanoseconds(base::OnOrBeforeWeekday(last).time_since_epoch()).count());
  };
  using Text = std::optional<std::string>;
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("geo_code", arrow::utf8()), arrow::field("place_name", arrow::utf8()),
                     arrow::field("month", arrow::utf8()), arrow::field("deaths", arrow::float32()),
                     arrow::field("year", arrow::int64()), arrow::field("datetime", nanoseconds)}),
      {Values(arrow::StringBuilder(), rows, [](const DeathsRow& row) { return Text(row.geo_code); }),
       Values(arrow::StringBuilder(), rows, [](const DeathsRow& row) { return Text(base::Lower(row.geo_name)); }),
       Values(arrow::StringBuilder(), rows,
              [&](const DeathsRow& row) {
                return Text(base::Lower(base::MonthName(static_cast<unsigned>(month_of(row)))));
              }),
       Values(arrow::FloatBuilder(), rows,
              [](const DeathsRow& row) {
                return row.deaths ? std::optional(static_cast<float>(*row.deaths)) : std::nullopt;
              }),
       Values(arrow::Int64Builder(), rows, year_of),
       Values(arrow::TimestampBuilder(nanoseconds, arrow::default_memory_pool()), rows, instant_of)});
  return std::make_shared<const frame::Frame>(ToFrame(*table).value());
}

std::shared_ptr<const frame::Frame> DeathsFrame(const std::vector<DeathsRow>& rows) {
  return std::make_shared<const frame::Frame>(ToFrame(*DeathsTable(rows)).value());
}

Draft DeathsDraft(const std::vector<DeathsRow>& rows, const std::string& run_id) {
  Draft draft;
  draft.table = "deaths_monthly";
  draft.rows = DeathsFrame(rows);
  draft.key = {"geo_code", "period"};
  draft.facts.title = "Monthly deaths by area";
  draft.facts.description = "Deaths registered by area of usual residence";
  draft.facts.configuration = {{"tidemill.licence", "OGL-UK-3.0"}, {"tidemill.publisher", "ONS"}};
  draft.commit.run_id = run_id;
  draft.commit.recipe = "ons/deaths-monthly";
  draft.commit.recipe_hash = "abc";
  draft.commit.program_version = "0.1.0";
  draft.commit.inputs_key = "inputs of " + run_id;
  draft.commit.sources = {{.url = "https://example.org/2018.xls",
                           .sha256 = std::string(64, 'a'),
                           .edition = "2018",
                           .file = "2018.xls",
                           .bytes = 12'345,
                           .fetched_at = base::Time(std::chrono::seconds(1'700'000'000)),
                           .released = "2019-08-27"}};
  draft.commit.checks_passed = 12;
  draft.commit.checks_waived = 1;
  draft.commit.checks = {{"E12000001 = sum(E06*)", "passed", 12}, {"markers", "waived", 1}};
  draft.commit.findings = {"sum@Figures!C6"};
  draft.commit.released = "2019-08-27";
  draft.commit.lock = "[[edition]]\nname = \"2018\"\n";
  return draft;
}

}  // namespace tidemill::dataset::testing
