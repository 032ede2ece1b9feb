// SPDX-License-Identifier: Apache-2.0
#include "known_days.h"

#include <algorithm>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

namespace tidemill::etl {
namespace {

constexpr std::uint64_t kMostBytes = 16U << 20U;

std::string PathOf(const Job& job) {
  std::string name = job.recipe.base().name;
  std::ranges::replace(name, '/', '-');
  return fmt::format("_sources/_days/{}.tsv", name);
}

std::string KeyOf(const Job& job, const EditionSource& source) {
  std::string parts = InputsKey(job, {source});
  for (const auto& [name, value] : source.captures) parts += fmt::format("\n{}\t{}", name, value);
  return base::Sha256Hex(parts);
}

// A fault of several lines stands in one.
std::string OneLine(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

KnownDays::KnownDays(const Job& job) : job_(job) {
  if (job.options.force) return;
  const auto text = job.store.Read(PathOf(job), kMostBytes);
  if (!text) return;
  for (const std::string_view line : base::Split(*text, '\n')) {
    const auto fields = base::Split(line, '\t');
    if (fields.size() != 3) continue;
    kept_.insert_or_assign(std::string(fields[0]), ReadDay{std::string(fields[1]), std::string(fields[2])});
  }
}

const ReadDay* KnownDays::Find(const EditionSource& source) const {
  const auto found = kept_.find(KeyOf(job_, source));
  if (found == kept_.end()) return nullptr;
  used_.insert(*found);
  return &found->second;
}

void KnownDays::Add(const EditionSource& source, ReadDay day) {
  day.fault = OneLine(std::move(day.fault));
  used_.insert_or_assign(KeyOf(job_, source), std::move(day));
}

base::Status KnownDays::Save() const {
  if (used_ == kept_) return {};
  std::string text;
  for (const auto& [key, day] : used_) text += fmt::format("{}\t{}\t{}\n", key, day.released, day.fault);
  return job_.store.Put(PathOf(job_), text);
}

}  // namespace tidemill::etl
