// SPDX-License-Identifier: Apache-2.0
// A schedule in few words.
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

// 7200 → [2, "hour"]
export const unitOf = (seconds) => {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? UNITS.at(-1);
  return [seconds / size, unit, size];
};
export const UNIT_SECONDS = UNITS;

const every = (count, unit) => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);
const two = (text) => text.padStart(2, '0');
const is = (text, pattern = /^\d{1,2}$/) => pattern.test(text);

// The usual expressions, as they are said; all others as they are written.
const cronWords = (cron) => {
  const [minute, hour, day, month, weekday, ...more] = cron.trim().split(/\s+/);
  if (more.length || weekday === undefined || month !== '*') return null;
  const daily = day === '*' && weekday === '*';
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (daily && hour === '*' && (minute === '*' || (step && 60 % step === 0))) return every(Number(step ?? 1), 'minute');
  if (daily && hour === '*' && is(minute)) return `every hour at minute ${Number(minute)}`;
  if (!is(minute) || !is(hour)) return null;
  const time = `at ${two(hour)}:${two(minute)}`;
  if (daily) return `daily ${time}`;
  if (day === '*' && weekday === '1-5') return `weekdays ${time}`;
  if (day === '*' && is(weekday, /^[0-7]$/)) return `${DAYS[weekday % 7]}s ${time}`;
  return weekday === '*' && is(day) ? `monthly on day ${Number(day)} ${time}` : null;
};

const zone = (schedule) => (schedule.timezone && schedule.timezone !== 'UTC' ? `, ${schedule.timezone}` : ' UTC');

export const scheduleWords = (schedule) => {
  if (schedule.cron) return `${cronWords(schedule.cron) ?? schedule.cron}${zone(schedule)}`;
  if (schedule.interval) return every(...unitOf(schedule.interval));
  return schedule.rrule ?? 'unknown';
};
