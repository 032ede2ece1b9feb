// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/http/message.h"

#include "page_files.h"

namespace tidemill::web {

// The weight of an item of a list such as "text/html;q=0.8" in thousandths, or -1 where the list does not have it.
int WeightOf(std::string_view list, std::string_view wanted);

// The file as it is or packed, whatever the client takes; 304 where its copy is still good. `more`: headers beside
// those of its content.
http::Response SendPage(const http::Request& request, const PageFile& file, http::Headers more);

}  // namespace tidemill::web
