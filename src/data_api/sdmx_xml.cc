// SPDX-License-Identifier: Apache-2.0
#include "sdmx_xml.h"

#include <fmt/format.h>

#include "tidemill/base/date.h"

namespace tidemill::data_api {

std::string XmlText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
      case '\n':
      case '\r':
        out += fmt::format("&#{};", static_cast<int>(c));
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string XmlAttribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, XmlText(value));
}

std::string SdmxName(std::string_view name) {
  return "<com:Name xml:lang=\"en\">" + XmlText(name) + "</com:Name>";
}

std::string SdmxHeader(std::string_view id, std::string_view agency, const std::optional<base::Time>& prepared,
                       std::string_view rest) {
  return fmt::format(
      "<mes:Header><mes:ID>{}</mes:ID><mes:Test>false</mes:Test><mes:Prepared>{}</mes:Prepared>"
      "<mes:Sender{}/>{}</mes:Header>",
      XmlText(id), base::ToRfc3339(prepared.value_or(base::Time())), XmlAttribute("id", agency), rest);
}

}  // namespace tidemill::data_api
