// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/transform/tidy.h"

#include "body.h"
#include "sheet_pick.h"

namespace tidemill::transform {

// One edition, bound and read: what checks, lock, explanation and output are made from.
struct BoundEdition {
  const recipe::Spec& spec;
  const EditionInput& input;
  const Grid& grid;
  const PickedSheet& sheet;
  const Table& table;
  const Binding& binding;
  const Body& body;
  const NoteBook& notes;
  const std::map<std::string, std::string>& facts;
  const Register& geography;
  recipe::Captures captures;          // all that are known
  std::optional<base::Date> vintage;  // of the register under which the codes are read
};

// "{year}-01" → "2018-01"; a name that nothing captured stays as it is.
std::string Expand(std::string_view text, const recipe::Captures& captures);

// The address of a value.
std::string ValueCell(const BoundEdition& edition, std::size_t measure, std::size_t row, std::size_t column);

// The period of a value, where it has one.
std::optional<base::Period> PeriodOf(const BoundEdition& edition, std::size_t row, std::size_t column);

}  // namespace tidemill::transform
