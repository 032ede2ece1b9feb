// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "edition_parts.h"
#include "facts.h"
#include "sheet_pick.h"

namespace tidemill::transform {

class Witness;

// One picked sheet, and what is known when its turn comes.
struct SheetJob {
  const EditionInput& input;
  const Register& geography;
  const recipe::Spec& spec;  // as it holds for this sheet
  const PickedSheet& picked;
  const recipe::Captures& captures;
  const Facts& facts;
  NoteBook& notes;
  Findings& findings;
  std::stop_token stop;
  Witness* witness = nullptr;  // looks on, where there is one
};

// Binds the recipe to the tables of the sheet, reads and checks them; they go to `parts`.
base::Status TidySheet(const SheetJob& job, Grid& grid, EditionParts& parts);

}  // namespace tidemill::transform
