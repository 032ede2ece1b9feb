// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/frame/frame.h"
#include "tidemill/recipe/recipe.h"

#include "findings.h"

// Outputs of a recipe, made from the stacked editions: recipes.md 3.12 and 10.
namespace tidemill::transform {

using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using frame::WordList;

// The output's key: as the recipe says, else all code, dimension and axis columns, and the label where there is no
// code.
std::vector<std::string> KeyOf(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec);

// A table of the recipe's columns and functions, sorted. Keys that repeat go to `findings`.
base::Result<Frame> MakeOutput(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec,
                               Findings& findings);

// The old pipeline's file, "deaths-data-v1".
base::Result<Frame> MakeDeathsDataV1(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec);

// The name under which an edition carries the parents of its codes, for the function `parent`; no column of a recipe
// can have it.
std::string ParentsOf(std::string_view code_column);

// A column computed from another: year, month, month_name, quarter, start, end, business_end, lower, geo_type.
base::Result<Column> ApplyFunction(std::string_view function, const Column& argument, std::string name);

}  // namespace tidemill::transform
