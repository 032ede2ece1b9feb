// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loaded_dataset.h"

// What a store holds of the cell that a figure was read from, beside its place.
namespace tidemill::data_api {

struct CellNote {
  std::string note, text, status, sheet, cell;  // its mark, what it says, and where that stands
};
// The notes of a version that touch a cell ("E47") of an edition's sheet. None where the version has no notes.
base::Result<std::vector<CellNote>> NotesOf(const LoadedDataset& dataset, std::string_view edition,
                                            std::string_view sheet, std::string_view cell);

// The block of the version's lock that says how the workbook of that SHA-256 was bound, as TOML; empty: none.
base::Result<std::string> LockBlockOf(const LoadedDataset& newest, std::int64_t vintage, std::string_view sha256);

}  // namespace tidemill::data_api
