// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

#include "html.h"
#include "page_text.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostTreeBytes = std::size_t{512} << 20U;
constexpr std::size_t kMostTextBytes = 4096;  // of one link or heading
constexpr std::size_t kMostResultBytes = std::size_t{64} << 20U;

// Appends, but never past kMostTextBytes, and nothing blank in front.
void AppendText(std::string& out, std::string_view text) {
  if (out.empty()) text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f"), text.size()));
  std::size_t room = kMostTextBytes - std::min(out.size(), kMostTextBytes);
  if (text.size() <= room) {
    out += text;
    return;
  }
  while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0U) == 0x80) --room;  // no half character
  out += text.substr(0, room);
}

bool IsHeading(GumboTag tag) {
  return tag == GUMBO_TAG_H1 || tag == GUMBO_TAG_H2 || tag == GUMBO_TAG_H3 || tag == GUMBO_TAG_H4 ||
         tag == GUMBO_TAG_H5 || tag == GUMBO_TAG_H6;
}

// Elements that stand on lines or in cells of their own: what is before and behind them are different words.
bool PartsWords(GumboTag tag) {
  constexpr std::array kTags = {GUMBO_TAG_BR, GUMBO_TAG_DIV, GUMBO_TAG_P,  GUMBO_TAG_LI, GUMBO_TAG_UL, GUMBO_TAG_OL,
                                GUMBO_TAG_TD, GUMBO_TAG_TH,  GUMBO_TAG_TR, GUMBO_TAG_DT, GUMBO_TAG_DD};
  return IsHeading(tag) || std::find(kTags.begin(), kTags.end(), tag) != kTags.end();
}

bool HoldsNoText(GumboTag tag) {
  return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE;
}

struct RawLink {
  const char* href;
  std::string text;
  std::optional<std::size_t> heading;  // index
};

// What a walk over the tree collects. Addresses are resolved afterwards, since <base> may stand behind a link.
class PageWalk {
 public:
  void Enter(const GumboNode& node) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA) {
      AppendToOpen(node.v.text.text);
      return;
    }
    const GumboElement* element = ElementOf(node);
    if (element == nullptr) return;
    if (PartsWords(element->tag)) AppendToOpen(" ");
    if (HoldsNoText(element->tag)) ++silent_;
    if (element->tag == GUMBO_TAG_TITLE && title_state_ == Title::kNone) title_state_ = Title::kOpen;
    if (IsHeading(element->tag)) {
      open_headings_.push_back(headings_.size());
      headings_.emplace_back();
    }
    const char* href = AttributeOf(*element, "href");
    if (element->tag == GUMBO_TAG_BASE && href != nullptr && base_ == nullptr) base_ = href;
    if (element->tag == GUMBO_TAG_A && href != nullptr) OpenLink(href);
    const char* alternative = element->tag == GUMBO_TAG_IMG ? AttributeOf(*element, "alt") : nullptr;
    if (alternative != nullptr) AppendToOpen(alternative);
  }

  void Leave(const GumboNode& node) {
    const GumboElement* element = ElementOf(node);
    if (element == nullptr) return;
    if (PartsWords(element->tag)) AppendToOpen(" ");
    if (HoldsNoText(element->tag)) --silent_;
    if (element->tag == GUMBO_TAG_TITLE && title_state_ == Title::kOpen) title_state_ = Title::kDone;
    if (IsHeading(element->tag)) open_headings_.pop_back();
    if (element->tag == GUMBO_TAG_A && AttributeOf(*element, "href") != nullptr) open_links_.pop_back();
  }

  base::Result<Page> Finish(std::string_view page_url) {
    std::string from(page_url);
    if (base_ != nullptr) {
      if (auto resolved = http::ResolveUrl(page_url, base_)) from = *std::move(resolved);
    }
    for (std::string& heading : headings_) heading = base::CollapseSpace(heading);
    Page page{.links = {}, .title = base::CollapseSpace(title_)};
    const bool local = Scheme(page_url) == "file";
    std::size_t bytes = 0;
    for (const RawLink& raw : links_) {
      auto url = Address(from, raw.href, local);
      if (!url) continue;
      PageLink link{*std::move(url), base::CollapseSpace(raw.text), raw.heading ? headings_[*raw.heading] : ""};
      bytes += sizeof(link) + link.url.size() + link.text.size() + link.heading.size();
      if (bytes > kMostResultBytes) {
        return base::Fail(ErrorCode::kTooLarge, "the page has too many links: {} take {} MiB", page.links.size(),
                          kMostResultBytes >> 20U);
      }
      page.links.push_back(std::move(link));
    }
    return page;
  }

 private:
  enum class Title { kNone, kOpen, kDone };

  static std::string Scheme(std::string_view url) { return base::Lower(http::SplitUrl(url).scheme); }

  // The absolute address, without fragment; nothing for what cannot be downloaded. A page of the web may not point into
  // the local file system.
  static std::optional<std::string> Address(const std::string& from, std::string_view href, bool local) {
    std::string joined;  // browsers take line breaks and tabs out of addresses
    std::copy_if(href.begin(), href.end(), std::back_inserter(joined),
                 [](char c) { return c != '\n' && c != '\r' && c != '\t'; });
    const auto resolved = http::ResolveUrl(from, joined);
    if (!resolved) return std::nullopt;
    http::UrlParts parts = http::SplitUrl(*resolved);
    const bool web = (parts.scheme == "http" || parts.scheme == "https") && !parts.authority.value_or("").empty();
    if (!web && !(local && parts.scheme == "file")) return std::nullopt;
    parts.fragment.reset();
    return http::JoinUrl(parts);
  }

  void OpenLink(const char* href) {
    const std::optional<std::size_t> heading =
        headings_.empty() ? std::nullopt : std::optional<std::size_t>(headings_.size() - 1);
    open_links_.push_back(links_.size());
    links_.push_back({href, {}, heading});
  }

  void AppendToOpen(std::string_view text) {
    if (silent_ > 0) return;
    if (title_state_ == Title::kOpen) AppendText(title_, text);
    if (!open_links_.empty()) AppendText(links_[open_links_.back()].text, text);
    if (!open_headings_.empty()) AppendText(headings_[open_headings_.back()], text);
  }

  const char* base_ = nullptr;
  std::string title_;
  Title title_state_ = Title::kNone;
  int silent_ = 0;
  std::vector<RawLink> links_;
  std::vector<std::string> headings_;
  std::vector<std::size_t> open_links_;     // innermost last
  std::vector<std::size_t> open_headings_;  // innermost last
};

}  // namespace

base::Result<Page> ReadPage(std::string_view html, std::string_view page_url, std::stop_token stop) {
  if (html.size() > kMostPageBytes) {
    return base::FailAt(ErrorCode::kTooLarge, http::MaskUrl(page_url), "the page has {} bytes, at most {} are read",
                        html.size(), kMostPageBytes);
  }
  const auto located = [&](base::Error error) {
    error.place = http::MaskUrl(page_url);
    return error;
  };
  const std::string text = PageToUtf8(html);
  const auto tree = HtmlTree::Parse(text, kMostTreeBytes, std::move(stop));
  if (!tree) return tl::unexpected(located(tree.error()));
  PageWalk walk;
  WalkTree(
      tree->document(), [&](const GumboNode& node) { walk.Enter(node); },
      [&](const GumboNode& node) { walk.Leave(node); });
  auto page = walk.Finish(page_url);
  if (!page) return tl::unexpected(located(std::move(page).error()));
  return page;
}

}  // namespace tidemill::extract
