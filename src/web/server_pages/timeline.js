// SPDX-License-Identifier: Apache-2.0
// Task runs as bars over the run's time, one a line, in the order of their start.
import { element, svg } from './dom.js';
import { kindOf, sign } from './states.js';
import { clock, duration, took } from './when.js';

const ms = (instant) => (instant ? new Date(instant).getTime() : null);

// From the run's start, or its first task's, to its end, or now.
const extent = ({ run, tasks, now }) => {
  const starts = [ms(run.start_time), ...tasks.map((task) => ms(task.start_time ?? task.expected_start_time))].filter(Boolean);
  const ends = [ms(run.end_time), ...tasks.map((task) => ms(task.end_time))].filter(Boolean);
  const from = Math.min(...starts);
  const to = run.end_time ? Math.max(...ends) : Math.max(ms(now), ...ends);
  return { from, to: Math.max(to, from + 1) };
};

const bar = (task, { from, to }, now) => {
  const place = (instant) => Math.min(100, Math.max(0, (100 * (instant - from)) / (to - from)));
  const start = ms(task.start_time);
  const track = svg('svg', { class: `track ${kindOf(task.state_type, task.state_name)}`, 'aria-hidden': 'true' },
    svg('rect', { class: 'back', y: '40%', width: '100%', height: '20%' }));
  if (start) {
    const left = place(start);
    track.append(svg('rect', { x: `${Math.min(left, 99.4)}%`, y: '8%', height: '84%', width: `${Math.max(0.6, place(ms(task.end_time) ?? ms(now)) - left)}%` }));
  }
  return track;
};

const axis = ({ from, to }) => {
  const long = to - from > 120000;
  const marks = [0, 0.5, 1].map((part) => {
    const mark = element('span', {}, long ? clock(from + part * (to - from)) : duration((part * (to - from)) / 1000));
    mark.style.left = `${part * 100}%`;
    return mark;
  });
  return element('div', { class: 'axis', 'aria-hidden': 'true' }, element('b'), element('div', {}, marks), element('b'));
};

export const timeline = (page, data) => {
  const span = extent(data);
  const chosen = page.query.get('task');
  return element('div', { class: 'timeline', 'data-scroll': 'timeline' }, axis(span), element('ol', { class: 'lanes' }, data.tasks.map((task) => {
    const kind = kindOf(task.state_type, task.state_name);
    return element('li', {}, element('a', { class: `lane ${kind}`, href: page.href({ task: task.id }), 'data-key': task.id, 'aria-current': chosen === task.id ? 'true' : null,
      title: `${task.name}: ${task.state_name ?? 'no state'}` },
    element('span', { class: 'label' }, sign(kind), element('span', {}, task.name), element('span', { class: 'hidden' }, `, ${task.state_name ?? 'no state'}`)),
    bar(task, span, data.now), element('span', { class: 'took' }, took(task))));
  })));
};
