// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "service_fixture.h"

namespace tidemill::data_api {
namespace {

using ::testing::HasSubstr;

template <class Builder, class Value>
std::shared_ptr<arrow::Array> One(const Value& value) {
  Builder builder;
  EXPECT_TRUE(builder.Append(value).ok());
  return *builder.Finish();
}

std::shared_ptr<const frame::Frame> TableWithLineage() {
  const auto role = [](const char* name) { return arrow::KeyValueMetadata::Make({"tidemill.role"}, {name}); };
  const auto words = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto schema = arrow::schema({arrow::field("geo_code", words, true, role("dimension")),
                                     arrow::field("period", words, true, role("time")),
                                     arrow::field("deaths", arrow::float32(), true, role("measure")),
                                     arrow::field("src", words, true, role("lineage")),
                                     arrow::field("src_row", arrow::int32(), true, role("lineage")),
                                     arrow::field("src_col", arrow::int16(), true, role("lineage"))});
  const auto table = arrow::Table::Make(
      schema, {One<arrow::StringDictionary32Builder>("E08000007"), One<arrow::StringDictionary32Builder>("2018-01"),
               One<arrow::FloatBuilder>(267.0F), One<arrow::StringDictionary32Builder>("ab12 Figures for 2018"),
               One<arrow::Int32Builder>(47), One<arrow::Int16Builder>(std::int16_t{28})});
  return std::make_shared<const frame::Frame>(dataset::ToFrame(*table).value());
}

TEST(Lineage, NamesWorkbookSheetAndCell) {
  testing::ServiceFixture fixture;
  dataset::Draft draft;
  draft.table = "deaths_traced";
  draft.rows = TableWithLineage();
  draft.key = {"geo_code", "period"};
  draft.commit.run_id = "run-1";
  draft.commit.recipe = "ons/deaths-monthly";
  draft.commit.lock =
      "lock = 1\n[[edition]]\nedition = \"2017\"\nsha256 = \"cd34\"\n[[edition]]\nedition = \"2018\"\nsha256 = "
      "\"ab12\"\n";
  draft.commit.checks_passed = 7;
  draft.commit.checks_waived = 1;
  draft.commit.checks = {{"K04000001 = sum(E92000001, W92000004)", "passed", 7}, {"markers", "waived", 1}};
  draft.commit.findings = {"sum@A!B7"};
  draft.commit.sources = {{.url = "https://example.org/2018.xls", .sha256 = "ab12", .edition = "2018", .bytes = 9}};
  const auto published = dataset::Publish(fixture.store(), draft, fixture.clock());
  ASSERT_TRUE(published.has_value()) << published.error().ToText();
  fixture.service().Poll();
  const auto response = fixture.Get("/v1/datasets/deaths_traced/observations/M.E08000007.2018-01/lineage");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_THAT(response.body, HasSubstr(R"("value":267,"status":null,"source":{"url":"https://example.org/2018.xls")"));
  EXPECT_THAT(response.body, HasSubstr(R"("cell":{"sheet":"Figures for 2018","ref":"AB47","row":47,"column":28,)"
                                       R"("raw":null,"raw_missing":"no workbooks are read here"},"notes":[])"));
  EXPECT_THAT(response.body, HasSubstr(R"("lock":"[[edition]]\nedition = \"2018\"\nsha256 = \"ab12\"\n")"));
  const std::string checks =
      R"json("checks":{"passed":7,"failed":0,"waived":1,"each":[{"check":"K04000001 = sum(E92000001, W92000004)",)json"
      R"("result":"passed","count":7},{"check":"markers","result":"waived","count":1}])";
  EXPECT_THAT(response.body, HasSubstr(checks + R"(,"findings":["sum@A!B7"]})"));
  EXPECT_THAT(fixture.Get("/v1/datasets/deaths_traced/vintages/latest").body, HasSubstr(checks + "}"));
  EXPECT_THAT(fixture.Get("/v1/datasets/deaths_traced/vintages").body, HasSubstr(R"("waived":1},"findings")"));
  EXPECT_THAT(response.body, HasSubstr(R"("recipe":"ons/deaths-monthly","run":"run-1")"));
}

TEST(Lineage, IsNotInvented) {
  const testing::ServiceFixture fixture;
  const auto response = fixture.Get("/v1/datasets/deaths_monthly/observations/M.E08000007.2018-01/lineage");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("/problems/no-lineage"));
}

}  // namespace
}  // namespace tidemill::data_api
