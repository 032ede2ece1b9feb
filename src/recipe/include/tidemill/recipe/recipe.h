// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/recipe/check.h"
#include "tidemill/recipe/pattern.h"

// The recipe language: shared/design/recipes.md, section 3. Text in, values out; no files, no workbook.
namespace tidemill::recipe {

// A fault of the text, with its place. `code` is a slug of recipes.md 3.14: "unknown-key", "wrong-type", "bad-pattern"
// …
struct Problem {
  std::string code;
  std::string message;  // names the value, what was expected, the nearest key
  int line = 0;         // from 1
  int column = 0;
};

struct NumberRange {  // "340..440", "2015..", "..2010", "12"
  std::optional<double> least;
  std::optional<double> most;
  bool Holds(double value) const { return (!least || value >= *least) && (!most || value <= *most); }
};

struct CsvOptions {
  std::string encoding, delimiter, quote, comment;  // empty: detected
};

struct SourceSpec {
  std::string page, file;         // one of them, or
  std::vector<std::string> urls;  // addresses of workbooks
  std::vector<Pattern> link, text, heading;
  std::vector<std::string> edition;  // captures that name an edition; empty: all but file, ext, version
  std::optional<NumberRange> only;
  std::vector<std::string> prefer = {"xlsx", "ods", "xls", "csv"};
  std::optional<Pattern> final_;        // `final`: pattern on heading or text
  std::string not_final;                // status letter of the values of other editions
  std::optional<double> pause_seconds;  // between two requests; 1 where the recipe does not say
  std::string versions_page;            // source.versions
  std::vector<Pattern> versions_link;
  CsvOptions csv;
};

enum class FactType { kText, kDate, kInt };
struct FactSpec {
  std::string name;
  std::vector<Pattern> label;
  FactType type = FactType::kText;
  bool in_book = false;
  bool required = false;
};

struct SheetSpec {
  std::vector<Pattern> pick;  // empty: by score
  std::vector<Pattern> not_;  // taken out before pick
  bool each = false;
  bool hidden = false;
};

enum class TableFind { kTable, kHeader, kAxis };
enum class Repeats { kFail, kEqual };
struct TableSpec {
  std::vector<TableFind> find;  // empty: as the columns allow
  std::optional<Pattern> name;
  std::vector<Pattern> anchor;
  std::optional<int> header_rows;
  std::vector<Pattern> stop;  // default Footnotes*, Notes*, Source*
  bool stop_by_default = true;
  std::vector<Pattern> skip;
  Repeats repeats = Repeats::kFail;
  std::string range;         // "A7:L15" or empty
  bool each = false;         // every table that the rules find, not one
  bool ignore_rest = false;  // numbers outside of the tables are ignored, not found unaccounted
};

enum class Role { kCode, kLabel, kDimension, kAxis, kGroup, kValue, kStatus, kNote, kTotal, kIgnore };
enum class AxisKind { kMonth, kQuarter, kYear, kFiscalYear, kWeek, kDate, kAgeBand, kText };
enum class ValueType { kText, kInt32, kInt64, kFloat64, kDecimal };
enum class Unknown { kFail, kKeep };
enum class Blank { kFail, kMissing, kZero };

// One way by which nesting shows; a level is a list of them, any of which fits.
struct LevelTest {
  enum class Kind { kUpper, kBold, kItalic, kIndent, kColumn, kAny, kPattern } kind = Kind::kAny;
  int number = 0;
  std::optional<Pattern> pattern;
};
using Level = std::vector<LevelTest>;

struct ColumnSpec {
  std::string name;
  Role role = Role::kValue;
  std::vector<Pattern> header;
  std::string column;  // "C": last resort
  std::string from;    // "label", "sheet", "{capture}" or another column
  bool optional = false;
  ValueType type = ValueType::kText;
  int precision = 0, scale = 0;  // kDecimal
  // code
  std::string system;  // "gss", "ons-snac", "" = any text
  std::string split;   // also label and dimension: " / "
  std::string join = "_";
  int pad = 0;
  std::string to;
  Unknown unknown = Unknown::kFail;
  std::string vintage = "fit";
  int take = 0;  // which part of the split text, from 1; 0: all (of codes)
  // label
  std::vector<Level> levels;
  bool levels_by_code = false;
  // dimension, axis
  bool fill_down = false;
  std::optional<AxisKind> axis;
  std::vector<std::string> parse;
  std::string must;  // "{year}"
  std::string year;  // "{capture}", another column, or a header pattern
  int row = 1;
  bool empty_fails = false;
  std::map<std::string, std::string> map;  // also group
  std::vector<Pattern> match;              // group
  bool own_values = false;                 // group: rows that name one may have values of their own
  // value
  std::string unit, multiplier, thousands, decimal, bracketed, of, within;
  bool additive = true;
  Blank blank = Blank::kFail;
};

struct CodeRule {  // [codes]: a label pattern and the code of rows that have none
  Pattern label;
  std::string code;
};

struct Marker {
  std::string text;  // normalised
  std::optional<double> value;
  std::string status;
  std::string note;
};
struct MarkerSpec {
  std::string base = "none";  // or "gss"
  std::vector<Marker> own;
};

struct NoteSpec {
  bool script = true, bracket = true, trailing = false;
  std::vector<Pattern> sheet;
  std::vector<std::pair<Pattern, std::string>> status;
};

struct ValueCheck {
  std::string column;  // empty: every value column
  enum class Relation { kAtLeast, kAtMost, kAbove, kBelow, kRange } relation = Relation::kAtLeast;
  NumberRange range;
  std::string text;
};

enum class Severity { kFail, kHold, kWarn, kOff };

struct ChecksSpec {
  std::optional<NumberRange> rows;
  std::string periods;     // "contiguous from {year}-01", "any" or empty
  std::string when_final;  // "12 periods"
  std::vector<ValueCheck> values;
  bool complete = false;
  bool future = false;  // periods after today are no fault
  std::optional<int> fresh_days;
  Severity codes = Severity::kFail;
  Severity names = Severity::kWarn;
  double markers = 10;
  std::vector<SumCheck> sums;
};

struct RevisionsSpec {
  int free = 0;
  std::optional<double> limit_percent, limit_abs;
  Severity beyond = Severity::kHold;
  Severity removed = Severity::kHold;
};

struct OutputColumn {
  std::string name;      // in the table
  std::string function;  // "year", "start" …; empty: the column as it is
  std::string argument;  // column or fact
};
struct OutputSpec {
  std::string table;                  // name of the Delta table, or empty for a plain file alone
  std::vector<OutputColumn> columns;  // empty: all bound, each status, edition
  std::vector<std::string> key, sort;
  bool lineage = true;
  std::string compat;  // "deaths-data-v1"
  std::string file;
  std::string rows;  // "as-before"
};

// A recipe as it holds for one edition.
struct Spec {
  std::string name, title, publisher, licence, contact, quality, usage;
  SourceSpec source;
  std::vector<FactSpec> facts;
  SheetSpec sheet;
  TableSpec table;
  std::vector<ColumnSpec> columns;  // in order of appearance
  std::vector<CodeRule> codes;
  MarkerSpec markers;
  NoteSpec notes;
  ChecksSpec checks;
  RevisionsSpec revisions;
  std::vector<OutputSpec> outputs;
};

// A parsed recipe. Immutable, thread-safe, cheap to copy.
class Recipe {
 public:
  // All faults at once in `problems`; the error (kInvalid) speaks of the first. `file` is for places.
  // A recipe of another language version, or over 256 KiB, is refused.
  static base::Result<Recipe> Parse(std::string_view toml, std::string_view file,
                                    std::vector<Problem>* problems = nullptr);

