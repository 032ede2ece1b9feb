// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/transform/explained.h"

#include "bound_edition.h"

namespace tidemill::transform {

// Looks on while a recipe binds, and draws what it sees. Only who wants an explanation sends one along.
class Witness {
 public:
  explicit Witness(ExplainOptions options) : options_(std::move(options)) {}

  // The sheet that was asked for; empty: the recipe picks.
  const std::string& sheet() const { return options_.sheet; }
  Explained& explained() { return explained_; }

  // Where binding stops: the candidates, and the sheets on which they lie.
  void SawNoSheet(const workbook::Workbook& book, const recipe::SheetSpec& spec, const recipe::Captures& bound);
  void SawNoTable(const TableSearch& search);
  void SawNoColumns(const TableSearch& search, const Table& table);
  // A table that is bound. Of several sheets the first is drawn, with all its tables.
  void SawBound(const BoundEdition& edition);

 private:
  void Add(std::vector<Candidate> candidates);
  void DrawOnly(Picture picture);

  ExplainOptions options_;
  Explained explained_;
};

}  // namespace tidemill::transform
