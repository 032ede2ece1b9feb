// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/content_coding.h"

#include <cstdint>

#include <gtest/gtest.h>
#include <zstd.h>

#include "gunzip.h"

namespace tidemill::http {
namespace {

std::string Decode(Coding coding, const std::string& bytes) {
  if (coding == Coding::kGzip) return Gunzip(bytes, std::uint64_t{1} << 30U).value_or("no gzip");
  std::string out(std::size_t{8} << 20U, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return "no zstd";
  out.resize(size);
  return out;
}

// Text that packs badly enough to fill the encoder's room more than once.
std::string Text(std::size_t size) {
  std::string text;
  std::uint32_t state = 7;
  while (text.size() < size) text += std::to_string(state = state * 1'664'525 + 1'013'904'223) + ",";
  return text;
}

TEST(BodyEncoderTest, IsUndoneByDecodersOfOthers) {
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1'000'000}}) {
      const std::string text = size == 0 ? "" : Text(size);
      BodyEncoder whole(coding);
      EXPECT_EQ(Decode(coding, whole.Encode(text, true)), text) << NameOf(coding) << size;
      BodyEncoder pieces(coding);
      std::string out;
      for (std::size_t at = 0; at < text.size(); at += 70'000) {
        out += pieces.Encode(std::string_view(text).substr(at, 70'000), false);
      }
      out += pieces.Encode({}, true);
      EXPECT_EQ(Decode(coding, out), text) << NameOf(coding) << size;
    }
  }
}

TEST(BodyEncoderTest, WritesEqualBytesForEqualBodies) {
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    BodyEncoder first(coding);
    BodyEncoder second(coding);
    EXPECT_EQ(first.Encode(Text(5'000), true), second.Encode(Text(5'000), true));
  }
}

}  // namespace
}  // namespace tidemill::http