  // Without any edition: name, source, outputs, and what holds for all.
  const Spec& base() const;
  // With the `[[when]]` blocks that hold for these captures (year, ext, … and `sheet`, `released` once they are known)
  // merged in, in order of appearance. The blocks' numbers come back in `applied`, where asked.
  base::Result<Spec> For(const Captures& captures, std::vector<int>* applied = nullptr) const;
  // The line of each [[when]] block, in order of appearance.
  std::vector<int> WhenLines() const;
  // 64 hexadecimal digits: SHA-256 of the text.
  const std::string& hash() const;

 private:
  struct Parsed;
  explicit Recipe(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

// The names that an edition's facts may have: captures of its patterns, facts, `ext` and `sheet`.
std::vector<std::string> CapturedNames(const Spec& spec);

// True for a name that a recipe may have: parts of a-z, 0-9 and '-', joined by '/'.
bool MayNameRecipe(std::string_view name);

// True for a name that a column may have: [a-z][a-z0-9_]*, no "__", none of the data API's words.
bool MayNameColumn(std::string_view name);

// `source` rules over the links of a page.
struct LinkMatch {
  Captures captures;    // of link, text and heading together
  std::string edition;  // the values of source.edition's captures, joined by '-'
  bool final = false;
  std::string conflict;  // not empty: link, text and heading capture one name and differ ("capture-conflict")
};
struct LinkTexts {
  std::vector<std::string> targets;  // what the link pattern may match (extract::LinkTargets)
  std::string text;
  std::string heading;
};
std::optional<LinkMatch> MatchLink(const SourceSpec& source, const LinkTexts& link);

}  // namespace tidemill::recipe
