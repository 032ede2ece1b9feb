// SPDX-License-Identifier: Apache-2.0
#include "triggers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "body.h"
#include "event_filter.h"
#include "events.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kMostParts = 32;
constexpr std::size_t kDeepestTrigger = 4;
constexpr double kLongestWithin = 1e9;
constexpr std::int64_t kOpenPart = -1;

const json::array& PartsOf(const json::object& trigger) {
  static const json::array kNone;
  const json::value* parts = Find(trigger, "triggers");
  return parts != nullptr && parts->is_array() ? parts->get_array() : kNone;
}

bool IsComposite(const json::object& trigger) {
  const std::string type = TextOf(trigger, "type");
  return type == "compound" || type == "sequence";
}

bool IsProactive(const json::object& trigger) {
  return TextOf(trigger, "posture") == "Proactive";
}

bool HasAfter(const json::object& trigger) {
  const json::value* after = Find(trigger, "after");
  return after != nullptr && !(after->is_array() && after->get_array().empty());
}

std::int64_t ThresholdOf(const json::object& trigger) {
  return Members(trigger).Int("threshold").value_or(1);
}

// In microseconds; 0: no limit.
std::int64_t WithinOf(const json::object& trigger) {
  return static_cast<std::int64_t>(std::min(Members(trigger).Number("within").value_or(0), kLongestWithin) * 1e6);
}

// How many of its parts a compound trigger needs, or nothing where that is not understood.
std::optional<std::size_t> RequiredOf(const json::object& trigger) {
  const std::size_t all = PartsOf(trigger).size();
  if (TextOf(trigger, "type") == "sequence") return all;
  const json::value* require = Find(trigger, "require");
  if (require == nullptr || *require == json::value("all")) return all;
  if (*require == json::value("any")) return 1;
  if (!require->is_int64() || require->get_int64() < 1 || require->get_int64() > static_cast<std::int64_t>(all))
    return std::nullopt;
  return static_cast<std::size_t>(require->get_int64());
}

// Of the resource, or of the first related one in the role that "related:ROLE:label" names.
std::string LabelOf(const json::object& event, std::string_view label) {
  constexpr std::string_view kRelated = "related:";
  const json::object* resource = FindObject(event, "resource");
  const std::size_t end = label.rfind(':');
  if (!label.starts_with(kRelated) || end < kRelated.size())
    return resource != nullptr ? TextOf(*resource, label) : std::string();
  const std::string_view role = label.substr(kRelated.size(), end - kRelated.size());
  const json::value* related = Find(event, "related");
  if (related == nullptr || !related->is_array()) return {};
  for (const json::value& one : related->get_array()) {
    if (one.is_object() && TextOf(one.get_object(), "prefect.resource.role") == role)
      return TextOf(one.get_object(), label.substr(end + 1));
  }
  return {};
}

// The value of the labels that the part looks at for itself.
std::string LabelKey(const json::object& trigger, const json::object& event) {
  std::string key;
  const json::value* each = Find(trigger, "for_each");
  if (each == nullptr || !each->is_array()) return key;
  for (const json::value& label : each->get_array()) {
    if (label.is_string()) key += LabelOf(event, std::string_view(label.get_string())) + "\n";
  }
  return key;
}

Outcome<void> CheckEventTrigger(const json::object& trigger) {
  Members members(trigger);
  const std::string posture = members.Text("posture").value_or("Reactive");
  const std::int64_t threshold = members.Int("threshold").value_or(1);
  const double within = members.Number("within").value_or(0);
  TIDEMILL_CHECK(members.Check());
  if (posture != "Reactive" && posture != "Proactive")
    return RefuseMember("trigger.posture", "Reactive or Proactive was expected");
  if (threshold < 1 || !(within >= 0)) return RefuseMember("trigger.threshold", "1 or more, within 0 or more seconds");
  if (posture == "Proactive" && within < kLeastAbsence)
    return RefuseMember("trigger.within", "10 or more seconds within which the events are expected");
  const json::value* related = Find(trigger, "match_related");
  if (related != nullptr && related->is_array() && related->get_array().size() > kMostConditions)
    return RefuseMember("trigger.match_related", fmt::format("{} at most were expected", kMostConditions));
  Selection unused;
  TIDEMILL_CHECK(AddExpected(trigger, unused));
  TIDEMILL_CHECK(AddAfter(trigger, unused));
  return {};
}

