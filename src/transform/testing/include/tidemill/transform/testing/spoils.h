// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tidemill/transform/finding.h"
#include "tidemill/transform/testing/editable_workbook.h"

// Ways to spoil the sheet of an edition of monthly deaths, and what must become of each. They find their cells by
// content, so they work on the small workbook and on the published ones of every era. For tests.
namespace tidemill::transform::testing {

struct Spoil {
  std::string name;
  std::function<void(EditableWorkbook&, EditableSheet&)> spoil;
  std::string slug;  // of the finding, or with which the error's message begins
  FindingSeverity severity = FindingSeverity::kFail;
  enum class Applies { kAlways, kWithCodes, kWithoutCodes, kIn2018 } applies = Applies::kAlways;
};

std::vector<Spoil> Spoils();

// Takes the superscript runs of all texts away, as some converters do.
void FlattenRuns(EditableSheet& sheet);

// Whether a spoil can be tried on a sheet.
bool Applies(const Spoil& spoil, EditableSheet& sheet);

}  // namespace tidemill::transform::testing
