// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "bytes.h"

namespace tidemill::workbook {

// What a byte order mark at the beginning, or zeros as UTF-16 has them, say: "utf-8", "utf-16le", "utf-16be"; empty
// where they say nothing.
std::string_view EncodingByMark(std::string_view bytes);
// Text as UTF-8, a byte order mark left out; a view of the bytes where they are UTF-8 already. `encoding` is one of
// base::EncodingName's. What cannot be read becomes U+FFFD, except in UTF-8, which stays as it is.
Buffer DecodeText(std::string_view bytes, std::string_view encoding);

// A copy of the text.
Buffer BufferOf(std::string_view text);

// An XML document as UTF-8, by its mark or its declaration. An encoding that is not known counts as UTF-8.
Buffer XmlAsUtf8(std::string_view bytes);

}  // namespace tidemill::workbook
