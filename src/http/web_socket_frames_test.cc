// SPDX-License-Identifier: Apache-2.0
#include "web_socket_frames.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

using Kind = WebSocketItem::Kind;

// A client's frame with the mask 01 02 03 04.
std::string Frame(unsigned first, std::string_view payload, bool masked = true) {
  std::string frame;
  AppendFrame(frame, Kind::kText, payload);
  frame[0] = static_cast<char>(first);
  if (!masked) return frame;
  frame[1] = static_cast<char>(static_cast<unsigned char>(frame[1]) | 0x80U);
  frame.insert(frame.size() - payload.size(), "\1\2\3\4");
  for (std::size_t i = 0; i < payload.size(); ++i) {
    char& byte = frame[frame.size() - payload.size() + i];
    byte = static_cast<char>(byte ^ static_cast<char>(i % 4 + 1));
  }
  return frame;
}

// What comes out, one after the other; the fault's code at its end.
std::string Read(std::string bytes, std::size_t at_once = 1'000'000, std::size_t most = 100'000) {
  FrameReader reader(most);
  std::string shown, buffer;
  std::vector<WebSocketItem> items;
  WebSocketFault fault;
  while (!bytes.empty() && fault.code == 0) {
    buffer += bytes.substr(0, at_once);
    bytes.erase(0, at_once);
    std::size_t taken = 0;
    fault = reader.Read(buffer.data(), buffer.size(), taken, items);
    buffer.erase(0, taken);
  }
  for (const auto& item : items) {
    const std::string text = item.bytes.size() > 20 ? fmt::format("{} bytes", item.bytes.size()) : item.bytes;
    shown += fmt::format("{}:{}", "tpqc"[static_cast<int>(item.kind)], text);
    if (item.kind == Kind::kClose) shown += fmt::format("({})", item.code);
    shown += ' ';
  }
  if (fault.code != 0) shown += fmt::format("fault {} ", fault.code);
  return shown + (buffer.empty() || fault.code != 0 ? "" : "rest");
}

TEST(WebSocketFrames, MessagesAndWhatStandsBetween) {
  const std::string bytes = Frame(0x81, "one") + Frame(0x01, "tw") + Frame(0x89, "p") + Frame(0x80, "o") +
                            Frame(0x81, "") + Frame(0x8A, "") + Frame(0x88, std::string("\x03\xE8", 2) + "bye");
  const std::string expected = "t:one p:p t:two t: q: c:bye(1000) ";
  EXPECT_EQ(Read(bytes), expected);
  EXPECT_EQ(Read(bytes, 1), expected);
  EXPECT_EQ(Read(bytes.substr(0, 9) + "\x81"), "t:one rest");
}

TEST(WebSocketFrames, LengthsOfAllThreeForms) {
  EXPECT_EQ(Read(Frame(0x81, std::string(125, 'a'))), "t:125 bytes ");
  EXPECT_EQ(Read(Frame(0x81, std::string(126, 'a')), 7), "t:126 bytes ");
  EXPECT_EQ(Read(Frame(0x81, std::string(70'000, 'a')), 1000), "t:70000 bytes ");
}

TEST(WebSocketFrames, FaultsHaveTheirCodes) {
  EXPECT_EQ(Read(Frame(0x81, "x", false)), "fault 1002 ");
  EXPECT_EQ(Read(Frame(0xC1, "x")), "fault 1002 ");                     // an extension
  EXPECT_EQ(Read(Frame(0x82, "x")), "fault 1003 ");                     // binary
  EXPECT_EQ(Read(Frame(0x8B, "x")), "fault 1002 ");                     // no such opcode
  EXPECT_EQ(Read(Frame(0x80, "x")), "fault 1002 ");                     // goes on with nothing
  EXPECT_EQ(Read(Frame(0x01, "x") + Frame(0x81, "y")), "fault 1002 ");  // begins within another
  EXPECT_EQ(Read(Frame(0x09, "x")), "fault 1002 ");                     // a ping in fragments
  EXPECT_EQ(Read(Frame(0x89, std::string(126, 'x'))), "fault 1002 ");
  EXPECT_EQ(Read(Frame(0x81, "\xFF")), "fault 1007 ");
  EXPECT_EQ(Read(Frame(0x88, "\x03")), "fault 1002 ");
  EXPECT_EQ(Read(Frame(0x88, std::string("\x03\xED", 2))), "fault 1002 ");  // 1005 is never sent
  EXPECT_EQ(Read(Frame(0x81, "12345"), 1'000'000, 4), "fault 1009 ");
  EXPECT_EQ(Read(Frame(0x01, "123") + Frame(0x80, "45"), 1'000'000, 4), "fault 1009 ");
  // A length that no memory has is refused by its head alone.
  EXPECT_EQ(Read(std::string("\x81\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14)), "fault 1009 ");
}

TEST(WebSocketFrames, TheAcceptOfTheRfc) {
  EXPECT_EQ(AcceptOf("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketFrames, WhatTheServerSends) {
  std::string out;
  AppendCloseFrame(out, 1001, "gone");
  EXPECT_EQ(out, std::string("\x88\x06\x03\xE9", 4) + "gone");
}

TEST(WebSocketFrames, EachSideKnowsTheOthers) {
  std::string masked, plain;
  AppendMaskedFrame(masked, Kind::kText, "one", "\1\2\3\4");
  AppendFrame(plain, Kind::kText, "one");
  EXPECT_EQ(masked, Frame(0x81, "one"));
  const auto fault_of = [](std::string bytes, FramesOf peer) {
    FrameReader reader(100, peer);
    std::size_t taken = 0;
    std::vector<WebSocketItem> items;
    const int code = reader.Read(bytes.data(), bytes.size(), taken, items).code;
    return code == 0 && items.size() == 1 && items[0].bytes == "one" ? 0 : code;
  };
  EXPECT_EQ(fault_of(masked, FramesOf::kClient), 0);
  EXPECT_EQ(fault_of(plain, FramesOf::kServer), 0);
  EXPECT_EQ(fault_of(plain, FramesOf::kClient), 1002);
  EXPECT_EQ(fault_of(masked, FramesOf::kServer), 1002);
}

}  // namespace
}  // namespace tidemill::http
