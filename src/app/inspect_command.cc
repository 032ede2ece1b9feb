// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/mapped_file.h"
#include "tidemill/inspect/cell_lines.h"
#include "tidemill/inspect/facts.h"

#include "commands.h"
#include "files.h"

namespace tidemill::app {
namespace {

struct InspectOptions {
  std::string file;
  bool json = false;
  bool list = false;
  bool cells = false;
  bool comments = false;
  unsigned threads = 1;
};

base::Status WriteToOutput(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
  return base::FailOnFile("write", "standard output", errno);
}

// A sheet that could not be read at all makes the exit code; odd things do not.
int CodeOf(const std::vector<base::Error>& errors) {
  return errors.empty() ? 0 : base::ExitCodeOf(errors.front());
}

base::Result<int> PrintCells(const workbook::Workbook& book, const InspectOptions& options) {
  TIDEMILL_ASSIGN(const inspect::CellLinesReport report,
                  inspect::WriteCellLines(book, options.threads, {}, &WriteToOutput));
  std::fflush(stdout);
  for (const workbook::Issue& issue : report.issues) {
    fmt::print(stderr, "tidemill: {}: {}\n", options.file, inspect::ToText(issue));
  }
  for (const base::Error& error : report.errors) {
    fmt::print(stderr, "tidemill: {}: {}\n", options.file, error.ToText());
  }
  return CodeOf(report.errors);
}

base::Result<int> PrintFacts(const workbook::Workbook& book, const workbook::Sniffed& sniffed,
                             const InspectOptions& options) {
  inspect::Facts facts;
  if (options.list) {
    facts = inspect::ListWorkbook(book, sniffed);
  } else {
    TIDEMILL_ASSIGN(facts,
                    inspect::CountWorkbook(book, sniffed, {.threads = options.threads, .comments = options.comments}));
  }
  TIDEMILL_CHECK(WriteToOutput(options.json ? inspect::ToJson(facts) + '\n' : inspect::ToText(facts)));
  std::vector<base::Error> errors;
  for (const inspect::SheetFacts& sheet : facts.sheets) {
    if (sheet.error) errors.push_back(*sheet.error);
  }
  return CodeOf(errors);
}

base::Result<int> Inspect(const InspectOptions& options) {
  TIDEMILL_ASSIGN(const base::MappedFile file, base::MappedFile::Open(options.file));
  TIDEMILL_ASSIGN(const auto book, OpenBook(options.file, file));
  const workbook::Sniffed sniffed = workbook::Sniff(file.bytes());
  return options.cells ? PrintCells(*book, options) : PrintFacts(*book, sniffed, options);
}

}  // namespace

void AddInspectCommand(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand("inspect", "say what a workbook holds: sheets, tables, cells, hidden parts");
  command->footer(
      "Examples:\n  tidemill inspect deaths2019.xls\n  tidemill inspect --cells deaths2019.xls | head\n"
      "  tidemill inspect --list --json large.xlsx");
  command->add_option("FILE", options->file, "the workbook; what it is, its content says, not its name")->required();
  command->add_flag("--json", options->json, "one JSON object");
  CLI::Option* list = command->add_flag("--list", options->list, "sheets, tables and names only; reads no cell");
  CLI::Option* cells =
      command->add_flag("--cells", options->cells, "one JSON line a worksheet, followed by one a cell");
  cells->excludes(list);
  command->add_flag("--comments", options->comments, "the cells' comments too")->excludes(list)->excludes(cells);
  command->add_option("--threads", options->threads, "sheets that are read at a time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->callback([&chosen, options] {
    chosen = [options] {
      const base::Result<int> code = Inspect(*options);
      return code ? *code : Complain(code.error());
    };
  });
}

}  // namespace tidemill::app
