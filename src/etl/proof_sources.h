// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tidemill/dataset/dataset.h"
#include "tidemill/etl/stages.h"
#include "tidemill/extract/sources.h"
#include "tidemill/recipe/lock.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::etl {

// The workbook that a value came from, as its `src` says: "<sha256> <sheet>".
std::pair<std::string, std::string> SplitSource(std::string_view src);

// The source of a version with that hash; null where the version names none.
const dataset::VersionSource* FindSource(const dataset::Version& version, std::string_view sha256);

// The recipe that published a version, as the store keeps it. kNotFound where it does not, kMalformed where it is
// damaged.
base::Result<recipe::Recipe> KeptRecipe(const base::FileStore& store, const dataset::CommitFacts& commit);

// A version's source as an edition to be read again: captures by the links under which it was seen, its state as the
// lock has it. kNotFound where the store no longer holds its bytes.
base::Result<EditionSource> EditionOf(const extract::SourceStore& sources, const recipe::SourceSpec& rules,
                                      const dataset::VersionSource& wanted, const recipe::Lock& lock);

// Workbooks of a store, opened and read once each.
class HeldWorkbooks {
 public:
  HeldWorkbooks(const extract::SourceStore& sources, workbook::OpenOptions options)
      : sources_(sources), options_(std::move(options)) {}
  // What a cell shows; row and column from 1. Empty for a cell without content.
  base::Result<std::string> TextAt(const std::string& sha256, const std::string& sheet, std::int64_t row,
                                   std::int64_t column, const std::stop_token& stop);

 private:
  struct Book {
    std::string bytes;
    std::unique_ptr<workbook::Workbook> workbook;
    std::map<std::string, workbook::Sheet, std::less<>> sheets;
  };
  base::Result<const workbook::Sheet*> SheetOf(const std::string& sha256, const std::string& sheet,
                                               const std::stop_token& stop);

  const extract::SourceStore& sources_;
  workbook::OpenOptions options_;
  std::map<std::string, Book, std::less<>> books_;
};

}  // namespace tidemill::etl