Outcome<void> CheckPart(const json::object& trigger, std::size_t depth, std::size_t& count) {
  if (depth > kDeepestTrigger || ++count > kMostParts)
    return RefuseMember("trigger.triggers", fmt::format("at most {} parts and {} levels", kMostParts, kDeepestTrigger));
  Members members(trigger);
  const std::string type = members.Text("type").value_or("event");
  const double within = members.Number("within").value_or(0);
  TIDEMILL_CHECK(members.Check());
  if (type == "event") return CheckEventTrigger(trigger);
  if (!IsComposite(trigger)) return RefuseMember("trigger.type", "event, compound or sequence was expected");
  if (!(within >= 0)) return RefuseMember("trigger.within", "0 or more seconds were expected");
  const json::array& parts = PartsOf(trigger);
  if (parts.empty()) return RefuseMember("trigger.triggers", "a list of triggers was expected");
  if (!RequiredOf(trigger))
    return RefuseMember("trigger.require", "all, any or a number up to that of the triggers was expected");
  for (const json::value& part : parts) {
    if (!part.is_object()) return RefuseMember("trigger.triggers", "objects were expected");
    TIDEMILL_CHECK(CheckPart(part.get_object(), depth + 1, count));
  }
  return {};
}

Outcome<void> AddMatch(const json::object& trigger, Selection& selection) {
  if (const json::object* match = FindObject(trigger, "match")) TIDEMILL_CHECK(AddResourceLabels(*match, selection));
  const json::value* related = Find(trigger, "match_related");
  if (related == nullptr) return {};
  json::array list;
  if (related->is_array()) {
    list = related->get_array();
  } else {
    list.push_back(*related);
  }
  for (const json::value& one : list) {
    if (!one.is_object()) return RefuseMember("trigger.match_related", "an object was expected");
    TIDEMILL_CHECK(AddRelatedLabels(one.get_object(), selection));
  }
  return {};
}

// When it happened: a client's clock may be ahead of ours, and events may have waited for us.
std::int64_t InstantOf(const Call& call, const json::object& event) {
  const auto occurred = ParseInstant(TextOf(event, "occurred"));
  return occurred ? std::min(Micros(*occurred), Micros(call.now)) : Micros(call.now);
}

// One thing's row of an event trigger.
struct WaitingPart {
  Call& call;
  const std::string& automation;
  const json::object& trigger;
  std::size_t part;
  const std::string key;
  std::int64_t at;

  db::Row Place() const { return {automation, static_cast<std::int64_t>(part), key}; }
  // `cause`: the event that it comes after.
  Outcome<void> Begin(std::int64_t count, const json::object* cause = nullptr) const {
    db::Row row = Place();
    row.insert(row.end(), {at, count, IsProactive(trigger) ? db::Value(at + WithinOf(trigger)) : db::Value(),
                           cause != nullptr ? db::Value(json::serialize(*cause)) : db::Value()});
    TIDEMILL_CHECK(
        call.db.Change("INSERT OR REPLACE INTO automation_wait(automation_id, part, key, since, count, due, event) "
                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       row));
    return {};
  }
  Outcome<void> End() const {
    TIDEMILL_CHECK(
        call.db.Change("DELETE FROM automation_wait WHERE automation_id = ?1 AND part = ?2 AND key = ?3", Place()));
    return {};
  }
  // What has come so far; nothing where nothing is waited for, or where the time for it is over.
  Outcome<std::optional<std::int64_t>> Count() const {
    TIDEMILL_ASSIGN(
        const db::Rows rows,
        call.db.Query("SELECT count, since FROM automation_wait WHERE automation_id = ?1 AND part = ?2 AND key = ?3",
                      Place()));
    if (rows.empty()) return std::optional<std::int64_t>();
    const std::int64_t within = WithinOf(trigger);
    const bool over = !IsProactive(trigger) && within > 0 && at - db::IntOf(rows[0][1]) > within;
    if (over) return std::optional<std::int64_t>();
    return std::optional(db::IntOf(rows[0][0]));
  }
  // A trigger that has fired for an absence is open until what it expected comes: a row of a part that no trigger has.
  Outcome<void> Open() const {
    TIDEMILL_CHECK(
        call.db.Change("INSERT OR REPLACE INTO automation_wait(automation_id, part, key, since, count) "
                       "VALUES(?1, ?2, ?3, ?4, 0)",
                       {automation, kOpenPart, key, at}));
    return {};
  }
  // True where it was open.
  Outcome<bool> Resolve() const {
    TIDEMILL_ASSIGN(const std::int64_t count,
                    call.db.Change("DELETE FROM automation_wait WHERE automation_id = ?1 AND part = ?2 AND key = ?3",
                                   {automation, kOpenPart, key}));
    return count > 0;
  }
  Outcome<void> SetCount(std::int64_t count) const {
    db::Row row = Place();
    row.emplace_back(count);
    TIDEMILL_CHECK(call.db.Change(
        "UPDATE automation_wait SET count = ?4 WHERE automation_id = ?1 AND part = ?2 AND key = ?3", row));
    return {};
  }
};

