// SPDX-License-Identifier: Apache-2.0
#include "csv_masks.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tidemill::workbook {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kLow = 0x7F7F7F7F7F7F7F7F;

// A bit for each of eight bytes that is `wanted`.
std::uint64_t EqualBytes(std::uint64_t bytes, char wanted) {
  const std::uint64_t difference = bytes ^ (kOnes * static_cast<unsigned char>(wanted));
  // The high bit of a byte is set where the difference is zero.
  const std::uint64_t zero = ~(((difference & kLow) + kLow) | difference | kLow);
  constexpr std::uint64_t kGather = 0x0002040810204081;
  return (zero >> 7U) * kGather >> 49U & 0xFFU;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::uint64_t EqualAvx2(__m256i low, __m256i high, char wanted) {
  const __m256i pattern = _mm256_set1_epi8(wanted);
  const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern)));
  const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern)));
  return first | std::uint64_t{second} << 32U;
}

[[gnu::target("avx2")]] CsvMasks Avx2CsvMasks(const char* bytes, char delimiter, char quote) {
  __m256i low;
  __m256i high;
  std::memcpy(&low, bytes, sizeof(low));
  std::memcpy(&high, bytes + sizeof(low), sizeof(high));
  return {.quotes = EqualAvx2(low, high, quote),
          .delimiters = EqualAvx2(low, high, delimiter),
          .line_ends = EqualAvx2(low, high, '\n') | EqualAvx2(low, high, '\r')};
}
#endif

}  // namespace

CsvMasks PortableCsvMasks(const char* bytes, char delimiter, char quote) {
  CsvMasks masks;
  for (unsigned i = 0; i < 8; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + 8 * i, sizeof(word));
    masks.quotes |= EqualBytes(word, quote) << 8 * i;
    masks.delimiters |= EqualBytes(word, delimiter) << 8 * i;
    masks.line_ends |= (EqualBytes(word, '\n') | EqualBytes(word, '\r')) << 8 * i;
  }
  return masks;
}

CsvMaskKernel BestCsvMasks() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return Avx2CsvMasks;
#endif
  return PortableCsvMasks;
}

std::uint64_t PrefixXor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace tidemill::workbook
