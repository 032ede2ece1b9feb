// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/frame/frame.h"

#include "bound_edition.h"

namespace tidemill::transform {

// The tidy rows of an edition: one for each value or null, row by row of the sheet, then along the axis.
frame::Frame ToFrame(const BoundEdition& edition);

// Note texts with the cells they touch: edition, sheet, cell, note, text, status, touches.
frame::Frame NotesFrame(const NoteBook& notes, const std::string& edition);

}  // namespace tidemill::transform
