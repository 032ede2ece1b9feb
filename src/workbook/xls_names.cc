// SPDX-License-Identifier: Apache-2.0
#include "xls_names.h"

#include <array>

#include "code_page.h"

namespace tidemill::workbook {
namespace {

// Names that are built in stand as one character ([MS-XLS] 2.4.150).
constexpr std::array<std::string_view, 14> kBuiltInNames = {
    "Consolidate_Area", "Auto_Open",       "Auto_Close",   "Extract",        "Database",
    "Criteria",         "Print_Area",      "Print_Titles", "Recorder",       "Data_Form",
    "Auto_Activate",    "Auto_Deactivate", "Sheet_Title",  "_FilterDatabase"};

// Where the parts of a NAME record stand.
struct NameLayout {
  std::size_t length_at;
  std::size_t size_at;  // of the formula
  std::size_t name_at;
};

NameLayout LayoutOf(std::uint16_t version) {
  if (version >= kBiff5) return {.length_at = 3, .size_at = 4, .name_at = 14};
  if (version > kBiff2) return {.length_at = 3, .size_at = 4, .name_at = 6};
  return {.length_at = 3, .size_at = 4, .name_at = 5};
}

}  // namespace

void XlsNames::Add(std::string_view stream, const BiffRecord& record, const BiffText& text) {
  switch (record.id) {
    case Biff::kName:
    case Biff::kName3:
      return AddName(record, text);
    case Biff::kSupBook:
      own_books_.push_back(record.body.size() == 4 && LoadU16(record.body, 2) == 0x0401);
      return;
    case Biff::kExternSheet:
      if (text.version >= kBiff8) AddLinks(stream, record);
      return;
    default:
      return;
  }
}

void XlsNames::AddName(const BiffRecord& record, const BiffText& text) {
  constexpr std::uint8_t kBuiltIn = 0x20;
  const std::string_view body = record.body;
  const NameLayout layout = LayoutOf(text.version);
  if (body.size() < layout.name_at) return;
  if (names_.size() >= kMostNames) {
    ++left_out_;
    return;
  }
  const std::size_t length = LoadU8(body, layout.length_at);
  const std::size_t size = text.version > kBiff2 ? LoadU16(body, layout.size_at) : LoadU8(body, layout.size_at);
  DefinedName name;
  std::size_t at = layout.name_at;
  const bool wide = text.version >= kBiff8 && (LoadU8(body, at++) & 1U) != 0;
  const std::string_view bytes = Slice(body, at, wide ? 2 * length : length);
  if (wide) {
    AppendUtf16(name.name, bytes);
  } else if (text.version >= kBiff8) {
    AppendLatin1(name.name, bytes);
  } else {
    AppendCodePage(name.name, bytes, text.code_page);
  }
  const bool built_in = (LoadU8(body, 0) & kBuiltIn) != 0;
  if (built_in && name.name.size() == 1 && static_cast<unsigned char>(name.name[0]) < kBuiltInNames.size()) {
    name.name = "_xlnm." + std::string(kBuiltInNames[static_cast<unsigned char>(name.name[0])]);
  }
  if (text.version >= kBiff5) name.sheet = static_cast<int>(LoadU16(body, 8)) - 1;
  names_.push_back(std::move(name));
  formulas_.push_back(Slice(body, at + bytes.size(), size));
}

void XlsNames::AddLinks(std::string_view stream, const BiffRecord& record) {
  BiffReader reader(stream, record);
  const std::size_t count = reader.U16();
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint16_t book = reader.U16();
    FormulaNames::Link link{.own = book < own_books_.size() && own_books_[book], .outside = {}};
    link.first_sheet = static_cast<std::int16_t>(reader.U16());
    link.last_sheet = static_cast<std::int16_t>(reader.U16());
    if (!link.own) link.outside = "[" + std::to_string(book) + "]";
    references_.links.push_back(std::move(link));
  }
}

std::vector<DefinedName> XlsNames::Make(const BiffText& text, std::vector<std::string> sheets) {
  references_.sheets = std::move(sheets);
  references_.code_page = text.code_page;
  for (const DefinedName& name : names_) references_.names.push_back(name.name);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    names_[i].refers_to = FormulaText(formulas_[i], text.version, references_).value_or("");
    if (names_[i].sheet >= static_cast<int>(references_.sheets.size())) names_[i].sheet = -1;
  }
  return std::move(names_);
}

}  // namespace tidemill::workbook
