// SPDX-License-Identifier: Apache-2.0
// Runs over time as stacked bars, what went wrong at the bottom; each bar says its counts.
import { element, svg } from './dom.js';
import { STATES } from './states.js';
import { absolute, clock } from './when.js';

const WIDTH = 960;
const FLOOR = 132;

const bySlot = (data) => {
  const slots = Array.from({ length: data.bucket_count }, () => ({}));
  data.buckets.forEach(([slot, type, count]) => { slots[slot][type.toLowerCase()] = count; });
  return slots;
};
const sum = (slot) => Object.values(slot).reduce((all, count) => all + count, 0);

const wordsOf = (slot) => STATES.filter((kind) => slot[kind]).map((kind) => `${slot[kind]} ${kind}`).join(', ') || 'no run';

const stack = (slot, x, width, scale) => {
  let y = FLOOR;
  return STATES.filter((kind) => slot[kind]).map((kind) => {
    const height = Math.max(2, slot[kind] * scale);
    y -= height;
    return svg('rect', { class: `part ${kind}`, x, y, width, height, rx: 1.5 });
  });
};

export const bars = (data) => {
  const slots = bySlot(data);
  const most = Math.max(1, ...slots.map(sum));
  const step = WIDTH / slots.length;
  const from = new Date(data.from).getTime();
  const time = (slot) => from + slot * data.bucket_seconds * 1000;
  const long = data.bucket_seconds * slots.length > 90000;
  const label = (slot) => (long ? absolute(time(slot)).split(',').slice(0, -1).join(',') : clock(time(slot)).slice(0, 5));
  const picture = svg('svg', { class: 'bars', viewBox: `0 0 ${WIDTH} ${FLOOR + 1}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': `Runs over time: ${slots.reduce((all, slot) => all + sum(slot), 0)} in all, at most ${most} in a bar` },
  svg('line', { x1: 0, x2: WIDTH, y1: FLOOR + 0.5, y2: FLOOR + 0.5 }),
  slots.map((slot, index) => svg('g', {}, svg('rect', { class: 'hit', x: index * step, y: 0, width: step, height: FLOOR }),
    stack(slot, index * step + 1.5, step - 3, (FLOOR - 6) / most),
    svg('title', {}, `${absolute(time(index))}: ${wordsOf(slot)}`))));
  return [picture, element('div', { class: 'under', 'aria-hidden': 'true' }, [0, 12, 24, 36].map((slot) => element('span', {}, label(slot))), element('span', {}, 'now'))];
};
