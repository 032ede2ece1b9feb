// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/report.h"

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/etl/job.h"
#include "tidemill/http/url.h"

namespace tidemill::etl {
namespace {

using base::Thousands;

// A JSON object or array that is being written, member by member.
class Json {
 public:
  explicit Json(std::string& out) : out_(&out) {}
  void Text(std::string_view name, std::string_view value) { base::AppendJsonString(Member(name), value); }
  void Number(std::string_view name, std::int64_t value) {
    fmt::format_to(std::back_inserter(Member(name)), "{}", value);
  }
  void Bool(std::string_view name, bool value) { Member(name) += value ? "true" : "false"; }
  void Texts(std::string_view name, const std::vector<std::string>& values) {
    std::string& out = Member(name);
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      base::AppendJsonString(out, values[i]);
    }
    out += ']';
  }
  template <class Items, class Write>
  void Objects(std::string_view name, const Items& items, Write write) {
    std::string& out = Member(name);
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      Object(out, [&](Json& json) { write(json, items[i]); });
    }
    out += ']';
  }
  template <class Write>
  void Nested(std::string_view name, Write write) {
    Object(Member(name), write);
  }
  template <class Write>
  static void Object(std::string& out, Write write) {
    out += '{';
    Json json(out);
    write(json);
    out += '}';
  }

 private:
  std::string& Member(std::string_view name) {
    if (!std::exchange(first_, false)) *out_ += ',';
    base::AppendJsonString(*out_, name);
    *out_ += ':';
    return *out_;
  }
  std::string* out_;
  bool first_ = true;
};

void WriteEdition(Json& json, const EditionReport& edition) {
  json.Text("edition", edition.edition);
  json.Text("file", edition.file);
  json.Text("url", edition.url);
  json.Text("sha256", edition.sha256);
  json.Text("outcome", edition.outcome);
  if (!edition.problem.empty()) json.Text("problem", edition.problem);
  json.Bool("final", edition.final);
  if (!edition.released.empty()) json.Text("released", edition.released);
  json.Number("rows", edition.rows);
  json.Number("cells", edition.cells);
  json.Number("unaccounted", edition.unaccounted);
  json.Texts("unpublished", edition.unpublished);
}

void WriteFinding(Json& json, const transform::Finding& finding) {
  json.Text("id", finding.Id());
  json.Text("severity", transform::ToText(finding.severity));
  json.Text("slug", finding.slug);
  json.Text("edition", finding.edition);
  json.Text("file", finding.file);
  json.Text("sheet", finding.sheet);
  json.Text("cell", finding.cell);
  json.Text("message", finding.message);
}

void WriteSuperseded(Json& json, const SupersededReport& file) {
  json.Text("edition", file.edition);
  json.Text("version", file.version);
  json.Text("file", file.file);
  json.Text("url", file.url);
  json.Text("sha256", file.sha256);
  if (!file.released.empty()) json.Text("released", file.released);
  if (!file.problem.empty()) json.Text("problem", file.problem);
}

void WriteTable(Json& json, const TableReport& table) {
  json.Text("table", table.table);
  json.Number("version", table.version);
  json.Bool("published", table.published);
  json.Number("rows", table.rows);
  json.Number("added", table.added);
  json.Number("revised", table.revised);
  json.Number("removed", table.removed);
  json.Number("relabelled", table.relabelled);
}

void WriteCells(Json& json, const transform::Accounting& cells) {
  json.Number("all", cells.cells());
  for (const auto& [name, count] : cells.Classes()) json.Number(name, count);
  json.Number("unaccounted", cells.unaccounted);
  json.Number("white_space_only", cells.white_space_only);
}

std::string EditionLine(const EditionReport& edition) {
  std::string line = fmt::format("  {:<8} {:<12} {}", edition.edition, edition.outcome, edition.file);
  if (edition.cells > 0) {
    line += fmt::format(": {} rows of {} cells", Thousands(edition.rows), Thousands(edition.cells));
  }
  if (!edition.released.empty()) line += ", released " + edition.released;
  if (!edition.unpublished.empty()) {
    line += fmt::format(", not yet published: {}–{}", edition.unpublished.front(), edition.unpublished.back());
  }
  if (!edition.problem.empty()) line += "\n           " + edition.problem;
  return line + "\n";
}

std::string SupersededLines(const std::vector<SupersededReport>& files) {
  std::string out = fmt::format("superseded {} files\n", files.size());
  for (const SupersededReport& file : files) {
    if (!file.problem.empty())
      out += fmt::format("  {:<8} left out     {}: {}\n", file.edition, file.file, file.problem);
  }
  return out;
}

std::string EditionsHeading(const Report& report) {
  std::int64_t fresh = 0;
  std::int64_t changed = 0;
  for (const EditionReport& edition : report.editions) {
    fresh += edition.outcome == "new" ? 1 : 0;
    changed += edition.outcome == "changed" ? 1 : 0;
  }
  return fmt::format("editions  {} ({} new, {} changed)\n", report.editions.size(), fresh, changed);
}

