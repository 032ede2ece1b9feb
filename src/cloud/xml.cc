// SPDX-License-Identifier: Apache-2.0
#include "xml.h"

#include <array>
#include <utility>

namespace tidemill::cloud {
namespace {

std::string Resolve(std::string_view text) {
  using Entity = std::pair<std::string_view, char>;
  constexpr std::array kEntities = {Entity{"&amp;", '&'},  Entity{"&lt;", '<'},  Entity{"&gt;", '>'},
                                    Entity{"&quot;", '"'}, Entity{"&#34;", '"'}, Entity{"&#39;", '\''},
                                    Entity{"&apos;", '\''}};
  std::string resolved;
  resolved.reserve(text.size());
  while (!text.empty()) {
    const auto* found = kEntities.end();
    if (text.front() == '&') {
      found = kEntities.begin();
      while (found != kEntities.end() && !text.starts_with(found->first)) ++found;
    }
    resolved += found == kEntities.end() ? text.front() : found->second;
    text.remove_prefix(found == kEntities.end() ? 1 : found->first.size());
  }
  return resolved;
}

}  // namespace

std::vector<std::string_view> Elements(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  std::vector<std::string_view> found;
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
    const std::size_t begin = at + open.size();
    const std::size_t end = xml.find(close, begin);
    if (end == std::string_view::npos) break;
    found.push_back(xml.substr(begin, end - begin));
    at = end + close.size();
  }
  return found;
}

std::optional<std::string> FirstElement(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::size_t at = xml.find(open);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t begin = at + open.size();
  const std::size_t end = xml.find("</", begin);
  if (end == std::string_view::npos) return std::nullopt;
  return Resolve(xml.substr(begin, end - begin));
}

}  // namespace tidemill::cloud
