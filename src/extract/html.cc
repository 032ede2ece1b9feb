// SPDX-License-Identifier: Apache-2.0
#include "html.h"

#include <algorithm>
#include <csetjmp>

namespace tidemill::extract {

// Gives memory out and never takes it back before its end.
class Arena {
 public:
  Arena(std::size_t most, std::stop_token stop) : most_(most), stop_(std::move(stop)) {}

  // A null pointer where the limit is reached or a stop was asked for.
  void* Take(std::size_t size) noexcept {
    if (size > most_ || (++taken_ % kLookEvery == 0 && stop_.stop_requested())) return nullptr;
    size = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (size > left_ && !Grow(size)) return nullptr;
    char* const place = next_;
    next_ += size;
    left_ -= size;
    return place;
  }

  bool stopped() const { return stop_.stop_requested(); }
  // Where to go on when nothing is left: gumbo does not look at what an allocation returns.
  std::jmp_buf& way_out() { return way_out_; }

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);
  static constexpr std::size_t kBlock = std::size_t{64} << 10U;
  static constexpr unsigned kLookEvery = 256;

  bool Grow(std::size_t size) noexcept {
    const std::size_t block = std::max(size, kBlock);
    if (block > most_) return false;
    most_ -= block;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    next_ = blocks_.back().get();
    left_ = block;
    return true;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t most_;  // what may still be taken from the system
  unsigned taken_ = 0;
  std::stop_token stop_;
  std::jmp_buf way_out_;
};

namespace {

// Only frames of gumbo, which is C, lie between this and its caller ParseOrGiveUp.
void* Allocate(void* user, std::size_t size) {
  Arena& arena = *static_cast<Arena*>(user);
  void* const place = arena.Take(size);
  if (place == nullptr) std::longjmp(arena.way_out(), 1);
  return place;
}

void Deallocate(void* /*user*/, void* /*place*/) {}

GumboOutput* ParseOrGiveUp(const GumboOptions& options, Arena& arena, std::string_view html) {
  if (setjmp(arena.way_out()) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

}  // namespace

HtmlTree::HtmlTree(std::unique_ptr<Arena> arena, const GumboNode* document)
    : arena_(std::move(arena)), document_(document) {}
HtmlTree::HtmlTree(HtmlTree&&) noexcept = default;
HtmlTree& HtmlTree::operator=(HtmlTree&&) noexcept = default;
HtmlTree::~HtmlTree() = default;

base::Result<HtmlTree> HtmlTree::Parse(std::string_view html, std::size_t most_memory, std::stop_token stop) {
  auto arena = std::make_unique<Arena>(most_memory, std::move(stop));
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &Allocate;
  options.deallocator = &Deallocate;
  options.userdata = arena.get();
  options.max_errors = 0;
  const GumboOutput* output = ParseOrGiveUp(options, *arena, html.empty() ? std::string_view("") : html);
  if (output != nullptr) return HtmlTree(std::move(arena), output->document);
  if (arena->stopped()) return base::Fail(base::ErrorCode::kCancelled, "cancelled while the page was read");
  return base::Fail(base::ErrorCode::kTooLarge, "the page takes more than {} MiB when parsed", most_memory >> 20U);
}

const GumboVector* ChildrenOf(const GumboNode& node) {
  switch (node.type) {
    case GUMBO_NODE_DOCUMENT:
      return &node.v.document.children;
    case GUMBO_NODE_ELEMENT:
      return &node.v.element.children;
    default:
      return nullptr;
  }
}

const GumboElement* ElementOf(const GumboNode& node) {
  return node.type == GUMBO_NODE_ELEMENT ? &node.v.element : nullptr;
}

const char* AttributeOf(const GumboElement& element, const char* name) {
  const GumboAttribute* attribute = gumbo_get_attribute(&element.attributes, name);
  return attribute == nullptr ? nullptr : attribute->value;
}

}  // namespace tidemill::extract
