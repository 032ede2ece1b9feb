// SPDX-License-Identifier: Apache-2.0
#include "xml.h"

#include <array>
#include <charconv>

#include "tidemill/base/text.h"

#include "code_page.h"

namespace tidemill::workbook {
namespace {

// What is left of a text after an error, with the padding that rest() promises.
constexpr std::array<char, SlidingBuffer::kPadding> kNothing = {};

// A tag's name in a message.
std::string Shortened(std::string_view name) {
  return std::string(name.substr(0, 40));
}

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view LocalName(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

XmlAttribute MakeAttribute(std::string_view raw_name, std::string_view value) {
  const std::size_t colon = raw_name.rfind(':');
  if (colon == std::string_view::npos) return {.prefix = {}, .name = raw_name, .value = value};
  return {.prefix = raw_name.substr(0, colon), .name = raw_name.substr(colon + 1), .value = value};
}

// The code point of an entity without & and ;, or nothing.
std::optional<char32_t> EntityValue(std::string_view entity) {
  if (entity == "amp") return U'&';
  if (entity == "lt") return U'<';
  if (entity == "gt") return U'>';
  if (entity == "quot") return U'"';
  if (entity == "apos") return U'\'';
  if (!entity.starts_with('#')) return std::nullopt;
  entity.remove_prefix(1);
  const bool hexadecimal = entity.starts_with('x') || entity.starts_with('X');
  if (hexadecimal) entity.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(entity.data(), entity.data() + entity.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != entity.data() + entity.size() || value == 0 || value > 0x10FFFF) {
    return std::nullopt;
  }
  return value;
}

void AppendCarriageReturn(std::string& out, std::string_view& raw) {
  out.push_back('\n');
  raw.remove_prefix(raw.size() > 1 && raw[1] == '\n' ? 2 : 1);
}

void AppendEntity(std::string& out, std::string_view& raw) {
  constexpr std::size_t kLongest = 12;
  const std::size_t end = raw.substr(0, kLongest).find(';');
  const auto value = end == std::string_view::npos ? std::nullopt : EntityValue(raw.substr(1, end - 1));
  if (value) {
    AppendUtf8(out, *value);
    raw.remove_prefix(end + 1);
  } else {
    out.push_back('&');
    raw.remove_prefix(1);
  }
}

}  // namespace

void AppendXmlText(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find_first_of("&\r"), raw.size());
    out.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) return;
    raw.front() == '&' ? AppendEntity(out, raw) : AppendCarriageReturn(out, raw);
  }
}

XmlReader::XmlReader(std::string_view text, std::uint32_t max_depth) : text_(text), max_depth_(max_depth) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

