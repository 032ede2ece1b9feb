// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/cloud_run_fields.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "credentials.h"
#include "json.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
namespace json = boost::json;

constexpr std::string_view kBlock = "cloud-run-job";
constexpr std::string_view kPool = "cloud-run-v2";

tl::unexpected<base::Error> Wrong(std::string_view field, std::string_view expected) {
  return base::FailAt(ErrorCode::kInvalid, std::string(field), "expected {}", expected);
}

std::vector<std::string> Texts(const json::object& fields, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::value& value : Array(fields, name)) {
    if (value.is_string()) texts.emplace_back(value.get_string().c_str());
  }
  return texts;
}

std::vector<std::pair<std::string, std::string>> Pairs(const json::object& object) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [key, value] : object) {
    if (value.is_null()) continue;
    const auto* text = value.if_string();
    pairs.emplace_back(std::string(key), text != nullptr ? std::string(text->c_str()) : json::serialize(value));
  }
  return pairs;
}

// Both or neither, 1 as "1000m" and 512 with Mi as "512Mi".
base::Status ReadBlockSizes(const json::object& block, CloudRunFields& fields) {
  const std::int64_t cpu = Number(block, "cpu");
  const std::int64_t memory = Number(block, "memory");
  const std::string unit = Text(block, "memory_unit");
  if (cpu < 0 || cpu > 64) return Wrong("cpu", "whole CPUs, 1 to 64");
  if (memory < 0 || (memory == 0) != unit.empty()) return Wrong("memory", "a number together with memory_unit");
  if (!unit.empty() && unit != "G" && unit != "Gi" && unit != "M" && unit != "Mi") {
    return Wrong("memory_unit", "G, Gi, M or Mi");
  }
  if (cpu > 0) fields.cpu = fmt::format("{}m", cpu * 1000);
  if (memory > 0) fields.memory = fmt::format("{}{}", memory, unit);
  return {};
}

void ReadSecret(const json::object& variables, std::string_view field, std::string_view variable,
                CloudRunFields& fields) {
  const json::object& reference = Object(variables, field);
  const std::string version = Text(reference, "version");
  if (const std::string secret = Text(reference, "secret"); !secret.empty()) {
    fields.secrets[std::string(variable)] = {.secret = secret, .version = version.empty() ? "latest" : version};
  }
}

void ReadPoolVariables(const json::object& variables, CloudRunFields& fields) {
  fields.cpu = Text(variables, "cpu");
  fields.memory = Text(variables, "memory");
  fields.launch_stage = Text(variables, "launch_stage");
  fields.max_retries = static_cast<int>(std::clamp<std::int64_t>(Number(variables, "max_retries"), 0, 10));
  const json::object& secrets = Object(variables, "env_from_secrets");
  for (const auto& [name, unused] : secrets) ReadSecret(secrets, name, name, fields);
  ReadSecret(variables, "prefect_api_key_secret", "PREFECT_API_KEY", fields);
  ReadSecret(variables, "prefect_api_auth_string_secret", "PREFECT_API_AUTH_STRING", fields);
}

// Lower-case letters, digits, '-' and '_', at most 63 of them.
std::string Label(std::string_view text) {
  constexpr std::size_t kMost = 63;
  std::string label;
  for (const char c : text.substr(0, kMost)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    label += kept ? c : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : '-';
  }
  return label;
}

json::array ToJson(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

json::array EnvironmentOf(const CloudRunFields& fields) {
  json::array environment;
  for (const auto& [name, value] : fields.environment) {
    if (!fields.secrets.contains(name)) environment.push_back({{"name", name}, {"value", value}});
  }
  for (const auto& [name, reference] : fields.secrets) {
    const json::object key{{"secret", reference.secret}, {"version", reference.version}};
    environment.push_back({{"name", name}, {"valueSource", json::object{{"secretKeyRef", key}}}});
  }
  return environment;
}

json::object ContainerOf(const CloudRunFields& fields) {
  json::object container{{"image", fields.image}, {"env", EnvironmentOf(fields)}};
  if (!fields.command.empty()) container["command"] = ToJson(fields.command);
  if (!fields.args.empty()) container["args"] = ToJson(fields.args);
  json::object limits;
  if (!fields.cpu.empty()) limits["cpu"] = fields.cpu;
  if (!fields.memory.empty()) limits["memory"] = fields.memory;
  if (!limits.empty()) container["resources"] = json::object{{"limits", limits}};
  return container;
}

}  // namespace

Result<CloudRunFields> ParseCloudRunFields(std::string_view type, std::string_view text) {
  constexpr std::int64_t kMostOfBlock = 3600;
  constexpr std::int64_t kMostOfPool = 604'800;
  if (type != kBlock && type != kPool) return Wrong("type", "cloud-run-job or cloud-run-v2");
  TIDEMILL_ASSIGN(const json::object object, ParseObject(text, std::string(type)));
  CloudRunFields fields;
  const json::object& credentials = Object(object, "credentials");
  TIDEMILL_ASSIGN(fields.key, KeyOf(credentials, "credentials"));
  fields.project = Text(credentials, "project");
  fields.region = Text(object, "region");
  if (fields.region.empty() && type == kPool) fields.region = "us-central1";
  fields.image = Text(object, "image");
  fields.command = Texts(object, "command");
  fields.args = Texts(object, "args");
  fields.environment = Pairs(Object(object, "env"));
  for (const auto& [name, value] : Pairs(Object(object, "labels"))) fields.labels[name] = value;
  fields.vpc_connector = Text(object, "vpc_connector_name");
  fields.service_account = Text(object, "service_account_name");  // a block has it only by an override
  fields.keep_job = Flag(object, "keep_job");
  const std::int64_t timeout = Number(object, "timeout", 600);
  if (timeout < 1 || timeout > (type == kBlock ? kMostOfBlock : kMostOfPool)) {
    return Wrong("timeout", type == kBlock ? "seconds, 1 to 3600" : "seconds, 1 to 604800");
  }
  fields.timeout_seconds = static_cast<int>(timeout);
  if (fields.image.empty()) return Wrong("image", "the name of an image");
  if (fields.region.empty() || Label(fields.region) != fields.region)
    return Wrong("region", "a region as europe-west2");
  if (type == kBlock) {
    TIDEMILL_CHECK(ReadBlockSizes(object, fields));
  } else {
    ReadPoolVariables(object, fields);
  }
  return fields;
}

void SetVariable(CloudRunFields& fields, std::string_view name, std::string value) {
  auto& all = fields.environment;
  const auto there = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
  if (there != all.end()) {
    there->second = std::move(value);
  } else {
    all.emplace_back(name, std::move(value));
  }
}

std::string CloudRunJobBody(const CloudRunFields& fields) {
  json::object task{{"containers", json::array{ContainerOf(fields)}},
                    {"maxRetries", fields.max_retries},
                    {"timeout", fmt::format("{}s", fields.timeout_seconds)}};
  if (!fields.service_account.empty()) task["serviceAccount"] = fields.service_account;
  if (!fields.vpc_connector.empty()) task["vpcAccess"] = json::object{{"connector", fields.vpc_connector}};
  json::object body{{"client", "tidemill"}, {"template", json::object{{"taskCount", 1}, {"template", task}}}};
  if (!fields.launch_stage.empty()) body["launchStage"] = fields.launch_stage;
  json::object labels;
  for (const auto& [name, value] : fields.labels) labels[Label(name)] = Label(value);
  if (!labels.empty()) body["labels"] = labels;
  return json::serialize(body);
}

}  // namespace tidemill::cloud
