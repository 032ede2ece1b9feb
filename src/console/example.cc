// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "tidemill/console/verb.h"

namespace tidemill::console {
namespace {

// What an argument might be: in a group of verbs, else anywhere.
struct Sample {
  std::string_view group, key, text;
};
constexpr std::array kSamples{
    Sample{"deployment", "NAME", "main-flow/main-flow"},
    Sample{"deployment schedule", "NAME", "main-flow/main-flow"},
    Sample{"block type", "NAME", "gcs-bucket"},
    Sample{"variable", "NAME", "my_variable"},
    Sample{"", "BLOCK", "gcs-bucket/etlapi-bucket"},
    Sample{"", "FILE", "main_flow-deployment.yaml"},
    Sample{"", "ID", "5f0c9a52-3a63-4b2e-9d0a-2d3b6c1f8e47"},
    Sample{"", "KEY", "run-report"},
    Sample{"", "LIMIT", "4"},
    Sample{"", "NEW", "another"},
    Sample{"", "SCHEDULE", "5f0c9a52-3a63-4b2e-9d0a-2d3b6c1f8e47"},
    Sample{"", "SETTING", "PREFECT_API_URL"},
    Sample{"", "TAG", "database"},
    Sample{"", "VALUE", "some-value"},
    Sample{"", "limit", "4"},
};

std::string SampleOf(std::string_view group, const std::string& key) {
  for (const Sample& sample : kSamples) {
    if (sample.key == key && (sample.group == group || sample.group.empty())) return std::string(sample.text);
  }
  return "my-" + std::string(group.substr(group.rfind(' ') + 1));
}

}  // namespace

std::string ExampleOf(const Verb& verb) {
  if (!verb.example.empty()) return std::string(verb.example);
  std::string example = "tidemill ";
  if (!verb.group.empty()) example += std::string(verb.group) + " ";
  example += verb.name;
  for (const Option& option : verb.options) {
    if (!option.required) continue;
    const std::string key = option.key();
    example += ' ';
    if (option.names.starts_with('-')) example += "--" + key + " ";
    example += SampleOf(verb.group, key);
  }
  return example;
}

}  // namespace tidemill::console