std::string TableLine(const TableReport& table) {
  if (!table.published) return fmt::format("version   {} {} stays: no figure changed\n", table.table, table.version);
  return fmt::format("version   {} {} published: {} rows, {} added, {} revised, {} removed\n", table.table,
                     table.version, Thousands(table.rows), Thousands(table.added), Thousands(table.revised),
                     Thousands(table.removed));
}

std::string CellsLine(const transform::Accounting& cells) {
  std::string line = fmt::format("cells     {} accounted for:", Thousands(cells.cells() - cells.unaccounted));
  for (const auto& [name, count] : cells.Classes()) {
    if (count > 0) line += fmt::format(" {} {},", Thousands(count), name);
  }
  line.back() = ';';
  return line + fmt::format(" unaccounted {}\n", cells.unaccounted);
}

}  // namespace

std::string_view ToText(Outcome outcome) {
  switch (outcome) {
    case Outcome::kExtracted:
      return "extracted";
    case Outcome::kPrepared:
      return "prepared";
    case Outcome::kPublished:
      return "published";
    case Outcome::kUnchanged:
      return "unchanged";
    case Outcome::kCheckFailed:
      return "check-failed";
    case Outcome::kHeld:
      return "held";
    case Outcome::kFailed:
      return "failed";
  }
  return "failed";
}

std::string ToText(const Report& report) {
  std::string out = fmt::format("{} of {}: {}\n", report.flow, report.recipe, ToText(report.outcome));
  if (!report.editions.empty()) out += EditionsHeading(report);
  for (const EditionReport& edition : report.editions) out += EditionLine(edition);
  if (!report.superseded.empty()) out += SupersededLines(report.superseded);
  if (report.cells.cells() > 0) out += CellsLine(report.cells);
  if (report.checks_passed + report.checks_failed + report.checks_waived > 0) {
    out += fmt::format("checks    {} sums hold, {} failed, {} accepted\n", Thousands(report.checks_passed),
                       report.checks_failed, report.checks_waived);
  }
  constexpr std::size_t kMostShown = 20;
  for (std::size_t i = 0; i < report.findings.size() && i < kMostShown; ++i) {
    const transform::Finding& finding = report.findings[i];
    out += fmt::format("{:<9} {}: {}\n", transform::ToText(finding.severity), finding.Id(), finding.ToText());
  }
  if (report.findings.size() > kMostShown) {
    out += fmt::format("          … and {} more findings (--json has all)\n", report.findings.size() - kMostShown);
  }
  for (const TableReport& table : report.past_tables) out += TableLine(table);
  for (const TableReport& table : report.tables) out += TableLine(table);
  for (const std::string& file : report.files) out += fmt::format("file      {} written\n", file);
  return out + fmt::format("time      {:.2f} s\n", static_cast<double>(report.took.count()) / 1000.0);
}

std::string ToJson(const Report& report) {
  std::string out;
  Json::Object(out, [&](Json& json) {
    json.Text("flow", report.flow);
    json.Text("recipe", report.recipe);
    json.Text("store", report.store);
    json.Text("outcome", ToText(report.outcome));
    if (!report.error.empty()) json.Text("error", report.error);
    json.Number("links_seen", report.links_seen);
    json.Number("links_matched", report.links_matched);
    json.Objects("editions", report.editions, WriteEdition);
    if (!report.superseded.empty()) json.Objects("superseded", report.superseded, WriteSuperseded);
    json.Nested("cells", [&](Json& cells) { WriteCells(cells, report.cells); });
    json.Nested("checks", [&](Json& checks) {
      checks.Number("passed", report.checks_passed);
      checks.Number("failed", report.checks_failed);
      checks.Number("accepted", report.checks_waived);
    });
    json.Objects("findings", report.findings, WriteFinding);
    if (!report.past_tables.empty()) json.Objects("past_tables", report.past_tables, WriteTable);
    json.Objects("tables", report.tables, WriteTable);
    json.Texts("files", report.files);
    json.Number("milliseconds", report.took.count());
  });
  return out;
}

std::string ToJson(const Options& options) {
  std::string out;
  Json::Object(out, [&](Json& json) {
    if (!options.page.empty()) json.Text("page", http::UrlToKeep(options.page));
    if (!options.files.empty()) json.Texts("files", options.files);
    if (options.pause) json.Number("pause_ms", options.pause->count());
    if (options.min_year) json.Number("min_year", *options.min_year);
    if (options.force) json.Bool("force", true);
    if (options.offline) json.Bool("offline", true);
    if (options.all_versions) json.Bool("all_versions", true);
    if (!options.accept.empty()) json.Texts("accept", options.accept);
  });
  return out;
}

}  // namespace tidemill::etl
