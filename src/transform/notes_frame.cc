// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"

#include "edition_frame.h"

namespace tidemill::transform {

using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using frame::WordList;

Frame NotesFrame(const NoteBook& notes, const std::string& edition) {
  Frame frame;
  frame.rows = notes.notes().size();
  const auto add = [&](std::string name, const auto& text_of) {
    WordList words;
    Column column{.name = std::move(name), .kind = ColumnKind::kPlainText};
    for (const Note& note : notes.notes()) {
      const std::string text = text_of(note);
      column.codes.push_back(text.empty() ? -1 : words.Add(text));
    }
    column.words = std::move(words).Take();
    frame.columns.push_back(std::move(column));
  };
  add("edition", [&](const Note&) { return edition; });
  add("sheet", [](const Note& note) { return note.sheet; });
  add("cell", [](const Note& note) { return note.cell; });
  add("note", [](const Note& note) { return note.number; });
  add("text", [](const Note& note) { return note.text; });
  add("status", [](const Note& note) { return note.status; });
  add("touches", [](const Note& note) { return base::Join(note.touched, " "); });
  return frame;
}

}  // namespace tidemill::transform
