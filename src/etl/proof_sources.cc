// SPDX-License-Identifier: Apache-2.0
#include "proof_sources.h"

#include <algorithm>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/proof.h"

#include "fetching.h"

namespace tidemill::etl {
namespace {

base::Result<const extract::Source*> HeldSource(const extract::SourceStore& sources, std::string_view sha256) {
  const auto held = std::ranges::find(sources.sources(), sha256, &extract::Source::sha256);
  if (held != sources.sources().end()) return &*held;
  return base::Fail(base::ErrorCode::kNotFound, "the store no longer holds it: no {}.* with its .json under _sources",
                    sha256);
}

// The link under which the bytes became this edition; a link to a superseded file counts too.
recipe::Captures CapturesOf(const extract::Source& source, const recipe::SourceSpec& rules,
                            const dataset::VersionSource& wanted) {
  for (const extract::Sighting& sighting : source.sightings) {
    if (sighting.url != wanted.url) continue;
    if (auto captures = MatchSuperseded(rules, {}, sighting.url)) return *std::move(captures);
    const auto match = MatchOf(rules, sighting.url, sighting.text, sighting.heading);
    if (match && match->edition == wanted.edition) return match->captures;
  }
  return {};
}

}  // namespace

std::pair<std::string, std::string> SplitSource(std::string_view src) {
  const std::size_t blank = src.find(' ');
  if (blank == std::string_view::npos) return {std::string(src), {}};
  return {std::string(src.substr(0, blank)), std::string(src.substr(blank + 1))};
}

const dataset::VersionSource* FindSource(const dataset::Version& version, std::string_view sha256) {
  const auto found = std::ranges::find(version.commit.sources, sha256, &dataset::VersionSource::sha256);
  return found == version.commit.sources.end() ? nullptr : &*found;
}

base::Result<recipe::Recipe> KeptRecipe(const base::FileStore& store, const dataset::CommitFacts& commit) {
  const std::string& hash = commit.recipe_hash;
  const std::string path = KeptRecipePath(hash);
  auto text = store.Read(path, std::uint64_t{1} << 20U);
  if (!text && text.error().code == base::ErrorCode::kNotFound) {
    return base::FailAt(base::ErrorCode::kNotFound, path,
                        "the text of recipe {} ({}…) is not kept; give the recipe's file with --recipe",
                        base::Quoted(commit.recipe), hash.substr(0, 12));
  }
  if (!text) return tl::unexpected(std::move(text).error());
  if (base::Sha256Hex(*text) != hash) {
    return base::FailAt(base::ErrorCode::kMalformed, path,
                        "the kept recipe is damaged: it no longer has its SHA-256; give the recipe's file with "
                        "--recipe");
  }
  return recipe::Recipe::Parse(*text, path);
}

base::Result<EditionSource> EditionOf(const extract::SourceStore& sources, const recipe::SourceSpec& rules,
                                      const dataset::VersionSource& wanted, const recipe::Lock& lock) {
  TIDEMILL_ASSIGN(const extract::Source* const held, HeldSource(sources, wanted.sha256));
  EditionSource edition{.edition = wanted.edition,
                        .captures = CapturesOf(*held, rules, wanted),
                        .file = wanted.file,
                        .url = wanted.url,
                        .fetched_at = wanted.fetched_at,
                        .source = *held};
  edition.captures.try_emplace("ext", held->extension);
  if (const recipe::LockEdition* block = lock.Find(wanted.edition)) {
    const auto state = block->leaves.find("state");
    edition.final = state != block->leaves.end() && state->second.find("final") != std::string::npos;
  }
  return edition;
}

base::Result<const workbook::Sheet*> HeldWorkbooks::SheetOf(const std::string& sha256, const std::string& sheet,
                                                            const std::stop_token& stop) {
  Book& book = books_[sha256];
  if (book.workbook == nullptr) {
    TIDEMILL_ASSIGN(const extract::Source* const held, HeldSource(sources_, sha256));
    TIDEMILL_ASSIGN(book.bytes, sources_.ReadBytes(*held));
    TIDEMILL_ASSIGN(book.workbook, workbook::OpenWorkbook(book.bytes, options_));
  }
  if (const auto read = book.sheets.find(sheet); read != book.sheets.end()) return &read->second;
  const auto& entries = book.workbook->sheets();
  const auto entry = std::ranges::find(entries, sheet, &workbook::SheetEntry::name);
  if (entry == entries.end()) {
    return base::Fail(base::ErrorCode::kNotFound, "the workbook has no sheet {}", base::Quoted(sheet));
  }
  TIDEMILL_ASSIGN(workbook::Sheet read,
                  book.workbook->ReadSheet(static_cast<std::size_t>(entry - entries.begin()), stop));
  return &book.sheets.emplace(sheet, std::move(read)).first->second;
}

base::Result<std::string> HeldWorkbooks::TextAt(const std::string& sha256, const std::string& sheet, std::int64_t row,
                                                std::int64_t column, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const workbook::Sheet* const read, SheetOf(sha256, sheet, stop));
  if (row < 1 || column < 1 || row > workbook::kGridRows || column > workbook::kGridColumns) {
    return base::Fail(base::ErrorCode::kInvalid, "row {}, column {} lies in no sheet", row, column);
  }
  const workbook::Cell* cell = read->Find(static_cast<std::uint32_t>(row - 1), static_cast<std::uint32_t>(column - 1));
  return cell == nullptr ? std::string() : read->DisplayText(*cell);
}

}  // namespace tidemill::etl
