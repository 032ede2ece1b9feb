// SPDX-License-Identifier: Apache-2.0
#include "block_references.h"

#include "tidemill/base/text.h"

namespace tidemill::worker {
namespace {

namespace json = prefect::json;
using base::Result;
using prefect::PathPart;

// What stands between "{{ prefect.blocks." and "}}"; empty for any other text.
std::string_view NamedBlock(std::string_view text) {
  constexpr std::string_view kBlocks = "prefect.blocks.";
  text = base::Trim(text);
  if (!text.starts_with("{{") || !text.ends_with("}}")) return {};
  text = base::Trim(text.substr(2, text.size() - 4));
  return text.starts_with(kBlocks) ? text.substr(kBlocks.size()) : std::string_view();
}

Result<json::value> DataOf(const prefect::Client& client, const std::string& path, const prefect::AskOptions& ask) {
  TIDEMILL_ASSIGN(const json::value block, client.Get(path + "?include_secrets=true", ask));
  return json::value(prefect::ObjectIn(block, "data"));
}

// "gcp-credentials.etlapi-gcp", or "secret.password.value".
Result<json::value> DataOfNamed(const prefect::Client& client, std::string_view name, const prefect::AskOptions& ask) {
  const std::size_t first = name.find('.');
  if (first == std::string_view::npos) {
    return base::Fail(base::ErrorCode::kInvalid, "prefect.blocks.{} names no block, expected prefect.blocks.TYPE.NAME",
                      name);
  }
  const std::size_t second = std::min(name.find('.', first + 1), name.size());
  TIDEMILL_ASSIGN(const json::value data,
                  DataOf(client,
                         fmt::format("/block_types/slug/{}/block_documents/name/{}", PathPart(name.substr(0, first)),
                                     PathPart(name.substr(first + 1, second - first - 1))),
                         ask));
  if (second == name.size()) return data;
  const json::value* field = prefect::Find(data, name.substr(second + 1));
  return field != nullptr ? *field : json::value(nullptr);
}

base::Status Resolve(const prefect::Client& client, json::value& value, const prefect::AskOptions& ask) {
  if (const std::string id = prefect::TextIn(value, "$ref.block_document_id"); !id.empty()) {
    TIDEMILL_ASSIGN(value, DataOf(client, "/block_documents/" + PathPart(id), ask));
  } else if (value.is_object()) {
    TIDEMILL_CHECK(ResolveBlocks(client, value.get_object(), ask));
  } else if (value.is_string()) {
    const std::string text = prefect::AsText(value);
    if (const std::string_view name = NamedBlock(text); !name.empty()) {
      TIDEMILL_ASSIGN(value, DataOfNamed(client, name, ask));
    }
  }
  return {};
}

}  // namespace

base::Status ResolveBlocks(const prefect::Client& client, json::object& variables, const prefect::AskOptions& ask) {
  for (auto& variable : variables) TIDEMILL_CHECK(Resolve(client, variable.value(), ask));
  return {};
}

}  // namespace tidemill::worker