// When each part of a composite fired last, in the order of its parts; 0: not, or too long ago.
Outcome<std::vector<std::int64_t>> FiringsBelow(Call& call, const std::string& automation, const Trigger& trigger,
                                                std::size_t above, std::int64_t now) {
  const std::int64_t within = WithinOf(*trigger.parts()[above].trigger);
  std::vector<std::int64_t> numbers;
  for (const std::size_t part : trigger.parts()[above].below) {
    TIDEMILL_ASSIGN(
        const db::Value number,
        SelectValue(
            call, "SELECT number FROM automation_fired WHERE automation_id = ?1 AND part = ?2 AND (?3 = 0 OR at >= ?4)",
            {automation, static_cast<std::int64_t>(part), within, now - within}));
    numbers.push_back(db::IsNull(number) ? 0 : db::IntOf(number));
  }
  return numbers;
}

bool IsFull(const json::object& composite, const std::vector<std::int64_t>& firings) {
  const auto fired = static_cast<std::size_t>(
      std::count_if(firings.begin(), firings.end(), [](std::int64_t number) { return number > 0; }));
  if (fired < RequiredOf(composite).value_or(firings.size())) return false;
  return TextOf(composite, "type") != "sequence" || std::is_sorted(firings.begin(), firings.end());
}

// A part fires: whether with it all above it does.
Outcome<bool> Fire(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                   std::int64_t at) {
  while (part != 0) {
    const std::size_t above = trigger.parts()[part].above;
    TIDEMILL_CHECK(call.db.Change(
        "INSERT OR REPLACE INTO automation_fired(automation_id, part, at, number) VALUES(?1, ?2, ?3, (SELECT "
        "coalesce(max(number), 0) + 1 FROM automation_fired WHERE automation_id = ?1))",
        {automation, static_cast<std::int64_t>(part), at}));
    TIDEMILL_ASSIGN(const auto firings, FiringsBelow(call, automation, trigger, above, at));
    if (!IsFull(*trigger.parts()[above].trigger, firings)) return false;
    for (const std::size_t one : trigger.parts()[above].below) {
      TIDEMILL_CHECK(call.db.Change("DELETE FROM automation_fired WHERE automation_id = ?1 AND part = ?2",
                                    {automation, static_cast<std::int64_t>(one)}));
    }
    part = above;
  }
  return true;
}

Outcome<Change> FireBy(const WaitingPart& wait, const Trigger& trigger) {
  TIDEMILL_ASSIGN(const bool fires, Fire(wait.call, wait.automation, trigger, wait.part, wait.at));
  return fires ? Change::kTriggered : Change::kNone;
}

Outcome<Change> ResolveBy(const WaitingPart& wait) {
  if (wait.part != 0 || !IsProactive(wait.trigger)) return Change::kNone;
  TIDEMILL_ASSIGN(const bool was_open, wait.Resolve());
  return was_open ? Change::kResolved : Change::kNone;
}

}  // namespace

