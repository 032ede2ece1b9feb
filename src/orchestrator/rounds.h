// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "call.h"

// The background services, a round of each: at most so many things, true where more may wait already. Time is the
// call's: tests advance a clock.
namespace tidemill::orchestrator {

// Fails what was paused and not resumed in time.
Outcome<bool> ExpirePauses(Call& call, std::int64_t most);
// Cancels what nobody stopped within five minutes, and what belongs to cancelled or crashed flow runs.
Outcome<bool> EndCancelled(Call& call, std::int64_t most);
// Closes runs that died: running ones whose heartbeats ended are Crashed; claimed ones that never began, and whose
// claimer is gone, are queued again, three times at most.
Outcome<bool> ReapRuns(Call& call, std::int64_t most);
// Makes the next runs of backfills, where those before them have ended.
Outcome<bool> ReleaseBackfills(Call& call, std::int64_t most);
// Of the runs of a schedule that nobody took in time, drops what its deployment does not want to catch up with.
Outcome<bool> SkipLateRuns(Call& call, std::int64_t most);
// How long things are kept: runs after their end (the last ten and the last success of a deployment stay), artifacts
// once a newer one stands for them.
inline constexpr std::chrono::days kKeepRuns{90}, kKeepLogs{30}, kKeepEvents{7}, kKeepArtifacts{90};
// Deletes what is kept no longer.
Outcome<bool> Retain(Call& call, std::int64_t most);
// Keeps the database below the size that was noted: deletes the oldest logs, else events, else ended runs, and says so
// by an event once a day. Gives free pages back to the disk.
Outcome<bool> KeepSize(Call& call, std::int64_t most);
// Lets automations act on events that they have not seen.
Outcome<bool> RunAutomations(Call& call, std::int64_t most);

// What the database holds, without free pages.
Outcome<std::int64_t> UsedBytes(Call& call);
// What KeepSize keeps to; 0: nothing.
Outcome<void> NoteMostBytes(Call& call, std::int64_t bytes);
// From this instant silence counts: before it nobody could be heard.
Outcome<void> NoteStart(Call& call);
// The clock went back by so much: instants that lie in the future now are corrected, so that leases end, schedules go
// on and silence is noticed without waiting until the clock shows the old time again. Then as NoteStart.
Outcome<void> NoteClockSetBack(Call& call, base::Duration back);
// When a server starts: NoteStart, and the above where the clock shows less than when the last one ran.
Outcome<void> NoteClockAtStart(Call& call);

}  // namespace tidemill::orchestrator
