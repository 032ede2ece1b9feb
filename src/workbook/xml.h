// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "member_stream.h"

namespace tidemill::workbook {

// Text with its entities (the five and numeric ones; others stay as they are) resolved and line ends made LF.
void AppendXmlText(std::string& out, std::string_view raw);

// Of a start tag; the value is raw. Declarations of namespaces are none.
struct XmlAttribute {
  std::string_view prefix;  // without the colon
  std::string_view name;    // the local one
  std::string_view value;
};

// Pulls elements and text out of well-formed XML in UTF-8. A document type, a bad nesting or a tag that does not end is
// an error; nothing outside the text is ever read. Names are local ones, prefixes are dropped. All views are good until
// the next call of Next.
class XmlReader {
 public:
  enum class Event : std::uint8_t { kStart, kEnd, kText, kDone, kError };

  XmlReader(std::string_view text, std::uint32_t max_depth);
  // Reads a stream, which outlives the reader, in pieces. Tags and stretches of text have at most 8 MiB.
  XmlReader(MemberStream& stream, std::uint32_t max_depth);

  Event Next();
  std::string_view name() const { return name_; }  // of kStart and kEnd
  std::size_t depth() const { return open_.size(); }
  std::uint64_t offset() const { return passed_ + at_; }
  std::uint64_t tag_offset() const { return tag_at_; }  // of the last start tag
  const std::string& error() const { return error_; }
  // Of the stream, where it ended early: kTooLarge or kMalformed.
  const std::optional<base::Error>& stream_error() const { return stream_error_; }

  // Of the element that was just started.
  const std::vector<XmlAttribute>& attributes() const { return attributes_; }
  std::optional<std::string_view> RawAttribute(std::string_view local_name) const;
  std::string Attribute(std::string_view local_name) const;  // "" where it is absent
  std::optional<std::uint32_t> Number(std::string_view local_name) const;
  bool Flag(std::string_view local_name, bool if_absent = false) const;  // 1, true, on

  // The text of kText; raw() is to be decoded unless is_cdata().
  std::string_view raw() const { return text_view_; }
  bool is_cdata() const { return is_cdata_; }
  void AppendText(std::string& out) const;

  // From a kStart to behind its end; false on an error. TextOf gathers the text of it and of what is inside.
  bool SkipElement();
  bool TextOf(std::string& out);

  // For a parser that knows the usual form of some elements and leaves all others to this one. It reads on from behind
  // the last event, takes elements whole, and says so.
  // What is left of the piece at hand; of a stream, SlidingBuffer::kPadding zero bytes follow it.
  std::string_view rest() const { return text_.substr(at_); }
  // The raw name of the innermost open element, and whether it is <empty/>, its end still to come.
  std::string_view open_name() const { return std::string_view(open_names_).substr(open_.back()); }
  bool is_empty_element() const { return pending_end_; }
  void Take(std::size_t bytes) { at_ += bytes; }
  // Lengthens rest(); false at the end.
  bool ReadMore();
  // Says that an element was begun or ended.
  void Enter(std::string_view raw_name);
  void Leave();

 private:
  Event Fail(std::string message);
  // What is begun does not end in the piece at hand: read again with more of it, or fail.
  Event Cut(std::string message);
  bool Ahead();
  Event Text();
  Event Markup();
  Event StartTag();
  Event EndTag();
  Event Special(std::string_view closing, std::size_t skip);
  Event CData();
  bool ReadAttributes(std::size_t end);
  std::size_t FindTagEnd() const;

  std::string_view text_;  // all, or the piece at hand
  std::size_t at_ = 0;
  std::uint64_t tag_at_ = 0;
  std::uint64_t passed_ = 0;  // bytes before the piece
  MemberStream* stream_ = nullptr;
  bool stream_ended_ = true;
  std::optional<base::Error> stream_error_;
  std::uint32_t max_depth_;
  std::string_view name_;
  std::vector<XmlAttribute> attributes_;
  std::string open_names_;         // raw names of the open elements, one behind the other
  std::vector<std::size_t> open_;  // where each begins
  bool pending_end_ = false;       // of an empty element
  bool is_cut_ = false;
  std::string_view text_view_;
  bool is_cdata_ = false;
  bool seen_root_ = false;
  std::string error_;
};

}  // namespace tidemill::workbook
