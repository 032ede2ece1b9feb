// SPDX-License-Identifier: Apache-2.0
// Deployment files come from elsewhere: whatever they hold, they are read or refused, and what was read can be written
// and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tidemill/prefect/deployment_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tidemill::prefect::ParseDeploymentFile;
  using tidemill::prefect::ParseYaml;
  using tidemill::prefect::WriteDeploymentFile;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = ParseYaml(text, "f.yaml");
  const auto deployment = ParseDeploymentFile(text, "f.yaml");
  if (deployment && !value) std::abort();
  if (!deployment) return 0;
  const auto again = ParseDeploymentFile(WriteDeploymentFile(*deployment), "f.yaml");
  if (!again || again->at("name") != deployment->at("name")) std::abort();
  return 0;
}
