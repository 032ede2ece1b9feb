// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/etl/report.h"

namespace tidemill::etl {
namespace {

using base::Thousands;

constexpr std::size_t kMostFindings = 200;

// Names and messages come from files of others: whatever has a meaning in Markdown is written so that it has none.
std::string Plain(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) plain += '\\';
    plain += c == '\n' || c == '\r' ? ' ' : c;
  }
  return plain;
}

std::string TablesPart(const Report& report) {
  if (report.tables.empty() && report.past_tables.empty()) return {};
  std::string out =
      "## Datasets\n\n| Dataset | Version | State | Rows | Added | Revised | Removed "
      "|\n|---|--:|---|--:|--:|--:|--:|\n";
  const auto add = [&](const TableReport& table) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", Plain(table.table), table.version,
                       table.published ? "published" : "stays: no figure changed", Thousands(table.rows),
                       Thousands(table.added), Thousands(table.revised), Thousands(table.removed));
  };
  for (const TableReport& table : report.past_tables) add(table);
  for (const TableReport& table : report.tables) add(table);
  return out + "\n";
}

std::string EditionsPart(const Report& report) {
  if (report.editions.empty()) return {};
  std::string out =
      "## Editions\n\n| Edition | Outcome | File | Released | Rows | Cells | Note |\n|---|---|---|---|--:|--:|---|\n";
  for (const EditionReport& edition : report.editions) {
    std::string note = Plain(edition.problem);
    if (!edition.unpublished.empty()) {
      note += fmt::format("{}not yet published: {}–{}", note.empty() ? "" : "; ", edition.unpublished.front(),
                          edition.unpublished.back());
    }
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", Plain(edition.edition), edition.outcome,
                       Plain(edition.file), edition.released, edition.cells > 0 ? Thousands(edition.rows) : "",
                       edition.cells > 0 ? Thousands(edition.cells) : "", note);
  }
  return out + "\n";
}

std::string FindingsPart(const Report& report) {
  if (report.findings.empty()) return {};
  std::string out = "## Findings\n\n| Severity | Finding | What |\n|---|---|---|\n";
  for (std::size_t i = 0; i < report.findings.size() && i < kMostFindings; ++i) {
    const transform::Finding& finding = report.findings[i];
    out += fmt::format("| {} | {} | {} |\n", transform::ToText(finding.severity), Plain(finding.Id()),
                       Plain(finding.ToText()));
  }
  if (report.findings.size() > kMostFindings) {
    out += fmt::format("\nand {} more.\n", report.findings.size() - kMostFindings);
  }
  return out + "\n";
}

std::string ProofPart(const Report& report) {
  std::string out;
  if (report.cells.cells() > 0) {
    out += fmt::format("- Cells: {} accounted for, **{} unaccounted**",
                       Thousands(report.cells.cells() - report.cells.unaccounted), report.cells.unaccounted);
    for (const auto& [name, count] : report.cells.Classes()) {
      if (count > 0) out += fmt::format(", {} {}", Thousands(count), Plain(name));
    }
    out += '\n';
  }
  if (report.checks_passed + report.checks_failed + report.checks_waived > 0) {
    out += fmt::format("- Sums: {} hold, **{} failed**, {} accepted\n", Thousands(report.checks_passed),
                       report.checks_failed, report.checks_waived);
  }
  return out.empty() ? out : "## Proof\n\n" + out + "\n";
}

}  // namespace

std::string ToMarkdown(const Report& report) {
  std::string out = fmt::format("**{}**: {} of {}, in {:.2f} s\n\n", ToText(report.outcome), Plain(report.flow),
                                Plain(report.recipe), static_cast<double>(report.took.count()) / 1000.0);
  if (!report.error.empty()) out += "> " + Plain(report.error) + "\n\n";
  out += TablesPart(report) + EditionsPart(report) + FindingsPart(report) + ProofPart(report);
  if (!report.superseded.empty()) out += fmt::format("{} superseded files.\n\n", report.superseded.size());
  for (const std::string& file : report.files) out += fmt::format("- written: {}\n", Plain(file));
  return out;
}

}  // namespace tidemill::etl