XmlReader::XmlReader(MemberStream& stream, std::uint32_t max_depth)
    : stream_(&stream), stream_ended_(false), max_depth_(max_depth) {
  ReadMore();
  if (Ahead() && text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

// Doubles what is at hand, so that a long tag or text is looked through twice at most.
bool XmlReader::ReadMore() {
  constexpr std::size_t kLongest = std::size_t{8} << 20U;
  const std::size_t before = text_.size() - at_;
  if (stream_ended_) return false;
  passed_ += at_;
  at_ = 0;
  text_ = text_.substr(text_.size() - before);
  do {
    const auto next = stream_->Next(text_.size());
    if (!next) stream_error_ = next.error();
    stream_ended_ = !next || next->size() == text_.size();
    text_ = next ? *next : stream_->kept();
  } while (!stream_ended_ && text_.size() < 2 * before);
  if (before > kLongest) {
    stream_ended_ = true;
    if (error_.empty()) error_ = "a tag or text of more than 8 MiB";
  }
  return text_.size() > before;
}

// True where enough is at hand to tell what comes.
bool XmlReader::Ahead() {
  constexpr std::size_t kEnough = 16;
  while (text_.size() - at_ < kEnough && ReadMore()) {
  }
  return at_ < text_.size();
}

void XmlReader::Enter(std::string_view raw_name) {
  open_.push_back(open_names_.size());
  open_names_ += raw_name;
}

void XmlReader::Leave() {
  open_names_.resize(open_.back());
  open_.pop_back();
}

XmlReader::Event XmlReader::Fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
  passed_ += at_;
  text_ = {kNothing.data(), 0};
  at_ = 0;
  stream_ended_ = true;
  pending_end_ = false;
  return Event::kError;
}

XmlReader::Event XmlReader::Cut(std::string message) {
  if (stream_ended_) return Fail(std::move(message));
  is_cut_ = true;
  return Event::kError;
}

XmlReader::Event XmlReader::Next() {
  if (!error_.empty()) return Event::kError;
  if (pending_end_) {
    pending_end_ = false;
    Leave();
    return Event::kEnd;
  }
  while (Ahead()) {
    const std::size_t before = at_;
    const Event event = text_[at_] == '<' ? Markup() : Text();
    if (is_cut_) {
      is_cut_ = false;
      ReadMore();
      if (!error_.empty()) return Fail({});
      continue;
    }
    if (event != Event::kDone) return event;
    if (at_ == before) return Fail("no progress");
  }
  if (!open_.empty()) return Fail("the text ends within <" + Shortened(open_name()) + ">");
  if (!seen_root_) return Fail("no element");
  return Event::kDone;
}

// kDone from here and from Markup means: nothing to report, go on.
XmlReader::Event XmlReader::Text() {
  std::size_t end = text_.find('<', at_);
  if (end == std::string_view::npos) {
    if (!stream_ended_) return Cut({});
    end = text_.size();
  }
  text_view_ = text_.substr(at_, end - at_);
  is_cdata_ = false;
  at_ = end;
  return open_.empty() ? Event::kDone : Event::kText;
}

XmlReader::Event XmlReader::Markup() {
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("</")) return EndTag();
  if (rest.starts_with("<?")) return Special("?>", 2);
  if (rest.starts_with("<!--")) return Special("-->", 4);
  if (rest.starts_with("<![CDATA[")) return CData();
  if (rest.starts_with("<!")) return Fail("a document type is not allowed");
  return StartTag();
}

XmlReader::Event XmlReader::Special(std::string_view closing, std::size_t skip) {
  const std::size_t end = text_.find(closing, at_ + skip);
  if (end == std::string_view::npos) return Cut("a comment or instruction does not end");
  at_ = end + closing.size();
  return Event::kDone;
}

XmlReader::Event XmlReader::CData() {
  constexpr std::size_t kOpening = 9;
  const std::size_t end = text_.find("]]>", at_ + kOpening);
  if (end == std::string_view::npos) return Cut("CDATA does not end");
  if (open_.empty()) return Fail("CDATA outside the root");
  text_view_ = text_.substr(at_ + kOpening, end - at_ - kOpening);
  is_cdata_ = true;
  at_ = end + 3;
  return Event::kText;
}

XmlReader::Event XmlReader::EndTag() {
  const std::size_t end = text_.find('>', at_);
  if (end == std::string_view::npos) return Cut("an end tag does not end");
  std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
  while (!name.empty() && IsSpace(name.back())) name.remove_suffix(1);
  if (open_.empty() || open_name() != name) {
    return Fail("</" + Shortened(name) + "> where " +
                (open_.empty() ? std::string("no element is open") : "</" + Shortened(open_name()) + "> was expected"));
  }
  at_ = end + 1;
  Leave();
  name_ = LocalName(name);
  return Event::kEnd;
}

// A tag ends at the first > outside quotes.
std::size_t XmlReader::FindTagEnd() const {
  std::size_t at = at_ + 1;
  for (;;) {
    at = text_.find_first_of("\"'>", at);
    if (at == std::string_view::npos || text_[at] == '>') return at;
    at = text_.find(text_[at], at + 1);
    if (at == std::string_view::npos) return at;
    ++at;
  }
}

