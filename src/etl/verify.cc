// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <unordered_map>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/lock.h"
#include "tidemill/etl/proof.h"

#include "frame_text.h"
#include "proof_sources.h"
#include "tidy_source.h"

namespace tidemill::etl {
namespace {

using base::ErrorCode;
using base::Result;

constexpr char kBetween = '\x1f';  // in no cell of a key
constexpr std::size_t kMostProblems = 50;

Result<recipe::Recipe> RecipeOf(const ProofTools& tools, const VerifyOptions& options,
                                const dataset::Version& version) {
  if (options.recipe != nullptr) return *options.recipe;
  return KeptRecipe(tools.store, version.commit);
}

// A file named by its content must still have it.
void CheckContent(const ProofTools& tools, const std::string& table, const std::string& path, VerifyReport& report) {
  constexpr std::string_view kEnding = ".parquet";
  if (!path.ends_with(kEnding) || path.size() < kEnding.size() + 64) return;
  const std::string hash = path.substr(path.size() - kEnding.size() - 64, 64);
  const std::string place = table + "/" + path;
  const auto bytes = tools.store.Read(place);
  if (!bytes) {
    report.problems.push_back(fmt::format("{}: cannot be read: {}", place, bytes.error().ToText()));
  } else if (hash.find_first_not_of("0123456789abcdef") == std::string::npos && base::Sha256Hex(*bytes) != hash) {
    report.problems.push_back(fmt::format("{}: is damaged: its bytes no longer have the SHA-256 of its name", place));
  }
}

// The editions whose workbooks could be read again.
struct Reread {
  std::vector<transform::TidyEdition> editions;
  std::set<std::string> hashes;
};

void NoteRead(const transform::TidyEdition& tidy, VerifiedSource& entry, VerifyReport& report) {
  entry.rows = tidy.table == nullptr ? 0 : tidy.table->num_rows();
  report.accounting.Add(tidy.accounting);
  if (tidy.accounting.unaccounted > 0) {
    report.problems.push_back(
        fmt::format("edition {}: {} cells are unaccounted", tidy.edition, tidy.accounting.unaccounted));
  }
  for (const transform::Finding& finding : tidy.findings) {
    if (finding.severity != transform::FindingSeverity::kFail || report.problems.size() >= kMostProblems) continue;
    report.problems.push_back(finding.Id() + ": " + finding.ToText());
  }
}

Result<Reread> ReadAll(const ProofTools& tools, const recipe::Recipe& recipe, const dataset::Version& version,
                       const recipe::Lock& lock, VerifyReport& report, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const extract::SourceStore sources, extract::SourceStore::Open(tools.store));
  Reread reread;
  for (const dataset::VersionSource& source : version.commit.sources) {
    VerifiedSource entry{.edition = source.edition, .file = source.file, .url = source.url, .sha256 = source.sha256};
    auto tidy = [&]() -> Result<transform::TidyEdition> {
      TIDEMILL_ASSIGN(const EditionSource edition, EditionOf(sources, recipe.base().source, source, lock));
      return TidySource({.recipe = recipe,
                         .geography = tools.geography,
                         .limits = tools.limits,
                         .today = std::chrono::floor<std::chrono::days>(version.recorded)},
                        edition, sources, stop);
    }();
    if (stop.stop_requested()) return base::Fail(ErrorCode::kCancelled, "stopped while reading the sources again");
    if (tidy) {
      NoteRead(*tidy, entry, report);
      reread.hashes.insert(source.sha256);
      reread.editions.push_back(*std::move(tidy));
    } else {
      entry.problem = tidy.error().ToText();
      report.problems.push_back(fmt::format("edition {}, {} ({}): {}", source.edition, source.file,
                                            source.sha256.substr(0, 12), entry.problem));
    }
    report.sources.push_back(std::move(entry));
  }
  return reread;
}

void CompareLocks(const Reread& reread, const recipe::Lock& lock, VerifyReport& report) {
  std::string text = "lock = 1\n";
  for (const transform::TidyEdition& edition : reread.editions) text += edition.lock_toml;
  const auto bound = recipe::ParseLock(text, "");
  if (!bound) return;
  for (const transform::Finding& finding : CheckLock(*bound, {{.name = "the version's lock", .lock = lock}})) {
    report.remarks.push_back(finding.Id() + ": " + finding.ToText());
  }
}

// The published table beside the one that was read again.
struct Sides {
  const frame::Frame& published;
  const frame::Frame& read;
  std::vector<const frame::Column*> published_key, read_key;
  std::vector<std::pair<const frame::Column*, const frame::Column*>> columns;  // without the key's
};

class Comparison {
 public:
  Comparison(const Sides& sides, const dataset::Version& version, const Reread& reread, std::size_t most,
             VerifyReport& report)
      : sides_(sides), version_(version), reread_(reread), most_(most), report_(report) {}

