// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tidemill/base/mapped_file.h"
#include "tidemill/base/result.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::app {

// Reads and parses a recipe. All its faults are in `problems`, where asked.
base::Result<recipe::Recipe> ReadRecipe(const std::string& file, std::vector<recipe::Problem>* problems = nullptr);

// Opens a workbook; an error names the file.
base::Result<std::unique_ptr<workbook::Workbook>> OpenBook(const std::string& name, const base::MappedFile& file);

// The register of geographic codes that ships with the program.
base::Result<transform::Register> ShippedRegister();

}  // namespace tidemill::app
