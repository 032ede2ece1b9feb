// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tidemill/transform/testing/editable_workbook.h"

// Ways to spoil the sheet of an edition of monthly deaths, and what must become of each. They find their cells by
// content, so they work on the small workbook and on the published ones. For tests.
namespace tidemill::transform::testing {

struct Spoil {
  std::string name;
  std::function<void(EditableWorkbook&, EditableSheet&)> spoil;
  std::string slug;        // of the finding, or with which the error's message begins
  bool only_2018 = false;  // found by the exceptions of 2018 alone
};

std::vector<Spoil> Spoils();

}  // namespace tidemill::transform::testing
