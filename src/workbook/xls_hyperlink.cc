// SPDX-License-Identifier: Apache-2.0
#include "code_page.h"
#include "xls_sheet.h"

namespace tidemill::workbook {
namespace {

constexpr std::string_view kUrlMoniker{"\xE0\xC9\xEA\x79\xF9\xBA\xCE\x11\x8C\x82\x00\xAA\x00\x4B\xA9\x0B", 16};
constexpr std::string_view kFileMoniker{"\x03\x03\x00\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46", 16};
constexpr std::uint32_t kHasMoniker = 0x001;
constexpr std::uint32_t kHasLocation = 0x008;
constexpr std::uint32_t kHasDisplayName = 0x010;
constexpr std::uint32_t kHasFrame = 0x080;
constexpr std::uint32_t kMonikerAsText = 0x100;
constexpr std::size_t kFixedPart = 32;  // cells, class id, version, options

class LinkReader {
 public:
  explicit LinkReader(std::string_view rest) : rest_(rest) {}

  std::string_view Take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint32_t U32() { return LoadU32(Take(4), 0); }

  static std::string Utf16(std::string_view bytes) {
    std::string text;
    AppendUtf16(text, bytes);
    return text.substr(0, text.find('\0'));
  }
  // A length in characters, then UTF-16 with a zero at the end.
  std::string Text() { return Utf16(Take(std::size_t{2} * U32())); }

  std::string Moniker() {
    const std::string_view kind = Take(16);
    if (kind == kUrlMoniker) return Utf16(Take(U32()));
    if (kind != kFileMoniker) return {};
    Take(2);
    std::string name;
    AppendLatin1(name, Take(U32()));
    Take(24);
    if (const std::uint32_t size = U32(); size > 6) {
      const std::string_view wide = Take(size);
      return Utf16(wide.substr(std::min<std::size_t>(6, wide.size())));
    }
    return name.substr(0, name.find('\0'));
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<Hyperlink> ReadXlsHyperlink(std::string_view body) {
  if (body.size() < kFixedPart) return std::nullopt;
  Hyperlink link;
  link.range = {.first_row = LoadU16(body, 0),
                .first_column = LoadU16(body, 4),
                .last_row = LoadU16(body, 2),
                .last_column = LoadU16(body, 6)};
  const std::uint32_t options = LoadU32(body, 28);
  LinkReader reader(body.substr(kFixedPart));
  if ((options & kHasDisplayName) != 0) reader.Text();
  if ((options & kHasFrame) != 0) reader.Text();
  if ((options & kHasMoniker) != 0) link.target = (options & kMonikerAsText) != 0 ? reader.Text() : reader.Moniker();
  if ((options & kHasLocation) != 0) link.target += "#" + reader.Text();
  if (link.target.empty()) return std::nullopt;
  return link;
}

}  // namespace tidemill::workbook
