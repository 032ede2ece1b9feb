// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"

namespace tidemill::orchestrator {

using LocalSeconds = std::chrono::local_seconds;  // what a clock on the wall shows

// A time zone of the system's database (TZif, RFC 8536).
class Zone {
 public:
  // Nothing for a name that is not known. "UTC" needs no file.
  static std::shared_ptr<const Zone> Find(std::string_view name);
  static std::shared_ptr<const Zone> Parse(std::string_view bytes);

  std::chrono::seconds OffsetAt(std::chrono::sys_seconds time) const;
  // The offset of all that day; nothing where the clock is changed about then.
  std::optional<std::chrono::seconds> OffsetOf(std::chrono::local_days day) const;
  LocalSeconds ToLocal(std::chrono::sys_seconds time) const;
  // Of two instants that show this time the first; a time that is skipped moves forward by what was skipped.
  std::chrono::sys_seconds ToSys(LocalSeconds local) const;

 private:
  struct Change {
    std::int64_t at;  // seconds since 1970
    std::int32_t offset;
  };
  struct YearlyChange {  // "M3.5.0/1": the fifth (last) Sunday of March, 01:00
    int month = 0, week = 0, day = 0;
    std::int32_t seconds = 7200;
  };
  bool ParseFooter(std::string_view text);
  std::int64_t InYear(const YearlyChange& change, std::int64_t year, std::int32_t offset_before) const;

  std::int32_t first_offset_ = 0;
  std::vector<Change> changes_;
  std::int32_t standard_ = 0, daylight_ = 0;
  bool has_footer_ = false, has_daylight_ = false;
  YearlyChange begin_, end_;
};

}  // namespace tidemill::orchestrator
