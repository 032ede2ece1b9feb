// SPDX-License-Identifier: Apache-2.0
#include "tidemill/console/verb.h"

#include "tidemill/base/text.h"

#include "show.h"
#include "table.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;

// "/work_pools/{NAME}" with the arguments' values, encoded for a path or as they stand.
std::string Fill(std::string_view pattern, const Context& context, bool for_path) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::size_t open = pattern.find('{', i);
    const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
    out += pattern.substr(i, open == std::string_view::npos ? open : open - i);
    if (close == std::string_view::npos) break;
    const std::string value = context.Text(std::string(pattern.substr(open + 1, close - open - 1)));
    out += for_path ? prefect::PathPart(value) : value;
    i = close + 1;
  }
  return out;
}

base::Result<json::value> ObjectOf(const std::string& text, const std::string& key, const Context& context) {
  std::string written = text;
  if (!base::Trim(text).starts_with('{')) {
    TIDEMILL_ASSIGN(written, context.around.read_file(text));
  }
  TIDEMILL_ASSIGN(json::value value, prefect::ParseJson(written, "--" + key));
  if (!value.is_object()) {
    return base::Fail(base::ErrorCode::kInvalid, "--{}: {} holds no JSON object", key, base::Quoted(text));
  }
  return value;
}

base::Result<json::value> ValueOf(const Option& option, const Context& context) {
  const Arguments& arguments = context.arguments;
  const std::string key = option.key();
  const std::string text = arguments.Text(key);
  switch (option.kind) {
    case Kind::kFlag:
      return json::value(true);
    case Kind::kJson:
      return prefect::JsonOrText(text);
    case Kind::kObject:
      return ObjectOf(text, key, context);
    case Kind::kInt: {
      const auto number = base::ParseInt(text);
      if (!number) return base::Fail(base::ErrorCode::kInvalid, "{} is {}: expected a number", key, base::Quoted(text));
      return json::value(*number);
    }
    case Kind::kList: {
      json::array items;
      for (const std::string& item : arguments.List(key)) items.emplace_back(item);
      return json::value(std::move(items));
    }
    case Kind::kPairs: {
      TIDEMILL_ASSIGN(json::object pairs, PairsOf(arguments.List(key), key));
      return json::value(std::move(pairs));
    }
    case Kind::kText:
    case Kind::kRaw:
      break;
  }
  return json::value(json::string(text));
}

void SetMember(json::object& body, std::string_view path, json::value value) {
  json::object* into = &body;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    json::value& member = (*into)[path.substr(0, dot)];
    if (!member.is_object()) member = json::object();
    into = &member.get_object();
    path.remove_prefix(dot + 1);
  }
  (*into)[path] = std::move(value);
}

}  // namespace

std::string Option::key() const {
  const std::string_view last = names.substr(names.rfind(',') == std::string_view::npos ? 0 : names.rfind(',') + 1);
  std::string key(last.substr(std::min(last.find_first_not_of('-'), last.size())));
  while (key.ends_with('?') || key.ends_with('.')) key.pop_back();
  return key;
}

std::string Arguments::Text(const std::string& key, std::string_view otherwise) const {
  const auto found = values_.find(key);
  return found != values_.end() && !found->second.empty() ? found->second.back() : std::string(otherwise);
}

const std::vector<std::string>& Arguments::List(const std::string& key) const {
  static const std::vector<std::string> kNone;
  const auto found = values_.find(key);
  return found != values_.end() ? found->second : kNone;
}

base::Result<json::object> PairsOf(const std::vector<std::string>& texts, std::string_view what) {
  json::object pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::Fail(base::ErrorCode::kInvalid, "{} {}: expected NAME=VALUE", what, base::Quoted(text));
    }
    pairs[text.substr(0, equals)] = prefect::JsonOrText(std::string_view(text).substr(equals + 1));
  }
  return pairs;
}

void ShowRows(const Context& context, const json::value& rows, std::string_view columns) {
  if (context.as_json) {
    context.around.print(prefect::ToIndentedText(rows));
  } else {
    context.around.print(ToTable(prefect::AsArray(rows), columns));
  }
}

base::Status ShowOne(const Context& context, const base::Result<json::value>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  context.around.print(prefect::ToIndentedText(*answer));
  return {};
}

base::Status ShowDone(const Context& context, const base::Result<json::value>& answer, std::string_view said) {
  if (!answer) return tl::unexpected(answer.error());
  if (context.as_json) {
    context.around.print(prefect::ToIndentedText(*answer));
  } else {
    context.Print(said);
  }
  return {};
}

base::Result<json::value> BodyOf(const Context& context) {
  json::value body = nullptr;
  if (!context.verb.body.empty()) {
    TIDEMILL_ASSIGN(body, prefect::ParseJson(context.verb.body, "the command's body"));
  }
  for (const Option& option : context.verb.options) {
    if (option.member.empty() || !context.Has(option.key())) continue;
    TIDEMILL_ASSIGN(json::value value, ValueOf(option, context));
    if (!body.is_object()) body = json::object();
    SetMember(body.get_object(), option.member, std::move(value));
  }
  return body;
}

base::Status RunVerb(const Context& context) {
  const Verb& verb = context.verb;
  if (verb.handler != nullptr) return verb.handler(context);
  TIDEMILL_ASSIGN(const json::value body, BodyOf(context));
  auto answer = context.client().Ask(verb.method, Fill(verb.path, context, true), body, context.ask());
  if (!answer) return tl::unexpected(std::move(answer).error());
  if (!verb.columns.empty()) {
    ShowRows(context, *answer, verb.columns);
    return {};
  }
  if (!verb.said.empty()) {
    std::string said = Fill(verb.said, context, false);
    if (const std::string id = prefect::TextIn(*answer, "id"); verb.method == "POST" && !id.empty()) {
      said += " (id " + id + ")";
    }
    return ShowDone(context, answer, said);
  }
  return ShowOne(context, answer);
}

}  // namespace tidemill::console
