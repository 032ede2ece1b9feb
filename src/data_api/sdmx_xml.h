// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"

// The parts that all SDMX-ML 2.1 messages share.
namespace tidemill::data_api {

// Text for XML 1.0: escaped; characters that it cannot hold become U+FFFD.
std::string XmlText(std::string_view text);
// ` name="value"`, escaped.
std::string XmlAttribute(std::string_view name, std::string_view value);
// <com:Name xml:lang="en">…</com:Name>
std::string SdmxName(std::string_view name);

inline constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
inline constexpr std::string_view kMessageNamespaces =
    " xmlns:mes=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message\""
    " xmlns:com=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common\"";

// <mes:Header> with what stands in it before `rest` (structures of a data message). Without `prepared` the epoch:
// answers hold no clock, so that equal figures have equal bytes.
std::string SdmxHeader(std::string_view id, std::string_view agency, const std::optional<base::Time>& prepared,
                       std::string_view rest);

}  // namespace tidemill::data_api
