// SPDX-License-Identifier: Apache-2.0
#include "inflate.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <libdeflate.h>

namespace tidemill::workbook {
namespace {

std::string Deflated(const std::string& bytes, int level) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(level);
  std::string out(libdeflate_deflate_compress_bound(compressor, bytes.size()), '\0');
  out.resize(libdeflate_deflate_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

// Everything, in pieces of which `keep` bytes each are seen again.
std::string Inflated(std::string_view compressed, std::size_t keep, Inflater::State wanted) {
  Inflater inflater(compressed);
  std::string all;
  std::size_t kept = 0;
  while (inflater.state() == Inflater::State::kMore) {
    const std::string_view view = inflater.Next(kept);
    EXPECT_EQ(view.substr(0, kept), std::string_view(all).substr(all.size() - kept));
    all.append(view.substr(kept));
    for (std::size_t i = 0; i < SlidingBuffer::kPadding; ++i) EXPECT_EQ(view.data()[view.size() + i], '\0');
    kept = std::min(keep, all.size());
  }
  EXPECT_EQ(inflater.state(), wanted);
  EXPECT_EQ(inflater.total(), all.size());
  return all;
}

class Pseudorandom {
 public:
  std::uint32_t Next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 17U;
    state_ ^= state_ << 5U;
    return state_;
  }

 private:
  std::uint32_t state_ = 2026;
};

// Texts that use every kind of block, and codes of every length: flat, skewed, repeating from near and far.
std::vector<std::string> Texts() {
  Pseudorandom random;
  std::vector<std::string> texts = {"", "a", std::string(1'000'000, 'x')};
  std::string noise;
  for (int i = 0; i < 300'000; ++i) noise += static_cast<char>(random.Next());
  texts.push_back(noise);
  std::string skewed;
  for (int i = 0; i < 500'000; ++i) {
    const int zeros = __builtin_ctz(random.Next() | 0x100'0000U);
    skewed += static_cast<char>(zeros * 9 + static_cast<int>(random.Next() % (1U + static_cast<unsigned>(zeros))));
  }
  texts.push_back(skewed);
  std::string cells;
  for (int i = 0; i < 40'000; ++i) {
    cells += "<c r=\"AB" + std::to_string(i) + "\" s=\"3\"><v>" + std::to_string(random.Next() % 100'000) + "</v></c>";
  }
  texts.push_back(cells);
  std::string far;
  for (int i = 0; i < 20; ++i) far += noise.substr(0, 32'760) + std::to_string(i);
  texts.push_back(far);
  std::string near;
  for (int i = 0; i < 30'000; ++i)
    near += std::string(1 + random.Next() % 20, static_cast<char>('a' + i % (1 + i % 9)));
  texts.push_back(near);
  return texts;
}

TEST(Inflater, GivesBackWhatWasDeflated) {
  for (const std::string& text : Texts()) {
    for (const int level : {0, 1, 6, 9}) {
      const std::string compressed = Deflated(text, level);
      EXPECT_TRUE(Inflated(compressed, 0, Inflater::State::kDone) == text) << level << ' ' << text.size();
      EXPECT_TRUE(Inflated(compressed, 100'000, Inflater::State::kDone) == text) << level << ' ' << text.size();
    }
  }
}

TEST(Inflater, AStreamThatEndsEarlyIsBroken) {
  const std::string text = Texts()[5];
  const std::string compressed = Deflated(text, 6);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{50}, compressed.size() - 1}) {
    const std::string part = Inflated(std::string_view(compressed).substr(0, size), 0, Inflater::State::kBroken);
    EXPECT_TRUE(text.starts_with(part));
  }
}

TEST(Inflater, RefusesWhatIsNoDeflate) {
  using namespace std::string_view_literals;
  const std::string_view reserved_block = "\x07"sv;
  const std::string_view stored_sizes_differ = "\x01\x05\x00\x00\x00hello"sv;
  const std::string_view match_before_the_begin =
      "\x03\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv;
  const std::string_view codes_too_many =
      "\xFD\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv;
  for (const std::string_view bytes : {reserved_block, stored_sizes_differ, match_before_the_begin, codes_too_many}) {
    EXPECT_EQ(Inflated(bytes, 0, Inflater::State::kBroken), "");
  }
}

}  // namespace
}  // namespace tidemill::workbook
