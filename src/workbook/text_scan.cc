// SPDX-License-Identifier: Apache-2.0
#include "text_scan.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tidemill::workbook {
namespace {

bool IsSpecial(char c) {
  return c == '<' || c == '&' || c == '\r' || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// The high bit of each byte that is zero; below the first such byte no bit is set wrongly.
std::uint64_t ZeroBytes(std::uint64_t word) {
  return (word - 0x0101'0101'0101'0101U) & ~word & 0x8080'8080'8080'8080U;
}

std::uint64_t EqualBytes(std::uint64_t word, char c) {
  return ZeroBytes(word ^ (0x0101'0101'0101'0101U * static_cast<unsigned char>(c)));
}

}  // namespace

const char* ScanTextPortably(const char* begin, const char* end) {
  while (end - begin >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, begin, 8);
    const std::uint64_t found = EqualBytes(word, '<') | EqualBytes(word, '&') | EqualBytes(word, '\r') |
                                EqualBytes(word, '_') | (word & 0x8080'8080'8080'8080U);
    if (found != 0) return begin + std::countr_zero(found) / 8;
    begin += 8;
  }
  while (begin < end && !IsSpecial(*begin)) ++begin;
  return begin;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) const char* ScanTextAvx2(const char* begin, const char* end) {
  const __m256i less = _mm256_set1_epi8('<');
  const __m256i ampersand = _mm256_set1_epi8('&');
  const __m256i carriage_return = _mm256_set1_epi8('\r');
  const __m256i underscore = _mm256_set1_epi8('_');
  while (end - begin >= 32) {
    __m256i bytes;
    std::memcpy(&bytes, begin, 32);
    // The bytes themselves join in: their high bits are what the mask takes.
    const __m256i found = _mm256_or_si256(
        _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, less), _mm256_cmpeq_epi8(bytes, ampersand)),
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, carriage_return), _mm256_cmpeq_epi8(bytes, underscore))),
        bytes);
    const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
    if (mask != 0) return begin + std::countr_zero(mask);
    begin += 32;
  }
  return ScanTextPortably(begin, end);
}
#endif

TextScan BestTextScan() {
#if defined(__x86_64__)
  static const TextScan kBest = __builtin_cpu_supports("avx2") != 0 ? &ScanTextAvx2 : &ScanTextPortably;
  return kBest;
#else
  return &ScanTextPortably;
#endif
}

}  // namespace tidemill::workbook
