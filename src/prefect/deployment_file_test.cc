// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/deployment_file.h"

#include <gtest/gtest.h>

namespace tidemill::prefect {
namespace {

json::object Parsed(std::string_view text) {
  const auto parsed = ParseDeploymentFile(text, "x.yaml");
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().ToText());
  return parsed ? *parsed : json::object();
}

json::object Example() {
  const auto value = ParseJson(R"({
    "name": "main-flow", "description": null, "version": "1.10", "work_queue_name": "default", "work_pool_name": null,
    "tags": ["a b", "yes"], "parameters": {"n": 3, "deep": {"list": [1, [2], {"x": "y: z"}]}, "empty": {}},
    "schedule": {"cron": "0 0 * * *", "timezone": null, "day_or": true}, "is_schedule_active": null,
    "infra_overrides": {"env.KEY": "it's"}, "infrastructure": {"type": "process", "command": ["a", "- b"]},
    "flow_name": "main-flow", "manifest_path": null, "storage": null, "path": "/flows", "entrypoint": "a.toml:main-flow",
    "parameter_openapi_schema": {"title": "Parameters"}, "timestamp": "2023-08-31T20:11:30.802725+00:00", "triggers": []})",
                               "example");
  return value->as_object();
}

TEST(DeploymentFile, ReadsBackAsItWasWritten) {
  EXPECT_EQ(json::value(Parsed(WriteDeploymentFile(Example()))), json::value(Example()));
}

TEST(DeploymentFile, HasTheOldFilesMembersInTheirOrder) {
  const std::string text = WriteDeploymentFile(Example());
  EXPECT_EQ(
      text.find("###\n### A complete description of a Prefect Deployment for flow 'main-flow'\n###\nname: main-flow\n"
                "description: null\nversion: '1.10'\n"
                "# The work queue that will handle this deployment's runs\nwork_queue_name: default\n"),
      0U)
      << text;
  EXPECT_NE(text.find("schedule:\n  cron: 0 0 * * *\n  timezone: null\n  day_or: true\n"), std::string::npos) << text;
  EXPECT_NE(text.find("### DO NOT EDIT BELOW THIS LINE\n###\nflow_name: main-flow\n"), std::string::npos) << text;
}

TEST(DeploymentFile, KeepsTextsThatOthersWouldTakeForSomethingElse) {
  for (const char* text : {"yes", "null", "1.10", "2023-08-31", "", " x", "a: b", "a #b", "#a", "it's", "- a", "*a",
                           "line\nline", "tab\t", "ends:", "0x1F", "1e5", "~", "ümlaut"}) {
    json::object deployment = Example();
    deployment["description"] = text;
    EXPECT_EQ(TextIn(Parsed(WriteDeploymentFile(deployment)), "description"), text);
  }
}

TEST(DeploymentFile, PutsASavedBlockBelowTheLine) {
  json::object deployment = Example();
  deployment["infrastructure"] = json::object{{"image", "x"}, {"_block_document_name", "etlapi-cloud-run"}};
  const std::string text = WriteDeploymentFile(deployment);
  EXPECT_GT(text.find("infrastructure:"), text.find("DO NOT EDIT"));
  EXPECT_EQ(text.find("infrastructure:"), text.rfind("infrastructure:"));
}

TEST(DeploymentFile, SaysWhatIsMissingAndWhere) {
  const auto no_flow = ParseDeploymentFile("name: a\nentrypoint: b:c\n", "x.yaml");
  ASSERT_FALSE(no_flow);
  EXPECT_EQ(no_flow.error().ToText(), "x.yaml: a deployment's 'flow_name' is missing");
  const auto broken = ParseDeploymentFile("name: a\n  b: [\n", "x.yaml");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, base::ErrorCode::kMalformed);
  EXPECT_NE(broken.error().place.find("x.yaml:"), std::string::npos) << broken.error().ToText();
}

TEST(Yaml, BoundsWhatAliasesMakeOfIt) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'i'; ++name) {
    text += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) text += std::string(i == 0 ? "*" : ", *") + static_cast<char>(name - 1);
    text += "]\n";
  }
  const auto parsed = ParseYaml(text, "x.yaml");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace tidemill::prefect