Outcome<void> CheckTrigger(const json::object& trigger) {
  std::size_t count = 0;
  return CheckPart(trigger, 1, count);
}

Trigger::Trigger(const json::object& trigger) {
  Add(trigger, 0);
}

void Trigger::Add(const json::object& trigger, std::size_t above) {
  const std::size_t number = parts_.size();
  parts_.push_back({&trigger, above});
  if (!IsComposite(trigger)) return;
  for (const json::value& part : PartsOf(trigger)) {
    parts_[number].below.push_back(parts_.size());
    Add(part.get_object(), number);
  }
}

Outcome<void> AddExpected(const json::object& trigger, Selection& selection) {
  if (const json::value* expect = Find(trigger, "expect")) TIDEMILL_CHECK(AddEventNames(*expect, selection));
  return AddMatch(trigger, selection);
}

Outcome<bool> AddAfter(const json::object& trigger, Selection& selection) {
  if (!HasAfter(trigger)) return false;
  TIDEMILL_CHECK(AddEventNames(*Find(trigger, "after"), selection));
  TIDEMILL_CHECK(AddMatch(trigger, selection));
  return true;
}

Outcome<void> BeginToWait(Call& call, const std::string& automation, const Trigger& trigger) {
  TIDEMILL_CHECK(call.db.Change("DELETE FROM automation_wait WHERE automation_id = ?1", {automation}));
  TIDEMILL_CHECK(call.db.Change("DELETE FROM automation_fired WHERE automation_id = ?1", {automation}));
  for (std::size_t part = 0; part < trigger.parts().size(); ++part) {
    const json::object& own = *trigger.parts()[part].trigger;
    const json::value* each = Find(own, "for_each");
    const bool of_each = each != nullptr && each->is_array() && !each->get_array().empty();
    if (!trigger.IsEvent(part) || !IsProactive(own) || HasAfter(own) || of_each) continue;
    TIDEMILL_CHECK(WaitingPart{call, automation, own, part, "", Micros(call.now)}.Begin(0));
  }
  return {};
}

Outcome<Taken> TakeExpected(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                            const json::object& event) {
  const auto taken = [](const Outcome<Change>& change, bool was_awaited) -> Outcome<Taken> {
    if (!change) return tl::unexpected(change.error());
    return Taken{*change, was_awaited};
  };
  const json::object& own = *trigger.parts()[part].trigger;
  const bool waits = HasAfter(own) || IsProactive(own) || ThresholdOf(own) > 1;
  const WaitingPart wait{call, automation, own, part, LabelKey(own, event), InstantOf(call, event)};
  if (!waits) return taken(FireBy(wait, trigger), false);
  TIDEMILL_ASSIGN(const auto known, wait.Count());
  if (!known && HasAfter(own)) return taken(ResolveBy(wait), false);
  const std::int64_t count = known.value_or(0) + 1;
  if (count < ThresholdOf(own)) {
    TIDEMILL_CHECK(known ? wait.SetCount(count) : wait.Begin(count));
    return Taken{.was_awaited = HasAfter(own)};
  }
  TIDEMILL_CHECK(IsProactive(own) && !HasAfter(own) ? wait.Begin(0) : wait.End());
  return taken(IsProactive(own) ? ResolveBy(wait) : FireBy(wait, trigger), HasAfter(own));
}

Outcome<void> TakeAfter(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                        const json::object& event) {
  const json::object& own = *trigger.parts()[part].trigger;
  return WaitingPart{call, automation, own, part, LabelKey(own, event), InstantOf(call, event)}.Begin(0, &event);
}

Outcome<bool> TakeAbsence(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                          const std::string& key) {
  const json::object& own = *trigger.parts()[part].trigger;
  const WaitingPart wait{call, automation, own, part, key, Micros(call.now)};
  TIDEMILL_CHECK(HasAfter(own) ? wait.End() : wait.Begin(0));
  if (part == 0) TIDEMILL_CHECK(wait.Open());
  return Fire(call, automation, trigger, part, Micros(call.now));
}

}  // namespace tidemill::orchestrator