XmlReader::Event XmlReader::StartTag() {
  const std::size_t end = FindTagEnd();
  if (end == std::string_view::npos) return Cut("a start tag does not end");
  if (open_.empty() && seen_root_) return Fail("a second root element");
  const bool is_empty = text_[end - 1] == '/' && end - 1 > at_;
  const std::size_t inside_end = is_empty ? end - 1 : end;
  std::size_t at = at_ + 1;
  while (at < inside_end && !IsSpace(text_[at])) ++at;
  const std::string_view raw_name = text_.substr(at_ + 1, at - at_ - 1);
  if (raw_name.empty() || raw_name.find_first_of("<\"'=&") != std::string_view::npos)
    return Fail("a tag without a name");
  if (open_.size() >= max_depth_)
    return Fail("more than " + std::to_string(max_depth_) + " elements within each other");
  tag_at_ = passed_ + at_;
  at_ = at;
  if (!ReadAttributes(inside_end)) return Fail("bad attributes in <" + Shortened(raw_name) + ">");
  at_ = end + 1;
  Enter(raw_name);
  name_ = LocalName(raw_name);
  pending_end_ = is_empty;
  seen_root_ = true;
  return Event::kStart;
}

bool XmlReader::ReadAttributes(std::size_t end) {
  attributes_.clear();
  std::size_t at = at_;
  for (;;) {
    while (at < end && IsSpace(text_[at])) ++at;
    if (at >= end) return true;
    const std::size_t equals = text_.find('=', at);
    if (equals >= end) return false;
    std::string_view name = text_.substr(at, equals - at);
    while (!name.empty() && IsSpace(name.back())) name.remove_suffix(1);
    std::size_t quote = equals + 1;
    while (quote < end && IsSpace(text_[quote])) ++quote;
    if (name.empty() || quote >= end || (text_[quote] != '"' && text_[quote] != '\'')) return false;
    const std::size_t close = text_.find(text_[quote], quote + 1);
    if (close >= end) return false;
    const bool declaration = name == "xmlns" || name.starts_with("xmlns:");
    if (!declaration) attributes_.push_back(MakeAttribute(name, text_.substr(quote + 1, close - quote - 1)));
    at = close + 1;
  }
}

std::optional<std::string_view> XmlReader::RawAttribute(std::string_view local_name) const {
  for (const XmlAttribute& attribute : attributes_) {
    if (attribute.name == local_name) return attribute.value;
  }
  return std::nullopt;
}

std::string XmlReader::Attribute(std::string_view local_name) const {
  std::string value;
  if (const auto raw = RawAttribute(local_name)) AppendXmlText(value, *raw);
  return value;
}

std::optional<std::uint32_t> XmlReader::Number(std::string_view local_name) const {
  const auto raw = RawAttribute(local_name);
  if (!raw) return std::nullopt;
  const std::string_view text = base::Trim(*raw);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool XmlReader::Flag(std::string_view local_name, bool if_absent) const {
  const auto raw = RawAttribute(local_name);
  if (!raw) return if_absent;
  return *raw == "1" || *raw == "true" || *raw == "on" || *raw == "TRUE" || *raw == "True";
}

void XmlReader::AppendText(std::string& out) const {
  if (is_cdata_) {
    out.append(text_view_);
  } else {
    AppendXmlText(out, text_view_);
  }
}

bool XmlReader::SkipElement() {
  const std::size_t outside = open_.size() - 1;
  for (;;) {
    const Event event = Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && open_.size() == outside) return true;
  }
}

bool XmlReader::TextOf(std::string& out) {
  const std::size_t outside = open_.size() - 1;
  for (;;) {
    const Event event = Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kText) AppendText(out);
    if (event == Event::kEnd && open_.size() == outside) return true;
  }
}

}  // namespace tidemill::workbook
