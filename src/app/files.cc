// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/file_store.h"
#include "tidemill/base/new_file.h"
#include "tidemill/base/text.h"

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
  TIDEMILL_ASSIGN(base::NewFile out, base::NewFile::OpenNamed(file));
  TIDEMILL_CHECK(out.Write(text));
  return out.Replace();
}

base::Status AppendFile(const std::string& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out << text << std::flush;
  if (out) return {};
  return base::FailOnFile("write", file, errno);
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

namespace {

namespace fs = std::filesystem;

base::Result<std::string> AddressOf(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::canonical(path, error);
  if (error) return base::FailAt(base::ErrorCode::kNotFound, path.string(), "{}", error.message());
  return "file://" + base::PercentEncode(absolute.string(), "/");
}

// The files of a folder whose names the last part of source.file matches, by name.
base::Result<std::vector<fs::path>> FilesBeside(const fs::path& folder, const std::string& name) {
  TIDEMILL_ASSIGN(const auto pattern, recipe::Pattern::Compile(name));
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const bool matches = pattern.MatchLink(entry.path().filename().string()).has_value();
    if (matches && entry.is_regular_file(error)) found.push_back(entry.path());
  }
  if (error) return base::FailAt(base::ErrorCode::kNotFound, folder.string(), "{}", error.message());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

base::Result<std::vector<std::string>> WorkbookAddresses(const recipe::SourceSpec& source,
                                                         const std::string& recipe_file,
                                                         const std::vector<std::string>& paths) {
  std::vector<fs::path> files(paths.begin(), paths.end());
  if (files.empty() && !source.file.empty()) {
    const fs::path wanted = fs::path(recipe_file).parent_path() / source.file;
    const fs::path folder = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
    TIDEMILL_ASSIGN(files, FilesBeside(folder, wanted.filename().string()));
    if (files.empty()) {
      return base::FailAt(base::ErrorCode::kNotFound, folder.string(),
                          "no file is called {}, as source.file says; name the workbooks behind the recipe",
                          base::Quoted(wanted.filename().string()));
    }
  }
  std::vector<std::string> addresses;
  for (const fs::path& file : files) {
    TIDEMILL_ASSIGN(std::string address, AddressOf(file));
    addresses.push_back(std::move(address));
  }
  return addresses;
}

base::Result<transform::Register> ShippedRegister() {
  return transform::Register::Parse(embedded::gss_register());
}

}  // namespace tidemill::app
