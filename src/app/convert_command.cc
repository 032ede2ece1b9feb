// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/mapped_file.h"
#include "tidemill/base/text.h"
#include "tidemill/cloud/store.h"
#include "tidemill/inspect/facts.h"

#include "commands.h"
#include "convert.h"
#include "files.h"
#include "signals.h"
#include "stores.h"
#include "tables_library.h"

namespace tidemill::app {
namespace {

using base::ErrorCode;
using base::Quoted;

struct ConvertArguments {
  std::string file;
  std::string to;  // a format's name
  bool json = false;
  bool quiet = false;
  ConvertOptions options;
};

struct NamedFormat {
  std::string_view name;
  TableFormat format;
};
constexpr std::array kFormats = {NamedFormat{"parquet", TableFormat::kParquet}, NamedFormat{"csv", TableFormat::kCsv},
                                 NamedFormat{"ndjson", TableFormat::kNdjson},
                                 NamedFormat{"arrow", TableFormat::kArrow}};

base::Result<TableFormat> FormatNamed(const std::string& name, const std::string& where) {
  std::vector<std::string_view> names;
  for (const NamedFormat& known : kFormats) {
    if (known.name == name) return known.format;
    names.push_back(known.name);
  }
  return base::Fail(ErrorCode::kInvalid, "{} {} names no format{}; there are: parquet, csv, ndjson, arrow", where,
                    Quoted(name), base::DidYouMean(name, names));
}

base::Result<TableFormat> FormatOf(const ConvertArguments& arguments) {
  const std::string& out = arguments.options.out;
  if (!arguments.to.empty()) return FormatNamed(arguments.to, "--to");
  if (out == "-") return TableFormat::kCsv;
  const std::string ending = std::filesystem::path(out).extension().string();
  return FormatNamed(ending.empty() ? ending : ending.substr(1), "the ending of " + Quoted(out));
}

base::Status CheckOut(const ConvertArguments& arguments) {
  const std::string& out = arguments.options.out;
  if (out == "-") {
    const TableFormat format = arguments.options.format;
    if (format != TableFormat::kCsv && format != TableFormat::kNdjson) {
      return base::Fail(ErrorCode::kInvalid, "-o - takes csv or ndjson, the other formats need a file");
    }
    if (arguments.json) {
      return base::Fail(ErrorCode::kInvalid, "--json and -o - both want standard output, expected one of them");
    }
    return {};
  }
  std::error_code error;
  if (std::filesystem::is_directory(out, error)) {
    return base::FailAt(ErrorCode::kInvalid, out, "is a folder, expected a file to write");
  }
  if (std::filesystem::equivalent(out, arguments.file, error)) {
    return base::FailAt(ErrorCode::kInvalid, out, "is the workbook itself, expected another file to write");
  }
  return {};
}

// A line on a terminal from the second second on, drawn ten times a second at most.
class ProgressLine {
 public:
  explicit ProgressLine(bool shown) : shown_(shown && ::isatty(STDERR_FILENO) == 1) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
  }
  void Draw(std::uint64_t rows, bool writing) {
    using namespace std::chrono_literals;
    if (!shown_) return;
    const auto now = Clock::now();
    if (now - begun_ < 1s || now - last_ < 100ms) return;
    last_ = now;
    drawn_ = true;
    if (writing) {
      fmt::print(stderr, "\r\x1b[Kwriting");
    } else {
      fmt::print(stderr, "\r\x1b[Kreading, row {}", base::Thousands(static_cast<std::int64_t>(rows)));
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_;
  bool drawn_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point last_{};
};

std::string ToJson(const ConvertArguments& arguments, const ConvertReport& report) {
  base::JsonWriter json;
  json.BeginObject().Key("file").String(arguments.file).Key("out").String(arguments.options.out);
  json.Key("sheet").String(report.sheet).Stated("table", report.table);
  json.Key("range").String(workbook::A1(*report.facts.used));
  json.Key("header").BeginArray();
  for (const std::uint32_t row : report.facts.header) json.Int(row);
  json.EndArray().Key("rows").Int(static_cast<std::int64_t>(report.facts.rows));
  json.Key("columns").BeginArray();
  for (const transform::SheetTableColumn& column : report.facts.columns) {
    json.BeginObject().Key("name").String(column.name).Key("type").String(column.type);
    json.Key("letter").String(column.letter).Key("values").Int(static_cast<std::int64_t>(column.values));
    json.Stated("texts_of", column.texts_of).EndObject();
  }
  json.EndArray().Key("remarks").BeginArray();
  for (const std::string& remark : report.facts.remarks) json.String(remark);
  for (const workbook::Issue& issue : report.issues) json.String(inspect::ToText(issue));
  json.EndArray().Key("other_sheets").BeginArray();
  for (const std::string& sheet : report.other_sheets) json.String(sheet);
  json.EndArray().Key("bytes").Int(static_cast<std::int64_t>(report.bytes)).EndObject();
  return json.Take();
}

// For people, on standard error.
void Tell(const ConvertArguments& arguments, const ConvertReport& report) {
  for (const workbook::Issue& issue : report.issues) {
    if (!arguments.quiet || workbook::IsDamage(issue)) fmt::print(stderr, "{}\n", inspect::ToText(issue));
  }
  if (arguments.quiet) return;
  for (const std::string& remark : report.facts.remarks) fmt::print(stderr, "{}\n", remark);
  if (arguments.options.sheet.empty() && arguments.options.table.empty() && !report.other_sheets.empty()) {
    std::vector<std::string> others;
    for (const std::string& sheet : report.other_sheets) others.push_back(Quoted(sheet));
    fmt::print(stderr, "the first sheet with cells was taken; others (--sheet): {}\n", base::Join(others, ", "));
  }
  fmt::print(stderr, "sheet {}, {}: {} rows, {} columns\n", Quoted(report.sheet), workbook::A1(*report.facts.used),
             base::Thousands(static_cast<std::int64_t>(report.facts.rows)), report.facts.columns.size());
}

base::Result<ConvertReport> RunHere(const ConvertArguments& arguments, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const base::MappedFile file, base::MappedFile::Open(arguments.file));
  TIDEMILL_ASSIGN(const auto book, OpenBook(arguments.file, file));
  TIDEMILL_ASSIGN(const TablesLibrary* const library, OpenTablesLibrary());
  ProgressLine line(!arguments.quiet);
  return library->convert(
      *book, arguments.options, [&](std::uint64_t rows, bool writing) { line.Draw(rows, writing); }, stop);
}

// What lies in a cloud, or is to lie there, goes through a folder of this machine.
base::Result<ConvertReport> Run(ConvertArguments& arguments, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(arguments.options.format, FormatOf(arguments));
  TIDEMILL_CHECK(CheckOut(arguments));
  const bool from_cloud = cloud::IsCloudUrl(arguments.file);
  const bool to_cloud = cloud::IsCloudUrl(arguments.options.out);
  if (!from_cloud && !to_cloud) return RunHere(arguments, stop);
  TIDEMILL_ASSIGN(const ScratchFolder scratch, ScratchFolder::Make());
  ConvertArguments here = arguments;
  if (from_cloud) {
    TIDEMILL_ASSIGN(const std::string bytes, ReadObject(arguments.file, stop));
    here.file = scratch.path() + "/in";
    TIDEMILL_CHECK(WriteFile(here.file, bytes));
  }
  if (to_cloud) here.options.out = scratch.path() + "/out";
  auto report = RunHere(here, stop);
  if (!report || !to_cloud) return report;
  TIDEMILL_ASSIGN(const std::string made, ReadFile(here.options.out, report->bytes));
  TIDEMILL_CHECK(WriteObject(arguments.options.out, made, stop));
  return report;
}

int RunCommand(ConvertArguments arguments) {
  const SignalStop signals;
  auto report = Run(arguments, signals.token());
  if (!report) {
    base::Error error = std::move(report).error();
    if (error.place.empty()) error.place = arguments.file;
    return Complain(error);
  }
  if (arguments.json) {
    fmt::print("{}\n", ToJson(arguments, *report));
  } else {
    Tell(arguments, *report);
  }
  if (std::any_of(report->issues.begin(), report->issues.end(), workbook::IsDamage)) {
    return Complain(base::FailAt(ErrorCode::kMalformed, arguments.file,
                                 "damaged; what could be read, {} rows, is written to {}", report->facts.rows,
                                 arguments.options.out)
                        .value());
  }
  return 0;
}

}  // namespace

void AddConvertCommand(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ConvertArguments>();
  ConvertOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("convert", "turn one sheet of a workbook into Parquet, CSV, NDJSON or Arrow");
  command->footer(
      "Examples:\n  tidemill convert deaths2019.xls -o deaths.parquet --sheet 'Figures for 2019' --range A4:N448\n"
      "  tidemill convert births.xlsx -o - --table table_1 | head");
  command
      ->add_option("FILE", arguments->file,
                   "the workbook, a file or an object of gs:// or s3://; what it is, its content says, not its name")
      ->required();
  command
      ->add_option("-o,--out", options.out,
                   "the file or object to write: .parquet, .csv, .ndjson, .arrow; - for standard output")
      ->required();
  command->add_option("--to", arguments->to,
                      "the format, where OUT's ending does not say it: parquet, csv, ndjson, arrow");
  command->add_option("--sheet", options.sheet, "by name, or by number from 1; default: the first with cells");
  CLI::Option* range = command->add_option("--range", options.range, "a part of the sheet, its header first: A4:N448");
  command->add_option("--table", options.table, "a native table, by name")->excludes(range);
  command->add_option("--header", options.header_rows, "rows of header at the top, joined; 0: none")
      ->check(CLI::Range(0, 100));
  command->add_flag("--json", arguments->json, "what was done as JSON on standard output");
  command->add_flag("-q,--quiet", arguments->quiet, "errors only");
  command->callback([&chosen, arguments] { chosen = [arguments] { return RunCommand(*arguments); }; });
}

}  // namespace tidemill::app
