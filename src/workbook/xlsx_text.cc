// SPDX-License-Identifier: Apache-2.0
#include "xlsx_text.h"

#include <cstring>

#include "xlsx_styles.h"

namespace tidemill::workbook {

const char* SkipXmlSpace(const char* at) {
  while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') ++at;
  return at;
}

bool TakeMore(XmlReader& xml, const char*& at) {
  constexpr std::size_t kEnough = std::size_t{64} << 10U;
  xml.Take(static_cast<std::size_t>(at - xml.rest().data()));
  const bool more = xml.rest().size() < kEnough && xml.ReadMore();
  at = xml.rest().data();
  return more;
}

const char* XlsxTextReader::Read(const char* at, const char* end, std::string_view& text) {
  const char* const stop = scan_(at, end);
  if (stop == end) return nullptr;
  if (*stop == '<') {
    text = {at, static_cast<std::size_t>(stop - at)};
    return stop;
  }
  const void* const markup = std::memchr(stop, '<', static_cast<std::size_t>(end - stop));
  if (markup == nullptr) return nullptr;
  const auto* const last = static_cast<const char*>(markup);
  resolved_.clear();
  AppendXmlText(resolved_, {at, static_cast<std::size_t>(last - at)});
  FinishXlsxText(resolved_);
  text = resolved_;
  return last;
}

}  // namespace tidemill::workbook
