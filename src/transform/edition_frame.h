// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bound_edition.h"
#include "frame.h"

namespace tidemill::transform {

// The tidy rows of an edition: one for each value or null, row by row of the sheet, then along the axis.
Frame ToFrame(const BoundEdition& edition);

// Note texts with the cells they touch: edition, sheet, cell, note, text, status, touches.
Frame NotesFrame(const NoteBook& notes, const std::string& edition);

}  // namespace tidemill::transform
