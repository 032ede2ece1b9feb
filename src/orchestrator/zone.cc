// SPDX-License-Identifier: Apache-2.0
#include "zone.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>

namespace tidemill::orchestrator {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::int64_t kSecondsADay = 86'400;

std::int64_t BigEndian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

struct Header {
  std::size_t utc_flags, standard_flags, leaps, times, types, letters;
  std::size_t Size(std::size_t time_bytes) const {
    return times * time_bytes + times + types * 6 + letters + leaps * (time_bytes + 4) + standard_flags + utc_flags;
  }
};

std::optional<Header> ReadHeader(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + kHeaderBytes || bytes.substr(at, 4) != "TZif") return std::nullopt;
  std::array<std::size_t, 6> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t count = BigEndian(bytes, at + 20 + i * 4, 4);
    if (count < 0 || static_cast<std::size_t>(count) > kMostBytes) return std::nullopt;
    counts[i] = static_cast<std::size_t>(count);
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

// Reads a POSIX TZ string from its front.
class Footer {
 public:
  explicit Footer(std::string_view text) : text_(text) {}

  bool Name() {
    if (Take('<')) {
      const std::size_t end = text_.find('>');
      if (end == std::string_view::npos) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    const std::size_t end = std::min(text_.find_first_of("0123456789+-,"), text_.size());
    text_.remove_prefix(end);
    return end >= 3;
  }
  // "[+-]hh[:mm[:ss]]" as seconds.
  std::optional<std::int32_t> Clock() {
    const bool minus = Take('-');
    if (!minus) Take('+');
    const auto hours = Number();
    if (!hours) return std::nullopt;
    int total = *hours * 3600;
    if (Take(':')) total += Number().value_or(0) * 60;
    if (Take(':')) total += Number().value_or(0);
    return minus ? -total : total;
  }
  std::optional<int> Number() {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text_.size() && digits < 4 && text_[digits] >= '0' && text_[digits] <= '9') {
      value = value * 10 + (text_[digits++] - '0');
    }
    text_.remove_prefix(digits);
    return digits > 0 ? std::optional<int>(value) : std::nullopt;
  }
  bool Take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

bool IsZoneName(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  });
  return !name.empty() && name.size() < 64 && letters && name.front() != '/' &&
         name.find("//") == std::string_view::npos;
}

}  // namespace

std::shared_ptr<const Zone> Zone::Parse(std::string_view bytes) {
  const auto first = ReadHeader(bytes, 0);
  if (!first || bytes[4] < '2') return nullptr;
  const std::size_t second_at = kHeaderBytes + first->Size(4);
  const auto header = ReadHeader(bytes, second_at);
  const std::size_t data = second_at + kHeaderBytes;
  if (!header || header->types == 0 || bytes.size() < data + header->Size(8)) return nullptr;
  const std::size_t kinds = data + header->times * 8;
  const std::size_t types = kinds + header->times;
  auto zone = std::make_shared<Zone>();
  const auto offset = [&](std::size_t type) {
    return static_cast<std::int32_t>(BigEndian(bytes, types + type * 6, 4));
  };
  zone->first_offset_ = offset(0);
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[kinds + i]);
    if (type >= header->types) return nullptr;
    zone->changes_.push_back({BigEndian(bytes, data + i * 8, 8), offset(type)});
  }
  std::string_view footer = bytes.substr(data + header->Size(8));
  if (footer.size() >= 2 && footer.front() == '\n') {
    footer = footer.substr(1, std::min(footer.find('\n', 1), footer.size()) - 1);
    if (!footer.empty() && !zone->ParseFooter(footer)) return nullptr;
  }
  return zone;
}

