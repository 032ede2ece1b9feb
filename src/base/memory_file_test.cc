// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/memory_file.h"

#include <array>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tidemill::base {
namespace {

TEST(MemoryFileTest, HoldsBytesThatNothingChanges) {
  const std::string bytes(100'000, 'x');
  auto made = MemoryFile::Make(bytes);
  ASSERT_TRUE(made.has_value()) << made.error().ToText();
  const MemoryFile file = *std::move(made);
  EXPECT_EQ(file.bytes(), bytes);
  std::array<char, 4> read{};
  EXPECT_EQ(::pread(file.descriptor(), read.data(), read.size(), 99'998), 2);
  EXPECT_EQ(std::string(read.data(), 2), "xx");
  EXPECT_EQ(::pwrite(file.descriptor(), "y", 1, 0), -1);
  EXPECT_EQ(::ftruncate(file.descriptor(), 0), -1);
  EXPECT_EQ(file.bytes(), bytes);
}

TEST(MemoryFileTest, MayBeEmpty) {
  const auto file = MemoryFile::Make("");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->bytes(), "");
}

}  // namespace
}  // namespace tidemill::base
