// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace tidemill::data_api {

// What a status says in words, and its code in SDMX's list.
struct StatusMeaning {
  std::string_view code, meaning, sdmx;
};
inline constexpr std::array kStatusMeanings = {
    StatusMeaning{"p", "provisional", "P"},
    StatusMeaning{"r", "revised", "A"},
    StatusMeaning{"e", "estimated", "E"},
    StatusMeaning{"f", "forecast", "F"},
    StatusMeaning{"b", "break in the series", "B"},
    StatusMeaning{"u", "low reliability", "U"},
    StatusMeaning{"k", "small, rounds to zero", "N"},
    StatusMeaning{"c", "confidential", "Q"},
    StatusMeaning{"x", "not available", "O"},
    StatusMeaning{"w", "none recorded", "O"},
    StatusMeaning{"z", "not applicable", "M"},
};

}  // namespace tidemill::data_api
