// SPDX-License-Identifier: Apache-2.0
// Instants and durations as people read them, in the reader's own time zone.
import { element } from './dom.js';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const STEPS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

const dateOf = (instant) => new Date(instant);  // a text of the API, or milliseconds

export const relative = (instant, now = Date.now()) => {
  const seconds = (dateOf(instant) - now) / 1000;
  if (Math.abs(seconds) < 1) return 'now';
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
  return RELATIVE.format(Math.trunc(seconds / size), unit);
};

export const clock = (instant) => CLOCK.format(dateOf(instant));
export const absolute = (instant) => {
  const date = dateOf(instant);
  const day = date.getFullYear() === new Date().getFullYear() ? DAY : YEAR;
  return `${day.format(date)}, ${CLOCK.format(date)}`;
};

// The same instant as everybody writes it.
export const utc = (instant) => `${dateOf(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

// "5 min. ago", kept true while it stands (tick).
export const ago = (instant) => (instant
  ? element('time', { datetime: dateOf(instant).toISOString(), title: `${absolute(instant)} (${utc(instant)})`, 'data-relative': true }, relative(instant)) : null);
export const at = (instant) => (instant
  ? element('time', { datetime: dateOf(instant).toISOString(), title: `${relative(instant)} (${utc(instant)})` }, absolute(instant)) : null);

const two = (number) => String(number).padStart(2, '0');
export const duration = (seconds) => {
  if (seconds === null || seconds === undefined) return '';
  if (seconds < 0.995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
  return `${Math.floor(whole / 86400)} d ${two(Math.floor(whole / 3600) % 24)} h`;
};

// How long a run took, or takes since it entered its state.
export const took = (run) => {
  if (run.state_type !== 'RUNNING') return run.start_time ? element('span', {}, duration(run.total_run_time)) : null;
  const since = dateOf(run.state_at ?? run.start_time).getTime() - (run.total_run_time ?? 0) * 1000;
  return element('span', { 'data-since': since }, duration((Date.now() - since) / 1000));
};

// Rewrites what depends on now.
export const tick = () => {
  document.querySelectorAll('time[data-relative]').forEach((own) => {
    const text = relative(own.dateTime);
    if (own.textContent !== text) own.textContent = text;
  });
  document.querySelectorAll('[data-since]').forEach((own) => {
    own.textContent = duration((Date.now() - Number(own.dataset.since)) / 1000);
  });
};
