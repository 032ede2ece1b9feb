// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include <gumbo.h>

#include "tidemill/base/result.h"

namespace tidemill::extract {

// Parses HTML and shows the tree, which lives only as long as `show` runs. kTooLarge where the tree would take more
// memory than `most_memory`, kCancelled on `stop`.
base::Status ParseHtml(std::string_view html, std::size_t most_memory, std::stop_token stop,
                       const std::function<void(const GumboNode& document)>& show);

// The next node in document order; nothing at the end. `enter` and `leave` are called for elements only, `leave` right
// behind their contents. Needs no stack, however deep the tree is.
void WalkTree(const GumboNode& root, const std::function<bool(const GumboNode&)>& enter,
              const std::function<void(const GumboNode&)>& leave);

}  // namespace tidemill::extract
