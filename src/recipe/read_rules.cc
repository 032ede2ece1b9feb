// SPDX-License-Identifier: Apache-2.0
// [codes], [markers], [notes], [revisions]
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {

std::vector<CodeRule> ReadCodes(const Entry* codes, Faults& faults) {
  std::vector<CodeRule> rules;
  if (codes == nullptr) return rules;
  Section section(&codes->value, faults, "codes");
  if (!section.present()) return rules;
  for (const Entry& entry : section.Table().entries) {
    auto label = ReadPattern(entry.key, entry.place, faults);
    std::string code;
    if (!section.Text(entry.key, code) || !label) continue;
    if (base::Trim(code).empty()) {
      section.Fault("bad-value", entry.key, fmt::format("the code of {} is empty", base::Quoted(entry.key)));
    }
    rules.push_back({.label = *std::move(label), .code = std::move(code)});
  }
  return rules;
}

namespace {

std::optional<Marker> ReadMarker(const Entry& entry, Section section) {
  Marker marker{.text = Normalise(entry.key), .value = {}, .status = {}, .note = {}};
  if (marker.text.empty()) {
    section.faults().Add("bad-value", entry.place, "a marker of white space; blank cells are 'blank' of the column");
  }
  if (!section.present()) return std::nullopt;
  section.Number("value", marker.value, -1e300);
  ReadStatus(section, "status", marker.status);
  section.Text("note", marker.note);
  if (section.Find("value") == nullptr && section.Find("status") == nullptr) {
    section.faults().Add("missing-key", section.place(),
                         fmt::format("marker {} needs 'value' or 'status'", base::Quoted(entry.key)));
  }
  section.Finish();
  return marker;
}

}  // namespace

MarkerSpec ReadMarkers(Section section) {
  MarkerSpec markers;
  if (!section.present()) return markers;
  section.OneOf<std::string>("base", markers.base, {{"none", "none"}, {"gss", "gss"}});
  for (const Entry& entry : section.Table().entries) {
    if (entry.key == "base") continue;
    auto marker = ReadMarker(entry, section.Child(entry.key));
    if (!marker) continue;
    const bool again = std::any_of(markers.own.begin(), markers.own.end(),
                                   [&](const Marker& other) { return other.text == marker->text; });
    if (again) {
      section.faults().Add("role-conflict", entry.place,
                           fmt::format("marker {} stands twice, once normalised", base::Quoted(entry.key)));
    }
    markers.own.push_back(*std::move(marker));
  }
  return markers;
}

NoteSpec ReadNotes(Section section) {
  NoteSpec notes;
  std::vector<std::string> refs;
  if (section.Texts("refs", refs)) {
    notes.script = notes.bracket = notes.trailing = false;
    for (const std::string& ref : refs) {
      if (ref == "script") {
        notes.script = true;
      } else if (ref == "bracket") {
        notes.bracket = true;
      } else if (ref == "trailing") {
        notes.trailing = true;
      } else {
        section.BadChoice("refs", ref, {"script", "bracket", "trailing"});
      }
    }
  }
  if (!section.Patterns("sheet", notes.sheet)) notes.sheet = {Pattern::Compile("Note*").value()};
  Section status = section.Child("status");
  if (status.present()) {
    for (const Entry& entry : status.Table().entries) {
      auto pattern = ReadPattern(entry.key, entry.place, section.faults());
      std::string letter;
      if (!ReadStatus(status, entry.key, letter) || !pattern) continue;
      notes.status.emplace_back(*std::move(pattern), std::move(letter));
    }
  }
  section.Finish();
  return notes;
}

RevisionsSpec ReadRevisions(Section section) {
  RevisionsSpec revisions;
  section.Integer("free", revisions.free, 0, 10000);
  Section limit = section.Child("limit");
  limit.Number("percent", revisions.limit_percent, 0);
  limit.Number("abs", revisions.limit_abs, 0);
  limit.Finish();
  for (const auto& [key, severity] :
       {std::pair{"beyond", &revisions.beyond}, std::pair{"removed", &revisions.removed}}) {
    section.OneOf<Severity>(key, *severity,
                            {{"fail", Severity::kFail}, {"hold", Severity::kHold}, {"warn", Severity::kWarn}});
  }
  section.Finish();
  return revisions;
}

}  // namespace tidemill::recipe
