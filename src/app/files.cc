// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <filesystem>
#include <memory>
#include <system_error>

#include "tidemill/base/file_store.h"

#include "tidemill_embedded/gss_register.h"

namespace tidemill::app {

namespace {

struct Place {
  std::unique_ptr<base::FileStore> folder;
  std::string name;
};

base::Result<Place> PlaceOf(const std::string& file) {
  const std::filesystem::path path(file);
  TIDEMILL_ASSIGN(auto folder, base::OpenLocalStore(path.has_parent_path() ? path.parent_path().string() : "."));
  return Place{.folder = std::move(folder), .name = path.filename().string()};
}

}  // namespace

base::Result<std::string> ReadFile(const std::string& file, std::uint64_t most_bytes) {
  TIDEMILL_ASSIGN(const Place place, PlaceOf(file));
  return place.folder->Read(place.name, most_bytes);
}

base::Status WriteFile(const std::string& file, std::string_view text) {
  TIDEMILL_ASSIGN(const Place place, PlaceOf(file));
  return place.folder->Put(place.name, text);
}

base::Result<std::string> ReadRecipeText(const std::string& file) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 10U;
  if (std::error_code ignored; std::filesystem::is_directory(file, ignored)) {
    return base::FailAt(base::ErrorCode::kInvalid, file, "is a folder, expected the file of a recipe (.toml)");
  }
  auto text = ReadFile(file, kMostBytes);
  if (!text) return tl::unexpected(std::move(text).error().While("reading the recipe"));
  return text;
}

base::Result<recipe::Recipe> ReadRecipe(const std::string& file, std::vector<recipe::Problem>* problems) {
  TIDEMILL_ASSIGN(const std::string text, ReadRecipeText(file));
  return recipe::Recipe::Parse(text, file, problems);
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
