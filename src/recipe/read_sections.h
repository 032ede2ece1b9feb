// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "section.h"

namespace tidemill::recipe {

// One function a section of recipes.md 3.3 to 3.12: TOML to value. What spans sections: CheckTogether.
SourceSpec ReadSource(Section section);
std::vector<FactSpec> ReadFacts(Section section);
SheetSpec ReadSheet(Section section);
TableSpec ReadTable(Section section);
std::vector<ColumnSpec> ReadColumns(Section section);
std::vector<CodeRule> ReadCodes(const Entry* codes, Faults& faults);
MarkerSpec ReadMarkers(Section section);
NoteSpec ReadNotes(Section section);
ChecksSpec ReadChecks(Section section);
RevisionsSpec ReadRevisions(Section section);
std::vector<OutputSpec> ReadOutputs(const Entry* output, Faults& faults);

std::vector<Level> ReadLevels(const std::vector<std::string>& texts, Place place, Faults& faults);

// One of the statuses that a value may have; true where the key is there and a text.
bool ReadStatus(Section& section, std::string_view key, std::string& out);
// [a-z][a-z0-9_]*, without "__".
bool IsColumnName(std::string_view text);

// The whole text as a Spec; `root` has no [[when]] any more.
Spec ReadSpec(const Node& root, Faults& faults);
// Faults that show only when sections are seen together: roles, captures, columns of outputs.
void CheckTogether(const Spec& spec, const Node& root, Faults& faults);

}  // namespace tidemill::recipe
