// SPDX-License-Identifier: Apache-2.0
#include "runs_json.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "cell_text.h"

namespace tidemill::inspect {
namespace {

std::size_t CodePoints(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void AppendRun(std::string& out, const workbook::TextRun& run, std::size_t start, std::string_view text) {
  fmt::format_to(std::back_inserter(out), R"({{"start":{},"text":)", start);
  base::AppendJsonString(out, text);
  fmt::format_to(std::back_inserter(out), R"(,"script":"{}","bold":{},"italic":{},"strike":{}}})", NameOf(run.script),
                 run.bold, run.italic, run.strike);
}

}  // namespace

std::string_view NameOf(workbook::Script script) {
  switch (script) {
    case workbook::Script::kPlain:
      return "plain";
    case workbook::Script::kSuperscript:
      return "super";
    case workbook::Script::kSubscript:
      return "sub";
  }
  return "plain";
}

void AppendRuns(std::string& out, std::string_view raw, std::span<const workbook::TextRun> runs) {
  std::string scratch;
  std::size_t start = 0;
  out += '[';
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t first = std::min<std::size_t>(runs[i].start, raw.size());
    const std::size_t end = i + 1 < runs.size() ? std::min<std::size_t>(runs[i + 1].start, raw.size()) : raw.size();
    const std::string_view text = WithLineFeeds(raw.substr(first, end - first), scratch);
    if (i > 0) out += ',';
    AppendRun(out, runs[i], start, text);
    start += CodePoints(text);
  }
  out += ']';
}

}  // namespace tidemill::inspect
