// SPDX-License-Identifier: Apache-2.0
#include "xlsx_styles.h"

#include <array>
#include <map>
#include <string>

#include "number_format.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

HorizontalAlignment XlsxAlignmentOf(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kNames = {"general", "left",    "center",           "right",
                                                             "fill",    "justify", "centerContinuous", "distributed"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<HorizontalAlignment>(i);
  }
  return HorizontalAlignment::kGeneral;
}

constexpr std::size_t kMostXlsxStyles = 65'536;
constexpr std::size_t kLongestFormat = 255;

struct FileXf {
  std::uint32_t format = 0;
  std::uint32_t font = 0;
  std::uint32_t fill = 0;
  HorizontalAlignment alignment = HorizontalAlignment::kGeneral;
  std::uint8_t indent = 0;
};

class XlsxStylesReader {
 public:
  XlsxStylesReader(std::string_view text, const Limits& limits) : xml_(text, limits.xml_depth) {}

  std::vector<Style> Read() {
    for (Event event = xml_.Next(); event != Event::kDone && event != Event::kError; event = xml_.Next()) {
      if (event == Event::kStart) Start();
      if (event == Event::kEnd && xml_.name() == section_) section_.clear();
    }
    return MakeStyles();
  }
  bool is_cut() const { return is_cut_; }

 private:
  // Whether one more of a kind is kept.
  template <class Kept>
  bool HasRoom(const Kept& kept) {
    is_cut_ = is_cut_ || kept.size() >= kMostXlsxStyles;
    return kept.size() < kMostXlsxStyles;
  }

  void NumberFormat(std::string_view name) {
    const auto id = xml_.Number("numFmtId");
    if (name != "numFmt" || !id || !HasRoom(formats_)) return;
    std::string text = xml_.Attribute("formatCode");
    is_cut_ = is_cut_ || text.size() > kLongestFormat;
    formats_[*id] = text.substr(0, kLongestFormat);
  }

  // dxfs hold fonts, fills and formats too, which are not those of cells.
  void Start() {
    const std::string_view name = xml_.name();
    if (section_.empty()) {
      if (name == "numFmts" || name == "fonts" || name == "fills" || name == "cellXfs") section_ = name;
      if (name == "dxfs" || name == "cellStyleXfs" || name == "extLst") xml_.SkipElement();
    } else if (section_ == "numFmts") {
      NumberFormat(name);
    } else if (section_ == "fonts") {
      if (name == "font" && HasRoom(fonts_)) fonts_.emplace_back();
      if (!fonts_.empty()) ReadFontProperty(xml_, fonts_.back());
    } else if (section_ == "fills") {
      Fill(name);
    } else {
      Xf(name);
    }
  }

  void Fill(std::string_view name) {
    if (name == "fill" && HasRoom(fills_)) fills_.push_back(false);
    if (fills_.empty()) return;
    if (name == "gradientFill") fills_.back() = true;
    if (name != "patternFill") return;
    const std::string type = xml_.Attribute("patternType");
    fills_.back() = !type.empty() && type != "none";
  }

  void Xf(std::string_view name) {
    if (name == "xf" && HasRoom(xfs_)) {
      xfs_.push_back({.format = xml_.Number("numFmtId").value_or(0),
                      .font = xml_.Number("fontId").value_or(0),
                      .fill = xml_.Number("fillId").value_or(0)});
    } else if (name == "alignment" && !xfs_.empty()) {
      xfs_.back().alignment = XlsxAlignmentOf(xml_.Attribute("horizontal"));
      xfs_.back().indent = static_cast<std::uint8_t>(std::min(xml_.Number("indent").value_or(0), 255U));
    }
  }

  std::string FormatText(std::uint32_t id) const {
    const auto own = formats_.find(id);
    return own != formats_.end() ? own->second : std::string(BuiltinNumberFormat(id));
  }

  std::vector<Style> MakeStyles() const {
    std::vector<Style> styles;
    styles.reserve(xfs_.size());
    std::map<std::uint32_t, NumberClass> classes;
    for (const FileXf& xf : xfs_) {
      const TextRun font = xf.font < fonts_.size() ? fonts_[xf.font] : TextRun();
      Style style{.number_format = FormatText(xf.format),
                  .alignment = xf.alignment,
                  .indent = xf.indent,
                  .script = font.script,
                  .bold = font.bold,
                  .italic = font.italic,
                  .strike = font.strike,
                  .fill = xf.fill < fills_.size() && fills_[xf.fill]};
      const auto [known, is_new] = classes.try_emplace(xf.format);
      if (is_new) known->second = ClassifyNumberFormat(style.number_format);
      style.number_class = known->second;
      styles.push_back(std::move(style));
    }
    return styles;
  }

  XmlReader xml_;
  std::string section_;
  std::map<std::uint32_t, std::string> formats_;
  std::vector<TextRun> fonts_;
  std::vector<bool> fills_;
  std::vector<FileXf> xfs_;
  bool is_cut_ = false;
};

}  // namespace

void ReadFontProperty(const XmlReader& xml, TextRun& font) {
  const std::string_view name = xml.name();
  if (name == "b") font.bold = xml.Flag("val", true);
  if (name == "i") font.italic = xml.Flag("val", true);
  if (name == "strike") font.strike = xml.Flag("val", true);
  if (name != "vertAlign") return;
  const std::string script = xml.Attribute("val");
  font.script = script == "superscript" ? Script::kSuperscript
                : script == "subscript" ? Script::kSubscript
                                        : Script::kPlain;
}

std::vector<Style> ReadXlsxStyles(std::string_view xml, const Limits& limits, std::vector<Issue>& issues) {
  XlsxStylesReader reader(xml, limits);
  std::vector<Style> styles = reader.Read();
  if (reader.is_cut()) {
    issues.push_back({.code = "limit",
                      .message = "more than 65,536 formats, fonts, fills or number formats, or a very long one",
                      .sheet = {},
                      .cell = {}});
  }
  return styles;
}

}  // namespace tidemill::workbook
