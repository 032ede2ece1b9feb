// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/mapped_file.h"
#include "tidemill/base/result.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::app {

// The text of a recipe's file.
base::Result<std::string> ReadRecipeText(const std::string& file);
// Reads and parses a recipe. All its faults are in `problems`, where asked.
base::Result<recipe::Recipe> ReadRecipe(const std::string& file, std::vector<recipe::Problem>* problems = nullptr);

// Opens a workbook; an error names the file.
base::Result<std::unique_ptr<workbook::Workbook>> OpenBook(const std::string& name, const base::MappedFile& file);

// A file's text or bytes, at most `most_bytes`. Errors name the file: kNotFound (also for a folder), kTooLarge …
base::Result<std::string> ReadFile(const std::string& file, std::uint64_t most_bytes);
// Puts a file in its place, whole (base::NewFile::OpenNamed). Its folder must be there.
base::Status WriteFile(const std::string& file, std::string_view text);
// Puts text at a file's end; a file that is not there is made.
base::Status AppendFile(const std::string& file, std::string_view text);

// The register of geographic codes that ships with the program.
base::Result<transform::Register> ShippedRegister();

// The addresses (file:///…) of workbooks: of `paths`, or where there are none of the files that the recipe's
// source.file names, beside the recipe. None for a recipe without one. kNotFound where no file is.
base::Result<std::vector<std::string>> WorkbookAddresses(const recipe::SourceSpec& source,
                                                         const std::string& recipe_file,
                                                         const std::vector<std::string>& paths);

}  // namespace tidemill::app
