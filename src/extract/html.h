// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include <gumbo.h>

#include "tidemill/base/result.h"

namespace tidemill::extract {

class Arena;

// A parsed HTML document. All of it lives in one arena with a limit, and is let go of at once: gumbo's own clean-up
// calls itself once a level, so that a hostile page could exhaust the stack.
class HtmlTree {
 public:
  // `html` must be UTF-8. kTooLarge where the tree would take more than `most_memory`; kCancelled on `stop`, which is
  // looked at while parsing, since nested elements can make that quadratic.
  static base::Result<HtmlTree> Parse(std::string_view html, std::size_t most_memory, std::stop_token stop);
  HtmlTree(HtmlTree&&) noexcept;
  HtmlTree& operator=(HtmlTree&&) noexcept;
  ~HtmlTree();

  const GumboNode& document() const { return *document_; }

 private:
  HtmlTree(std::unique_ptr<Arena> arena, const GumboNode* document);
  std::unique_ptr<Arena> arena_;
  const GumboNode* document_;
};

// The nodes under `node`; nothing for text and comments.
const GumboVector* ChildrenOf(const GumboNode& node);
// The element, where it is one; templates are none, since their contents are not shown.
const GumboElement* ElementOf(const GumboNode& node);
// The value of an attribute; a null pointer where it is absent.
const char* AttributeOf(const GumboElement& element, const char* name);

// Calls enter(node) for every node in document order, and leave(node) behind its children. Needs no stack of calls,
// however deep the tree is.
template <class Enter, class Leave>
void WalkTree(const GumboNode& root, Enter enter, Leave leave) {
  struct Level {
    const GumboNode* node;
    unsigned next_child;
  };
  enter(root);
  std::vector<Level> path = {{&root, 0}};
  while (!path.empty()) {
    Level& level = path.back();
    const GumboVector* children = ChildrenOf(*level.node);
    if (children != nullptr && level.next_child < children->length) {
      const auto& child = *static_cast<const GumboNode*>(children->data[level.next_child++]);
      enter(child);
      path.push_back({&child, 0});
    } else {
      leave(*level.node);
      path.pop_back();
    }
  }
}

}  // namespace tidemill::extract
