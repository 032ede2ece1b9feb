// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/cell_class.h"

namespace tidemill::transform {
namespace {

struct ClassName {
  std::string_view text;
  char letter;
};

ClassName NameOf(CellClass cell_class) {
  switch (cell_class) {
    case CellClass::kNone:
      return {"unaccounted", '?'};
    case CellClass::kValue:
      return {"value", 'v'};
    case CellClass::kMarker:
      return {"marker", 'm'};
    case CellClass::kCode:
      return {"code", 'c'};
    case CellClass::kLabel:
      return {"label", 'l'};
    case CellClass::kDimension:
      return {"dimension", 'd'};
    case CellClass::kHeader:
      return {"header", 'h'};
    case CellClass::kTotal:
      return {"total", 't'};
    case CellClass::kGroup:
      return {"group", 'g'};
    case CellClass::kFact:
      return {"fact", 'f'};
    case CellClass::kNote:
      return {"note", 'n'};
    case CellClass::kText:
      return {"text", 'x'};
    case CellClass::kSkipped:
      return {"skipped", 's'};
    case CellClass::kRepeat:
      return {"repeat", 'r'};
    case CellClass::kIgnored:
      return {"ignored", 'i'};
  }
  return {"unaccounted", '?'};
}

}  // namespace

std::string_view ToText(CellClass cell_class) {
  return NameOf(cell_class).text;
}

char LetterOf(CellClass cell_class) {
  return NameOf(cell_class).letter;
}

}  // namespace tidemill::transform
