// SPDX-License-Identifier: Apache-2.0
#include "xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;

// "<a" for a start, ">" for an end, text in quotes, "!" and the message for an error.
std::string Events(std::string_view text, std::uint32_t depth = 8) {
  XmlReader xml(text, depth);
  std::string events;
  for (;;) {
    switch (xml.Next()) {
      case XmlReader::Event::kStart:
        events += "<" + std::string(xml.name());
        break;
      case XmlReader::Event::kEnd:
        events += ">";
        break;
      case XmlReader::Event::kText:
        events += "'";
        xml.AppendText(events);
        events += "'";
        break;
      case XmlReader::Event::kDone:
        return events;
      case XmlReader::Event::kError:
        return events + "!" + xml.error();
    }
  }
}

TEST(XmlReader, TellsElementsAndText) {
  EXPECT_EQ(Events("<?xml version='1.0'?>\n<a><b x='1'/>t<!-- c > --><x:c>u</x:c></a>\n"), "<a<b>'t'<c'u'>>");
  EXPECT_EQ(Events("\xEF\xBB\xBF<a></a >"), "<a>");
}

TEST(XmlReader, ResolvesTheFiveEntitiesAndNumbers) {
  EXPECT_EQ(Events("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x20AC;</a>"), "<a'<&>\"'A\xE2\x82\xAC'>");
  EXPECT_EQ(Events("<a>&nope; & &#x110000; &#0;</a>"), "<a'&nope; & &#x110000; &#0;'>");
  EXPECT_EQ(Events("<a>1\r\n2\r3</a>"), "<a'1\n2\n3'>");
  EXPECT_EQ(Events("<a><![CDATA[<b>&amp;]]></a>"), "<a'<b>&amp;'>");
}

TEST(XmlReader, AttributesComeByLocalName) {
  XmlReader xml("<c xmlns:r='u' r:id = \"a>b\" n='42' t='1' u='false' v=' 7 '/>", 4);
  ASSERT_EQ(xml.Next(), XmlReader::Event::kStart);
  EXPECT_EQ(xml.Attribute("id"), "a>b");
  EXPECT_EQ(xml.Number("n"), 42U);
  EXPECT_EQ(xml.Number("v"), 7U);
  EXPECT_EQ(xml.Number("id"), std::nullopt);
  EXPECT_TRUE(xml.Flag("t"));
  EXPECT_FALSE(xml.Flag("u", true));
  EXPECT_TRUE(xml.Flag("absent", true));
  EXPECT_EQ(xml.RawAttribute("r"), std::nullopt);  // a declaration is none
}

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
  EXPECT_THAT(Events("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), HasSubstr("!a document type is not allowed"));
  EXPECT_THAT(Events("<a><b></a>"), HasSubstr("!</a> where </b> was expected"));
  EXPECT_THAT(Events("<a>"), HasSubstr("!the text ends within <a>"));
  EXPECT_THAT(Events("<a/><b/>"), HasSubstr("!a second root"));
  EXPECT_THAT(Events("<a b></a>"), HasSubstr("!bad attributes"));
  EXPECT_THAT(Events("<a b='1></a>"), HasSubstr("!a start tag does not end"));
  EXPECT_THAT(Events("<a><!-- </a>"), HasSubstr("!a comment"));
  EXPECT_THAT(Events("<a></b"), HasSubstr("!an end tag does not end"));
  EXPECT_THAT(Events("< a/>"), HasSubstr("!a tag without a name"));
  EXPECT_THAT(Events(""), HasSubstr("!no element"));
  EXPECT_THAT(Events("<a><a><a><a></a></a></a></a>", 3), HasSubstr("!more than 3 elements"));
}

TEST(XmlReader, GathersOrSkipsAnElement) {
  XmlReader xml("<a><b>1<c>2</c>3</b><d><e/></d><f/></a>", 8);
  xml.Next();
  xml.Next();
  std::string text;
  EXPECT_TRUE(xml.TextOf(text));
  EXPECT_EQ(text, "123");
  EXPECT_EQ(xml.Next(), XmlReader::Event::kStart);
  EXPECT_TRUE(xml.SkipElement());
  EXPECT_EQ(xml.Next(), XmlReader::Event::kStart);
  EXPECT_EQ(xml.name(), "f");
  EXPECT_TRUE(xml.SkipElement());
  EXPECT_EQ(xml.depth(), 1U);
}

}  // namespace
}  // namespace tidemill::workbook
