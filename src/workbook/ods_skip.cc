// SPDX-License-Identifier: Apache-2.0
#include "ods_skip.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "xlsx_text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tidemill::workbook {
namespace {

// How far behind a '<' is looked to know what it begins.
constexpr std::ptrdiff_t kAhead = 16;

bool EndsName(char c) {
  return c == '>' || c == '/' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// What begins here is not passed over, or not as it is.
bool IsMark(const char* at) {
  if (at[1] == '!' || at[1] == '?') return true;
  if (StandsAt(at, "<table:table")) return EndsName(at[12]);
  return StandsAt(at, "</table:table") ? EndsName(at[13]) : StandsAt(at, "<table:named-");
}

// The first mark that begins before `end`, behind which more may be read; `end` where there is none.
const char* FindMarkPortably(const char* begin, const char* end) {
  while (begin < end) {
    const void* const less = std::memchr(begin, '<', static_cast<std::size_t>(end - begin));
    if (less == nullptr) return end;
    begin = static_cast<const char*>(less);
    if (IsMark(begin)) return begin;
    ++begin;
  }
  return end;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) __m256i Load32(const char* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

// A row of cells is hundreds of tags, none of which is asked one by one: behind a '<', some bytes at their places are
// what only marks and a few others have.
__attribute__((target("avx2"))) const char* FindMarkAvx2(const char* begin, const char* end) {
  const __m256i less = _mm256_set1_epi8('<');
  const __m256i greater = _mm256_set1_epi8('>');
  const __m256i named = _mm256_set1_epi8('n');
  const __m256i below_digits = _mm256_set1_epi8('0');
  const __m256i hyphen = _mm256_set1_epi8('-');
  const __m256i exclamation = _mm256_set1_epi8('!');
  const __m256i question = _mm256_set1_epi8('?');
  for (; end - begin >= 32; begin += 32) {
    const __m256i second = Load32(begin + 1);
    const __m256i at12 = Load32(begin + 12);
    const __m256i at13 = Load32(begin + 13);
    // Of white space and '/', which come before the digits, and '>'.
    const __m256i opens =
        _mm256_or_si256(_mm256_cmpeq_epi8(at12, greater),
                        _mm256_andnot_si256(_mm256_cmpeq_epi8(at12, hyphen), _mm256_cmpgt_epi8(below_digits, at12)));
    const __m256i closes =
        _mm256_or_si256(_mm256_cmpeq_epi8(at13, greater),
                        _mm256_andnot_si256(_mm256_cmpeq_epi8(at13, hyphen), _mm256_cmpgt_epi8(below_digits, at13)));
    const __m256i special =
        _mm256_or_si256(_mm256_cmpeq_epi8(second, exclamation), _mm256_cmpeq_epi8(second, question));
    const __m256i any = _mm256_or_si256(_mm256_or_si256(opens, closes),
                                        _mm256_or_si256(special, _mm256_cmpeq_epi8(Load32(begin + 7), named)));
    auto mask =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(Load32(begin), less), any)));
    for (; mask != 0; mask &= mask - 1) {
      const char* const at = begin + std::countr_zero(mask);
      if (IsMark(at)) return at;
    }
  }
  return FindMarkPortably(begin, end);
}
#endif

using FindMark = const char* (*)(const char* begin, const char* end);

FindMark BestFindMark() {
#if defined(__x86_64__)
  static const FindMark kBest = __builtin_cpu_supports("avx2") != 0 ? &FindMarkAvx2 : &FindMarkPortably;
  return kBest;
#else
  return &FindMarkPortably;
#endif
}

void TakeTo(XmlReader& xml, const char* at) {
  xml.Take(static_cast<std::size_t>(at - xml.rest().data()));
}

// To behind the end of what stands here; false where the text ends before.
bool SkipTo(XmlReader& xml, std::string_view closing) {
  for (;;) {
    const std::size_t at = xml.rest().find(closing);
    if (at != std::string_view::npos) return xml.Take(at + closing.size()), true;
    const std::size_t passed = xml.rest().size() - std::min(xml.rest().size(), closing.size() - 1);
    xml.Take(passed);
    if (!xml.ReadMore()) return false;
  }
}

// Comments and the like may hold what looks like a mark.
bool SkipSpecial(XmlReader& xml) {
  const std::string_view rest = xml.rest();
  if (rest.starts_with("<!--")) return xml.Take(4), SkipTo(xml, "-->");
  if (rest.starts_with("<![CDATA[")) return xml.Take(9), SkipTo(xml, "]]>");
  if (rest.starts_with("<?")) return xml.Take(2), SkipTo(xml, "?>");
  return false;
}

}  // namespace

bool SkipOdsRows(XmlReader& xml) {
  if (xml.is_empty_element() || xml.open_name() != "table:table") return false;
  const FindMark find = BestFindMark();
  bool more = true;
  for (;;) {
    const char* const begin = xml.rest().data();
    const char* const end = begin + xml.rest().size();
    const char* const last = !more ? end : end - begin > kAhead ? end - kAhead : begin;
    const char* const at = find(begin, last);
    TakeTo(xml, at);
    if (at == last) {
      if (!more) return false;
      more = xml.ReadMore();
    } else if (at[1] != '!' && at[1] != '?') {
      return true;
    } else if (!SkipSpecial(xml)) {
      return false;
    }
  }
}

}  // namespace tidemill::workbook