  void Run() {
    for (std::size_t row = 0; row < sides_.read.rows; ++row) {
      rows_.emplace(RowKey(sides_.read_key, row, kBetween), row);
    }
    std::vector<bool> met(sides_.read.rows);
    const frame::Column* src = sides_.published.Find("src");
    for (std::size_t row = 0; row < sides_.published.rows; ++row) {
      // What came from a workbook that cannot be read is told once, as that.
      if (src != nullptr && !src->IsNull(row) && !reread_.hashes.contains(SplitSource(CellText(*src, row)).first)) {
        continue;
      }
      ++report_.rows;
      const auto found = rows_.find(RowKey(sides_.published_key, row, kBetween));
      if (found == rows_.end()) {
        Add(sides_.published, row, {.published = "a row"});
        continue;
      }
      met[found->second] = true;
      CompareRow(row, found->second);
    }
    for (std::size_t row = 0; row < sides_.read.rows; ++row) {
      if (!met[row]) Add(sides_.read, row, {.read = "a row"});
    }
  }

 private:
  void CompareRow(std::size_t published, std::size_t read) {
    for (const auto& [old_column, new_column] : sides_.columns) {
      ++report_.cells;
      if (SameCell(*old_column, published, *new_column, read)) continue;
      Add(sides_.published, published,
          {.column = old_column->name,
           .published = CellText(*old_column, published),
           .read = CellText(*new_column, read)});
    }
  }

  void Add(const frame::Frame& side, std::size_t row, Discrepancy discrepancy) {
    ++report_.discrepancies;
    if (report_.first.size() >= most_) return;
    const bool published = &side == &sides_.published;
    discrepancy.key = RowKey(published ? sides_.published_key : sides_.read_key, row, ' ');
    const frame::Column* src = side.Find("src");
    const frame::Column* src_row = side.Find("src_row");
    const frame::Column* src_col = side.Find("src_col");
    if (src != nullptr && src_row != nullptr && src_col != nullptr && !src->IsNull(row) && !src_row->IsNull(row)) {
      const auto [sha256, sheet] = SplitSource(CellText(*src, row));
      const dataset::VersionSource* source = FindSource(version_, sha256);
      if (source != nullptr) discrepancy.edition = source->edition;
      discrepancy.sheet = sheet;
      if (!src_row->is_text() && !src_col->is_text() && src_row->ints[row] > 0 && src_col->ints[row] > 0) {
        discrepancy.cell = workbook::A1(static_cast<std::uint32_t>(src_row->ints[row] - 1),
                                        static_cast<std::uint32_t>(src_col->ints[row] - 1));
      }
    }
    report_.first.push_back(std::move(discrepancy));
  }

