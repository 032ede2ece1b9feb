// SPDX-License-Identifier: Apache-2.0
// A schedule in few words.
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

// 7200 → [2, "hour"]
export const unitOf = (seconds) => {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? UNITS.at(-1);
  return [seconds / size, unit, size];
};
export const UNIT_SECONDS = UNITS;

const zone = (schedule) => (schedule.timezone && schedule.timezone !== 'UTC' ? `, ${schedule.timezone}` : ' UTC');

export const scheduleWords = (schedule) => {
  if (schedule.cron) return `${schedule.cron}${zone(schedule)}`;
  if (schedule.interval) {
    const [count, unit] = unitOf(schedule.interval);
    return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
  }
  return schedule.rrule ?? 'unknown';
};
