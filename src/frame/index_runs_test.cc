// SPDX-License-Identifier: Apache-2.0
#include "index_runs.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tidemill::frame {
namespace {

// The encoding read by its definition, bit for bit.
std::vector<std::uint32_t> Decode(const std::string& bytes, unsigned bits) {
  std::vector<std::uint32_t> values;
  std::size_t at = 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.at(i))); };
  while (at < bytes.size()) {
    std::uint64_t head = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t next = byte(at++);
      head |= (next & 0x7FU) << shift;
      if (next < 0x80) break;
    }
    if ((head & 1U) == 0) {
      std::uint32_t value = 0;
      for (unsigned i = 0; i < (bits + 7) / 8; ++i) value |= static_cast<std::uint32_t>(byte(at++) << (8 * i));
      values.insert(values.end(), head >> 1U, value);
      continue;
    }
    const std::size_t count = (head >> 1U) * 8;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t value = 0;
      for (unsigned bit = 0; bit < bits; ++bit) {
        const std::size_t place = i * bits + bit;
        value |= static_cast<std::uint32_t>((byte(at + place / 8) >> (place % 8)) & 1U) << bit;
      }
      values.push_back(value);
    }
    at += count * bits / 8;
  }
  return values;
}

void ExpectReadsBack(const std::vector<std::uint32_t>& values, unsigned bits) {
  std::string bytes;
  AppendRuns(bytes, values, bits);
  std::vector<std::uint32_t> again = Decode(bytes, bits);
  ASSERT_GE(again.size(), values.size());
  ASSERT_LT(again.size(), values.size() + 8) << "the last group is filled up";
  again.resize(values.size());
  EXPECT_EQ(again, values) << bits << " bits";
}

TEST(IndexRuns, ReadBackWhateverTheirLengths) {
  std::mt19937 random(7);
  for (unsigned bits = 1; bits <= 32; ++bits) {
    const std::uint32_t mask = bits == 32 ? 0xFFFFFFFFU : (1U << bits) - 1;
    for (int round = 0; round < 50; ++round) {
      std::vector<std::uint32_t> values;
      for (std::size_t runs = random() % 12; runs > 0; --runs) {
        values.insert(values.end(), random() % 3 == 0 ? random() % 70 : random() % 4,
                      static_cast<std::uint32_t>(random()) & mask);
      }
      ExpectReadsBack(values, bits);
    }
  }
}

TEST(IndexRuns, AreShortWhereValuesRepeat) {
  std::string bytes;
  AppendRuns(bytes, std::vector<std::uint32_t>(30'000, 1), 1);
  EXPECT_EQ(bytes.size(), 4U);
  bytes.clear();
  AppendRuns(bytes, {}, 5);
  EXPECT_TRUE(bytes.empty());
}

TEST(IndexRuns, BitsForTheGreatest) {
  EXPECT_EQ(BitsFor(0), 1U);
  EXPECT_EQ(BitsFor(1), 1U);
  EXPECT_EQ(BitsFor(2), 2U);
  EXPECT_EQ(BitsFor(255), 8U);
  EXPECT_EQ(BitsFor(256), 9U);
}

}  // namespace
}  // namespace tidemill::frame