bool Zone::ParseFooter(std::string_view text) {
  Footer footer(text);
  if (!footer.Name()) return false;
  const auto standard = footer.Clock();
  if (!standard) return false;
  has_footer_ = true;
  standard_ = -*standard;
  daylight_ = standard_ + 3600;
  if (footer.done()) return true;
  if (!footer.Name()) return false;
  has_daylight_ = true;
  if (!footer.Take(',')) {
    const auto daylight = footer.Clock();
    if (!daylight || !footer.Take(',')) return false;
    daylight_ = -*daylight;
  }
  for (YearlyChange* change : {&begin_, &end_}) {
    if (!footer.Take('M')) return false;  // days of the year are not in use
    change->month = footer.Number().value_or(0);
    footer.Take('.');
    change->week = footer.Number().value_or(0);
    footer.Take('.');
    change->day = footer.Number().value_or(-1);
    if (footer.Take('/')) change->seconds = footer.Clock().value_or(7200);
    if (change->month < 1 || change->month > 12 || change->week < 1 || change->week > 5 || change->day < 0 ||
        change->day > 6)
      return false;
    if (change == &begin_ && !footer.Take(',')) return false;
  }
  return footer.done();
}

std::int64_t Zone::InYear(const YearlyChange& change, std::int64_t year, std::int32_t offset_before) const {
  namespace ch = std::chrono;
  const ch::year_month month = ch::year(static_cast<int>(year)) / ch::month(static_cast<unsigned>(change.month));
  const ch::weekday weekday(static_cast<unsigned>(change.day));
  const ch::sys_days day = change.week == 5 ? ch::sys_days(month / weekday[ch::last])
                                            : ch::sys_days(month / weekday[static_cast<unsigned>(change.week)]);
  return std::int64_t{day.time_since_epoch().count()} * kSecondsADay + change.seconds - offset_before;
}

seconds Zone::OffsetAt(sys_seconds time) const {
  const std::int64_t at = time.time_since_epoch().count();
  const auto later = std::upper_bound(changes_.begin(), changes_.end(), at,
                                      [](std::int64_t wanted, const Change& change) { return wanted < change.at; });
  if (later != changes_.end() || !has_footer_) {
    return seconds(later == changes_.begin() ? first_offset_ : std::prev(later)->offset);
  }
  if (!has_daylight_) return seconds(standard_);
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time + seconds(standard_)));
  const std::int64_t begin = InYear(begin_, static_cast<int>(date.year()), standard_);
  const std::int64_t end = InYear(end_, static_cast<int>(date.year()), daylight_);
  const bool summer = begin < end ? at >= begin && at < end : at >= begin || at < end;
  return seconds(summer ? daylight_ : standard_);
}

std::optional<seconds> Zone::OffsetOf(std::chrono::local_days day) const {
  const sys_seconds as_utc(day.time_since_epoch());
  const seconds before = OffsetAt(as_utc - seconds(kSecondsADay));
  if (before != OffsetAt(as_utc + seconds(2 * kSecondsADay))) return std::nullopt;
  return before;
}

LocalSeconds Zone::ToLocal(sys_seconds time) const {
  return LocalSeconds(time.time_since_epoch() + OffsetAt(time));
}

sys_seconds Zone::ToSys(LocalSeconds local) const {
  const sys_seconds as_utc(local.time_since_epoch());
  // The offsets a day before and after are the only two that can hold here.
  const seconds before = OffsetAt(as_utc - seconds(kSecondsADay));
  const seconds after = OffsetAt(as_utc + seconds(kSecondsADay));
  const sys_seconds early = as_utc - std::max(before, after);
  const sys_seconds late = as_utc - std::min(before, after);
  if (ToLocal(early) == local) return early;
  if (ToLocal(late) == local) return late;
  return as_utc - before;
}

std::shared_ptr<const Zone> Zone::Find(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Zone>, std::less<>> known{{"UTC", std::make_shared<Zone>()}};
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  if (!IsZoneName(name)) return nullptr;
  std::ifstream file("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
  if (!file) return nullptr;
  std::string bytes(kMostBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  auto zone = Parse(bytes);
  if (zone) known.emplace(name, zone);
  return zone;
}

}  // namespace tidemill::orchestrator
