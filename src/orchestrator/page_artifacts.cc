// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kArtifactsAPage = 50;

constexpr std::array kPageColumns{Column{"id", "a.id"},
                                  Column{"created", "a.created", Kind::kInstant},
                                  Column{"key", "a.key"},
                                  Column{"type", "a.type"},
                                  Column{"description", "substr(a.description, 1, 300)"},
                                  Column{"flow_run_id", "a.flow_run_id"},
                                  Column{"flow_run_name", "r.name"},
                                  Column{"cursor", "a.number", Kind::kInt}};
constexpr Entity kLine{"Artifact", "artifact a", kPageColumns, "LEFT JOIN flow_run r ON r.id = a.flow_run_id"};

}  // namespace

Outcome<Answer> PageArtifacts(Call& call) {
  Selection selection{.order = "a.number DESC"};
  if (const auto key = QueryText(call, "key")) AddCondition(selection, "a.key = {}", *key);
  TIDEMILL_ASSIGN(const std::int64_t after, QueryInt(call, "after", 0, 0, std::int64_t{1} << 53));
  if (after > 0) AddCondition(selection, "a.number < {}", after);
  TIDEMILL_ASSIGN(std::string page, PagedJson(call, kLine, std::move(selection), "artifacts", kArtifactsAPage));
  return Answer{.status = 200, .body = std::move(page)};
}

}  // namespace tidemill::orchestrator
