// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/date.h"
#include "tidemill/base/result.h"

namespace tidemill::transform {

// One state of an area of the register (share/tidemill/registers/gss.csv).
struct Area {
  std::string code;               // "E07000108"; "ons-snac:20UB" where it was abolished before there were GSS codes
  std::string name;               // "Dover"
  std::vector<std::string> keys;  // NameKey of the name, of the Welsh name, of others that it goes by; none is empty
  std::size_t own_keys = 0;       // so many of them, from the first, are of the two names
  std::string entity;             // "E07"
  std::string parent;             // "E10000016"; empty at the top
  base::Date from;                // valid from
  std::optional<base::Date> to;   // valid to, exclusive; open where none
  std::string successors;         // codes, joined by blanks
  std::string snac;               // the code that the Office for National Statistics used before 2011

  bool IsValid(base::Date on) const { return from <= on && (!to || on < *to); }
};

// The register of areas, passed in. Immutable, cheap to copy.
class Register {
 public:
  // CSV whose header names the columns code, name, parent, from, to and, where there are any, name_cy, also, entity,
  // successors, snac. An empty text is an empty register: codes are then checked by form alone.
  static base::Result<Register> Parse(std::string_view csv);

  bool empty() const { return contents_ == nullptr; }
  // SHA-256 of the text, in hexadecimal digits.
  const std::string& hash() const { return hash_; }
  // The area with that code, valid on that day.
  const Area* Find(std::string_view code, base::Date on) const;
  // All states of the code, the oldest first.
  std::span<const Area> FindAll(std::string_view code) const;
  // The area that had that old code.
  const Area* FindSnac(std::string_view snac) const;
  // All states of all areas that go by a name, given as its NameKey.
  std::span<const Area* const> FindNamed(std::string_view key) const;
  // The days on which some area begins or ends, ascending.
  const std::vector<base::Date>& states() const;

 private:
  struct Contents;
  std::string hash_;
  std::shared_ptr<const Contents> contents_;
};

// A name for comparison: case, points, "UA", "(Met County)" and the kind of "and" do not matter.
std::string NameKey(std::string_view name);

// Nine characters: a letter, two digits (entity), six digits.
bool IsGssCode(std::string_view text);
// A code as it was before 2011: a region's letter, a county's two characters, a district's four, or 921 and the like.
bool IsSnacCode(std::string_view text);
// "lad", "county", "region" …: recipes.md 7. Joined codes are "combined"; nothing for what is no code.
std::string_view GeoType(std::string_view code);

}  // namespace tidemill::transform