  const Sides& sides_;
  const dataset::Version& version_;
  const Reread& reread_;
  std::size_t most_;
  VerifyReport& report_;
  std::unordered_map<std::string, std::size_t> rows_;
};

base::Status CompareTables(const frame::Frame& published, const frame::Frame& read, const std::vector<std::string>& key,
                           const dataset::Version& version, const Reread& reread, std::size_t most,
                           VerifyReport& report) {
  Sides sides{.published = published, .read = read};
  TIDEMILL_ASSIGN(sides.published_key, FindColumns(published, key));
  auto read_key = FindColumns(read, key);
  if (!read_key) {
    report.problems.push_back("the recipe no longer gives the key: " + read_key.error().message);
    return {};
  }
  sides.read_key = *std::move(read_key);
  for (const frame::Column& column : published.columns) {
    const frame::Column* other = read.Find(column.name);
    if (other == nullptr) {
      report.problems.push_back(fmt::format("column {} is published, and is not read", base::Quoted(column.name)));
    } else if (std::ranges::find(key, column.name) == key.end()) {
      sides.columns.emplace_back(&column, other);
    }
  }
  for (const frame::Column& column : read.columns) {
    if (published.Find(column.name) != nullptr) continue;
    report.problems.push_back(fmt::format("column {} is read, and is not published", base::Quoted(column.name)));
  }
  Comparison(sides, version, reread, most, report).Run();
  report.cells += report.rows * static_cast<std::int64_t>(key.size());
  return {};
}

// The recipe's output that this table is; null where it has none.
const transform::OutputTable* OutputOf(const transform::Stacked& stacked, const std::string& table) {
  const auto is_it = [&table](const transform::OutputTable& output) { return output.spec.table == table; };
  const auto found = std::ranges::find_if(stacked.outputs, is_it);
  return found == stacked.outputs.end() ? nullptr : &*found;
}

base::Status CompareWithPublished(const ProofTools& tools, const VerifyOptions& options, const recipe::Recipe& recipe,
                                  const dataset::Version& version, const Reread& reread, VerifyReport& report) {
  if (reread.editions.empty()) return {};
  TIDEMILL_ASSIGN(const transform::Stacked stacked, transform::Stack(reread.editions, recipe.base()));
  for (const transform::Finding& finding : stacked.findings) {
    report.problems.push_back(finding.Id() + ": " + finding.ToText());
  }
  const transform::OutputTable* output = OutputOf(stacked, options.table);
  if (output == nullptr) {
    report.problems.push_back(fmt::format("recipe {} has no output {}", recipe.base().name, options.table));
    return {};
  }
  const auto published = tools.rows.read_frame(tools.store, options.table, version);
  if (!published) {
    report.problems.push_back("the published rows cannot be read: " + published.error().ToText());
    return {};
  }
  return CompareTables(*published, *output->table, output->spec.key, version, reread, options.most_differences, report);
}

}  // namespace

std::string KeptRecipePath(std::string_view hash) {
  return fmt::format("_sources/_recipes/{}.toml", hash);
}

Result<VerifyReport> VerifyVersion(const ProofTools& tools, const VerifyOptions& options, std::stop_token stop) {
  TIDEMILL_ASSIGN(const dataset::Version version, tools.rows.load_version(tools.store, options.table, options.version));
  if (version.commit.recipe.empty() || version.commit.sources.empty()) {
    return base::FailAt(ErrorCode::kUnsupported, fmt::format("{}, version {}", options.table, version.number),
                        "the commit names no recipe and no sources: there is nothing to prove it by");
  }
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, RecipeOf(tools, options, version));
  VerifyReport report{.table = options.table,
                      .version = version.number,
                      .recipe = recipe.base().name,
                      .recipe_hash = recipe.hash(),
                      .published_by = version.commit.program_version};
  if (recipe.hash() != version.commit.recipe_hash) {
    report.remarks.push_back(fmt::format("the recipe is another than the one that published: {}…, then {}…",
                                         recipe.hash().substr(0, 12), version.commit.recipe_hash.substr(0, 12)));
  }
  recipe::Lock lock;
  if (!version.commit.lock.empty()) {
    TIDEMILL_ASSIGN(lock, recipe::ParseLock(version.commit.lock, "the version's lock"));
  }
  for (const dataset::DataFile& file : version.files) CheckContent(tools, options.table, file.path, report);
  if (!version.commit.notes_file.empty()) CheckContent(tools, options.table, version.commit.notes_file, report);
  TIDEMILL_ASSIGN(const Reread reread, ReadAll(tools, recipe, version, lock, report, stop));
  CompareLocks(reread, lock, report);
  TIDEMILL_CHECK(CompareWithPublished(tools, options, recipe, version, reread, report));
  return report;
}

}  // namespace tidemill::etl
