// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/identity.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/uuid.h"

namespace tidemill::flow {
namespace {

constexpr std::array<std::string_view, 48> kManners{
    "able",   "amber", "brave",  "bright", "brisk",    "calm",    "careful", "clever", "crisp", "curious",
    "deft",   "eager", "early",  "fair",   "faithful", "fleet",   "frank",   "gentle", "glad",  "golden",
    "handy",  "hardy", "honest", "humble", "jolly",    "keen",    "kind",    "lively", "loyal", "mellow",
    "merry",  "mild",  "neat",   "nimble", "patient",  "placid",  "proud",   "quick",  "quiet", "sage",
    "silver", "spry",  "steady", "sunny",  "swift",    "thrifty", "tidy",    "wise"};
constexpr std::array<std::string_view, 48> kBirds{
    "avocet",   "bittern", "bunting", "buzzard", "coot",    "cormorant", "crane",    "curlew",  "dipper", "dotterel",
    "dunlin",   "eider",   "falcon",  "fulmar",  "gannet",  "godwit",    "goose",    "grebe",   "gull",   "harrier",
    "heron",    "hobby",   "kestrel", "kite",    "knot",    "lapwing",   "linnet",   "martin",  "merlin", "osprey",
    "owl",      "petrel",  "pipit",   "plover",  "puffin",  "rail",      "redshank", "robin",   "ruff",   "sanderling",
    "shelduck", "siskin",  "skua",    "stint",   "swallow", "swift",     "tern",     "whimbrel"};

// 32 bits a draw: a double holds 53, and the top ones are the best of most generators.
std::uint64_t Draw32(const std::function<double()>& random) {
  constexpr double kRange = 4294967296.0;
  return static_cast<std::uint64_t>(std::clamp(random() * kRange, 0.0, kRange - 1));
}

base::RandomBits DrawBits(const std::function<double()>& random) {
  const std::uint64_t a = Draw32(random);
  const std::uint64_t b = Draw32(random);
  const std::uint64_t c = Draw32(random);
  return {.high = (a << 32U) | b, .low = (c << 32U) | Draw32(random)};
}

template <std::size_t kSize>
std::string_view Pick(const std::array<std::string_view, kSize>& words, const std::function<double()>& random) {
  return words[Draw32(random) % kSize];
}

}  // namespace

FlowRunInfo MakeFlowRunInfo(const std::function<double()>& random) {
  std::string id = base::UuidV4(DrawBits(random));
  const std::string_view manner = Pick(kManners, random);
  return {.id = std::move(id), .name = fmt::format("{}-{}", manner, Pick(kBirds, random))};
}

std::string MakeTaskRunId(base::Time now, const std::function<double()>& random) {
  return base::UuidV7(now, DrawBits(random));
}

}  // namespace tidemill::flow
