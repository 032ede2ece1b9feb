// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "tidemill/etl/stages.h"

namespace tidemill::etl {

// What reading a file as an edition told of it.
struct ReadDay {
  std::string released;  // empty: nothing says it
  std::string fault;     // why it does not count; empty where it does

  bool operator==(const ReadDay&) const = default;
};

// The days that earlier runs found, kept in the store so that a superseded file is read once, not in every run: known
// by its content, recipe, register and program. What is kept is a memory and no proof; where it is damaged, files are
// read again.
class KnownDays {
 public:
  explicit KnownDays(const Job& job);

  // Null where the file was not read before, or all is to be read again (Options::force).
  const ReadDay* Find(const EditionSource& source) const;
  void Add(const EditionSource& source, ReadDay day);
  // Keeps what was asked for or added since this was made, and only that; writes nothing where that is what is kept.
  base::Status Save() const;

 private:
  const Job& job_;
  std::map<std::string, ReadDay> kept_;  // by key
  mutable std::map<std::string, ReadDay> used_;
};

}  // namespace tidemill::etl
