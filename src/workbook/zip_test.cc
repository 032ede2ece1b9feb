// SPDX-License-Identifier: Apache-2.0
#include "zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using namespace tidemill::workbook::testing;  // NOLINT(google-build-using-namespace)

const std::string kLong(10'000, 'x');

std::string ReadMember(std::string_view archive, std::string_view name) {
  const auto zip = ZipArchive::Open(archive, Limits());
  if (!zip) return zip.error().ToText();
  const auto* entry = zip->Find(name);
  if (entry == nullptr) return "absent";
  const auto member = zip->Read(*entry);
  return member ? std::string(member->bytes.view) : member.error().ToText();
}

TEST(ZipArchive, ReadsMembersHoweverTheyAreWritten) {
  const std::vector<ZipMember> members = {{"a.xml", "alpha", false}, {"dir/B.xml", kLong, true}};
  for (const ZipOptions& options : {ZipOptions{}, ZipOptions{.data_descriptors = true}, ZipOptions{.zip64 = true},
                                    ZipOptions{.prefix = "bytes in front"}, ZipOptions{.suffix = "junk behind"},
                                    ZipOptions{.zip64 = true, .prefix = "both", .suffix = std::string(70'000, 'j')}}) {
    const std::string archive = MakeZip(members, options);
    EXPECT_EQ(ReadMember(archive, "a.xml"), "alpha");
    EXPECT_EQ(ReadMember(archive, "DIR/b.xml"), kLong);
    EXPECT_EQ(ReadMember(archive, "c.xml"), "absent");
  }
}

TEST(ZipArchive, NamesWithBackslashesAndLeadingSlashesAreTheSame) {
  const std::string archive = MakeZip({{"xl\\workbook.xml", "one"}, {"/docs/app.xml", "two"}});
  EXPECT_EQ(ReadMember(archive, "xl/workbook.xml"), "one");
  EXPECT_EQ(ReadMember(archive, "docs/app.xml"), "two");
}

TEST(ZipArchive, OfSeveralMembersOfOneNameTheLastCounts) {
  EXPECT_EQ(ReadMember(MakeZip({{"a", "first"}, {"a", "second"}}), "a"), "second");
}

TEST(ZipArchive, AWrongChecksumIsAnIssueNotAnError) {
  std::string archive = MakeZip({{"a", "alpha", false}});
  archive[archive.find("alpha")] = 'A';
  const auto zip = ZipArchive::Open(archive, Limits());
  ASSERT_TRUE(zip.has_value());
  const auto member = zip->Read(*zip->Find("a"));
  ASSERT_TRUE(member.has_value());
  EXPECT_EQ(member->bytes.view, "Alpha");
  ASSERT_EQ(member->issues.size(), 1U);
  EXPECT_EQ(member->issues[0].code, "crc-mismatch");
}

TEST(ZipArchive, ADeclaredSizeThatIsTooSmallIsNotBelieved) {
  std::string archive = MakeZip({{"a", kLong}});
  const std::size_t directory = archive.find("PK\x01\x02");
  archive.replace(directory + 24, 4, U32(3));
  EXPECT_EQ(ReadMember(archive, "a"), kLong);
}

TEST(ZipArchive, BombsAreRefusedBeforeMemoryIsTaken) {
  const std::string zeros(20 << 20, '\0');
  const std::string bomb = MakeZip({{"zeros", zeros}});
  EXPECT_THAT(ReadMember(bomb, "zeros"), HasSubstr("bomb: "));
  std::string liar = bomb;
  liar.replace(liar.find("PK\x01\x02") + 24, 4, U32(10));
  EXPECT_THAT(ReadMember(liar, "zeros"), HasSubstr("bomb: "));
}

TEST(ZipArchive, OverlappingMembersAreABomb) {
  std::string archive = MakeZip({{"a", kLong, false}, {"b", kLong, false}});
  const std::size_t second = archive.rfind("PK\x01\x02");
  archive.replace(second + 42, 4, U32(100));
  const auto zip = ZipArchive::Open(archive, Limits());
  ASSERT_FALSE(zip.has_value());
  EXPECT_EQ(zip.error().code, base::ErrorCode::kTooLarge);
  EXPECT_THAT(zip.error().message, HasSubstr("overlap"));
}

TEST(ZipArchive, OfALongMemberItsBeginIsRead) {
  std::string archive = MakeZip({{"a", kLong}, {"b", kLong, false}});
  const auto begins = [](const std::string& bytes, std::string_view name) {
    const auto zip = ZipArchive::Open(bytes, Limits());
    const auto member = zip->ReadUpTo(*zip->Find(name), 100);
    EXPECT_EQ(member->bytes.view, std::string_view(kLong).substr(0, 100));
    ASSERT_EQ(member->issues.size(), 1U);
    EXPECT_EQ(member->issues[0].code, "limit");
    EXPECT_EQ(zip->ReadUpTo(*zip->Find(name), kLong.size())->bytes.view, kLong);
  };
  begins(archive, "a");
  begins(archive, "b");
  archive.replace(archive.find("PK\x01\x02") + 24, 4, U32(10));  // a size that is too small
  const auto zip = ZipArchive::Open(archive, Limits());
  EXPECT_EQ(zip->ReadUpTo(*zip->Find("a"), 100)->bytes.view, std::string_view(kLong).substr(0, 100));
}

TEST(ZipArchive, LimitsHold) {
  const std::string archive = MakeZip({{"a", "1"}, {"b", "2"}, {"c", kLong}});
  EXPECT_EQ(ZipArchive::Open(archive, {.zip_entries = 2}).error().code, base::ErrorCode::kTooLarge);
  EXPECT_EQ(ZipArchive::Open(archive, {.total_bytes = 9'999}).error().code, base::ErrorCode::kTooLarge);
  const auto zip = ZipArchive::Open(archive, {.entry_bytes = 100});
  ASSERT_TRUE(zip.has_value());
  EXPECT_EQ(zip->Read(*zip->Find("c")).error().code, base::ErrorCode::kTooLarge);
  EXPECT_TRUE(zip->Read(*zip->Find("a")).has_value());
}

TEST(ZipArchive, WhatCannotBeReadIsNamed) {
  const std::string archive = MakeZip({{"a", kLong}});
  EXPECT_THAT(ReadMember(archive.substr(0, archive.size() / 2), "a"), HasSubstr("corrupt-container"));
  std::string encrypted = archive;
  encrypted[encrypted.find("PK\x01\x02") + 8] = '\1';
  EXPECT_THAT(ReadMember(encrypted, "a"), HasSubstr("encrypted"));
  std::string method = archive;
  method[method.find("PK\x01\x02") + 10] = '\x0C';
  EXPECT_THAT(ReadMember(method, "a"), HasSubstr("compression method 12"));
  std::string broken = archive;
  broken.replace(30 + 1, 8, std::string(8, '\xFF'));
  EXPECT_THAT(ReadMember(broken, "a"), HasSubstr("cannot be inflated"));
  std::string nowhere = archive;
  nowhere.replace(nowhere.find("PK\x01\x02") + 42, 4, U32(0x7FFFFFFF));
  EXPECT_THAT(ReadMember(nowhere, "a"), HasSubstr("corrupt-container"));
}

// All of a member by its stream, or the error.
std::string StreamMember(std::string_view archive, std::string_view name, std::vector<Issue>* issues = nullptr) {
  const auto zip = ZipArchive::Open(archive, {.entry_bytes = 20'000'000});
  auto stream = zip->OpenStream(*zip->Find(name));
  if (!stream) return stream.error().ToText();
  std::string all;
  for (;;) {
    const auto piece = stream->Next();
    if (!piece) return piece.error().ToText();
    if (piece->empty()) break;
    all += *piece;
  }
  if (issues != nullptr) *issues = stream->issues();
  return all;
}

TEST(MemberStream, GivesMembersInPieces) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i);
  const std::string archive = MakeZip({{"a", text, false}, {"b", text, true}, {"c", "", true}, {"d", "", false}});
  EXPECT_TRUE(StreamMember(archive, "a") == text);
  EXPECT_TRUE(StreamMember(archive, "b") == text);
  EXPECT_EQ(StreamMember(archive, "c"), "");
  EXPECT_EQ(StreamMember(archive, "d"), "");
}

TEST(MemberStream, TellsAWrongChecksumAndABrokenMember) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i);
  std::string stored = MakeZip({{"a", text, false}});
  stored[100'000] = '?';
  std::vector<Issue> issues;
  StreamMember(stored, "a", &issues);
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].code, "crc-mismatch");
  std::string deflated = MakeZip({{"a", text, true}});
  for (std::size_t i = 1000; i < 1100; ++i) deflated[i] = '\xFF';
  EXPECT_THAT(StreamMember(deflated, "a"), HasSubstr("cannot be inflated"));
}

TEST(MemberStream, StopsAtTheLimitsWhateverTheDirectorySays) {
  std::string bomb = MakeZip({{"a", std::string(15'000'000, 'x'), true}, {"b", std::string(21'000'000, 'x'), false}});
  EXPECT_THAT(StreamMember(bomb, "a"), HasSubstr("bomb: "));
  EXPECT_THAT(StreamMember(bomb, "b"), HasSubstr("limit: "));
  // The size in the directory's entry of "a".
  const std::size_t entry = bomb.find("PK\x01\x02");
  bomb.replace(entry + 24, 4, U32(1000));
  EXPECT_THAT(StreamMember(bomb, "a"), HasSubstr("bomb: "));
}

}  // namespace
}  // namespace tidemill::workbook
