// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
// an error; nothing outside the text is ever read. Names are local ones, prefixes are dropped.
class XmlReader {
 public:
  enum class Event : std::uint8_t { kStart, kEnd, kText, kDone, kError };

  XmlReader(std::string_view text, std::uint32_t max_depth);

  Event Next();
  std::string_view name() const { return name_; }  // of kStart and kEnd
  std::size_t depth() const { return open_.size(); }
  std::size_t offset() const { return at_; }
  std::size_t tag_offset() const { return tag_at_; }  // of the last start tag
  const std::string& error() const { return error_; }

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

 private:
  Event Fail(std::string message);
  Event Text();
  Event Markup();
  Event StartTag();
  Event EndTag();
  Event Special(std::string_view closing, std::size_t skip);
  Event CData();
  bool ReadAttributes(std::size_t end);
  std::size_t FindTagEnd() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t tag_at_ = 0;
  std::uint32_t max_depth_;
  std::string_view name_;
  std::vector<XmlAttribute> attributes_;
  std::vector<std::string_view> open_;  // raw names
  bool pending_end_ = false;            // of an empty element
  std::string_view text_view_;
  bool is_cdata_ = false;
  bool seen_root_ = false;
  std::string error_;
};

}  // namespace tidemill::workbook
