// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <filesystem>
#include <system_error>

#include "tidemill/base/file_store.h"

#include "tidemill_embedded/gss_register.h"

namespace tidemill::app {

base::Result<recipe::Recipe> ReadRecipe(const std::string& file, std::vector<recipe::Problem>* problems) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 10U;
  const std::filesystem::path path(file);
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
    return base::FailAt(base::ErrorCode::kInvalid, file, "is a folder, expected the file of a recipe (.toml)");
  }
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  TIDEMILL_ASSIGN(const auto store, base::OpenLocalStore(folder));
  auto text = store->Read(path.filename().string(), kMostBytes);
  if (!text) return tl::unexpected(std::move(text).error().While("reading the recipe"));
  return recipe::Recipe::Parse(*text, file, problems);
}

base::Result<std::unique_ptr<workbook::Workbook>> OpenBook(const std::string& name, const base::MappedFile& file) {
  auto book = workbook::OpenWorkbook(file.bytes());
  if (book) return book;
  base::Error error = std::move(book).error();
  error.place = error.place.empty() ? name : name + ", " + error.place;
  return tl::unexpected(std::move(error));
}

base::Result<transform::Register> ShippedRegister() {
  return transform::Register::Parse(embedded::gss_register());
}

}  // namespace tidemill::app
