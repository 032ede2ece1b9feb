// SPDX-License-Identifier: Apache-2.0
#include "edition_parts.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "append_frame.h"
#include "edition_frame.h"
#include "lock.h"
#include "toml_words.h"

namespace tidemill::transform {
namespace {

void AddDistinct(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

std::string FactsToml(const std::vector<recipe::FactSpec>& specs, const std::map<std::string, std::string>& facts) {
  std::string text;
  for (const recipe::FactSpec& fact : specs) {
    const auto at = facts.find(fact.name);
    if (at == facts.end()) continue;
    const std::string value = fact.type == recipe::FactType::kText ? Toml(at->second) : at->second;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", fact.name, value);
  }
  return text.empty() ? "{}" : "{ " + text + " }";
}

// The [[when]] blocks that hold, as people count them.
std::string WhensToml(const std::set<int>& whens) {
  std::vector<std::string> numbers;
  for (const int when : whens) numbers.push_back(std::to_string(when + 1));
  return "[" + base::Join(numbers, ", ") + "]";
}

// The text itself, or a list of several.
std::string OneOrList(const std::vector<std::string>& tomls) {
  return tomls.size() == 1 ? tomls.front() : "[" + base::Join(tomls, ", ") + "]";
}

}  // namespace

void EditionParts::AddPeriods(const BoundEdition& edition) {
  for (const AxisCell& cell : edition.table.axis) {
    std::string text = cell.value.text;
    for (const AxisValue& outer : cell.outer) text += " " + outer.text;
    if (cell.published) axis_texts_.insert(std::move(text));
    if (!cell.published && !cell.value.needs_year()) AddDistinct(unpublished_, cell.value.text);
  }
  for (const base::Period& period : edition.body.unpublished) AddDistinct(unpublished_, base::ToText(period));
  const std::set<base::Period> published = PublishedPeriods(edition);
  periods_.insert(published.begin(), published.end());
}

void EditionParts::AddSums(const Body& body) {
  for (const Measure& measure : body.measures) {
    auto sum = std::ranges::find(sums_, measure.spec->name, &MeasureSum::name);
    if (sum == sums_.end()) {
      sums_.emplace_back(*measure.spec);
      sum = std::prev(sums_.end());
    }
    sum->Add(measure);
  }
}

void EditionParts::AddMarkers(const Body& body) {
  for (const MarkerCount& one : body.markers) {
    markers_[one.marker] += one.count;
    markers_of_[{body.measures[one.measure].spec->name, one.marker}] += one.count;
  }
  for (const Measure& measure : body.measures) {
    observations_[measure.spec->name] +=
        static_cast<std::int64_t>(measure.states.size()) - std::ranges::count(measure.states, ValueState::kAbsent);
  }
}

base::Status EditionParts::Add(const BoundEdition& edition, const CheckReport& report) {
  frame::Frame frame = ToFrame(edition);
  if (frame_.columns.empty()) {
    frame_ = std::move(frame);
  } else {
    TIDEMILL_CHECK(AppendFrame(frame_, frame, "sheet " + base::Quoted(edition.grid.sheet().name)));
  }
  AddDistinct(sheets_, Toml(edition.grid.sheet().name));
  layouts_.push_back(LayoutToml(edition));
  explained_ += ExplainTable(edition, report.codes_valid);
  rows_ += edition.body.rows.size();
  const std::vector<std::int64_t> levels = LevelCounts(edition.body);
  levels_.resize(std::max(levels_.size(), levels.size()));
  for (std::size_t i = 0; i < levels.size(); ++i) levels_[i] += levels[i];
  AddMarkers(edition.body);
  AddPeriods(edition);
  AddSums(edition.body);
  exceptions_.insert(exceptions_.end(), report.exceptions.begin(), report.exceptions.end());
  sums_checked_ += report.sums_checked;
  for (const auto& [check, count] : report.counts) checks_[check] += count;
  if (edition.vintage) vintage_ = edition.vintage;
  return {};
}

std::string EditionParts::CountsToml() const {
  std::string levels;
  for (const std::int64_t count : levels_) levels += fmt::format("{}{}", levels.empty() ? "" : ", ", count);
  std::string markers;
  for (const auto& [marker, count] : markers_) {
    markers += fmt::format("{}{} = {}", markers.empty() ? " " : ", ", TomlKey(marker), count);
  }
  if (!markers.empty()) markers += ' ';
  return fmt::format(
      "{{ rows = {}, levels = [{}], periods = {}, values = {}, markers = {{{}}}, text = {}, notes = {}, facts = {} }}",
      rows_, levels, axis_texts_.size(), accounting_.value, markers, accounting_.text, accounting_.note,
      accounting_.fact);
}

std::string EditionParts::LockToml(const EditionWhole& whole) const {
  std::string text = "[[edition]]\n";
  text += fmt::format("edition = {}\n", Toml(input_.edition));
  text += fmt::format("state = {}\n", Toml(input_.final ? "final" : "provisional"));
  text += fmt::format("url = {}\n", Toml(input_.url));
  text += fmt::format("sha256 = {}\n", Toml(input_.sha256));
  if (!whole.whens.empty()) text += fmt::format("when = {}\n", WhensToml(whole.whens));
  text += fmt::format("facts = {}\n", FactsToml(whole.fact_specs, whole.facts));
  text += fmt::format("sheet = {}\n", OneOrList(sheets_));
  text += fmt::format("layout = {}\n", OneOrList(layouts_));
  if (vintage_) text += fmt::format("geo_vintage = {}\n", base::ToText(*vintage_));
  text += fmt::format("counts = {}\n", CountsToml());
  std::string sums;
  for (const MeasureSum& sum : sums_) {
    sums += fmt::format("{}{} = {}", sums.empty() ? "" : ", ", sum.name(), sum.Text());
  }
  return text + fmt::format("sum = {{ {} }}\n", sums);
}

std::string EditionParts::ExplainWhole(const EditionWhole& whole) const {
  std::string text = ExplainNotes(whole.notes) + ExplainFacts(whole.facts) + ExplainCells(accounting_, sums_);
  if (sums_checked_ == 0) return text;
  text += fmt::format("checks   {} sums", base::Thousands(sums_checked_));
  if (!exceptions_.empty()) text += fmt::format("; exceptions: {}", base::Join(exceptions_, "; "));
  return text + "\n";
}

TidyEdition EditionParts::Finish(const EditionWhole& whole) && {
  TidyEdition tidy;
  tidy.edition = input_.edition;
  tidy.facts = whole.facts;
  tidy.whens = whole.whens;
  tidy.lock_toml = LockToml(whole);
  tidy.explained = explained_ + ExplainWhole(whole);
  tidy.sums_checked = sums_checked_;
  tidy.checks = std::move(checks_);
  tidy.checks["every cell is accounted for"] = accounting_.cells();
  tidy.unpublished = unpublished_;
  tidy.accounting = accounting_;
  for (const auto& [which, count] : markers_of_) {
    const auto of = static_cast<double>(std::max<std::int64_t>(observations_[which.first], 1));
    tidy.marker_shares[which.first + " " + which.second] = 100.0 * static_cast<double>(count) / of;
  }
  tidy.table = std::make_shared<const frame::Frame>(std::move(frame_));
  return tidy;
}

}  // namespace tidemill::transform
