// SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/yaml.h>

#include "tidemill/base/text.h"
#include "tidemill/prefect/deployment_file.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;
using base::FailAt;
using base::Result;

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostValues = 100'000;  // aliases can stand for more than the text holds
constexpr std::size_t kDeepest = 64;

json::value PlainValue(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (const auto whole = base::ParseInt(text)) return *whole;
  if (text.find_first_of("0123456789") != std::string::npos) {
    if (const auto number = base::ParseDouble(text)) return *number;
  }
  return json::string(text);
}

class Converter {
 public:
  explicit Converter(const std::string& file) : file_(file) {}

  Result<json::value> Convert(const YAML::Node& node, std::size_t level) {
    const std::string place = fmt::format("{}:{}", file_, node.Mark().line + 1);
    if (++count_ > kMostValues) return FailAt(ErrorCode::kTooLarge, place, "more than {} values", kMostValues);
    if (level > kDeepest) return FailAt(ErrorCode::kTooLarge, place, "nested deeper than {} levels", kDeepest);
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        if (node.Tag() == "?") return PlainValue(node.Scalar());
        return json::value(json::string(node.Scalar()));
      case YAML::NodeType::Sequence:
        return ConvertItems(node, level);
      case YAML::NodeType::Map:
        return ConvertMembers(node, level);
      default:
        return json::value(nullptr);
    }
  }

 private:
  Result<json::value> ConvertItems(const YAML::Node& node, std::size_t level) {
    json::array items;
    for (const YAML::Node& item : node) {
      TIDEMILL_ASSIGN(json::value value, Convert(item, level + 1));
      items.push_back(std::move(value));
    }
    return json::value(std::move(items));
  }

  Result<json::value> ConvertMembers(const YAML::Node& node, std::size_t level) {
    json::object members;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) {
        return FailAt(ErrorCode::kInvalid, fmt::format("{}:{}", file_, member.first.Mark().line + 1),
                      "a name that is a list or a mapping: expected a text");
      }
      TIDEMILL_ASSIGN(json::value value, Convert(member.second, level + 1));
      members[member.first.Scalar()] = std::move(value);
    }
    return json::value(std::move(members));
  }

  const std::string& file_;
  std::size_t count_ = 0;
};

}  // namespace

Result<json::value> ParseYaml(std::string_view text, const std::string& file) {
  if (text.size() > kMostBytes) return FailAt(ErrorCode::kTooLarge, file, "longer than {} bytes", kMostBytes);
  try {
    return Converter(file).Convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return FailAt(ErrorCode::kMalformed, fmt::format("{}:{}:{}", file, error.mark.line + 1, error.mark.column + 1),
                  "no YAML: {}", error.msg);
  }
}

}  // namespace tidemill::prefect
