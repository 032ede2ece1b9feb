// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/date.h"
#include "tidemill/base/result.h"

namespace tidemill::transform {

// One area of the register of geographic codes (share/tidemill/registers/gss.csv).
struct Area {
  std::string code;              // "E07000108"
  std::string name;              // "Dover"
  std::string parent;            // "E10000016"; empty at the top
  base::Date from;               // valid from
  std::optional<base::Date> to;  // valid to, exclusive; open where none
};

// The register of GSS codes, passed in. Immutable.
class Register {
 public:
  // CSV with the header code,name,parent,from,to. An empty text is an empty register: codes are then checked by form
  // alone.
  static base::Result<Register> Parse(std::string_view csv);

  bool empty() const { return areas_.empty(); }
  // SHA-256 of the text, in hexadecimal digits.
  const std::string& hash() const { return hash_; }
  // The area with that code, valid on that day.
  const Area* Find(std::string_view code, base::Date on) const;
  // Any state of the code.
  const Area* FindAny(std::string_view code) const;
  // The days on which some area begins or ends, ascending.
  const std::vector<base::Date>& states() const { return states_; }

 private:
  std::string hash_;
  std::vector<Area> areas_;  // by code, then from
  std::vector<base::Date> states_;
};

// Nine characters: a letter, two digits (entity), six digits.
bool IsGssCode(std::string_view text);
// "lad", "county", "region" …: recipes.md 7. Joined codes are "combined".
std::string_view GeoType(std::string_view code);

}  // namespace tidemill::transform
