// SPDX-License-Identifier: Apache-2.0
// Task runs as a graph: what took whose result stands to its right.
import { element, svg } from './dom.js';
import { kindOf, signOf, wordOf } from './states.js';

const MOST = 300;
const [WIDE, HIGH, GAP_X, GAP_Y, PAD] = [190, 46, 60, 14, 8];

// Ids of the task runs whose results a task took.
const inputsOf = (task) => [...new Set(Object.values(task.task_inputs ?? {}).flat().filter((own) => own?.input_type === 'task_run').map((own) => own.id))];

// The column of each: one right of its farthest input. Inputs of a circle, which no client makes, count for nothing.
const depths = (tasks) => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const found = new Map();
  const depth = (task, path) => {
    if (found.has(task.id)) return found.get(task.id);
    if (path.has(task.id)) return 0;
    const inner = new Set(path).add(task.id);
    const inputs = inputsOf(task).map((id) => byId.get(id)).filter(Boolean);
    const own = inputs.length ? 1 + Math.max(...inputs.map((input) => depth(input, inner))) : 0;
    found.set(task.id, own);
    return own;
  };
  tasks.forEach((task) => depth(task, new Set()));
  return found;
};

// Within a column by the middle of their inputs, so that few lines cross.
const places = (tasks) => {
  const column = depths(tasks);
  const spots = new Map();
  const columns = [];
  tasks.forEach((task) => (columns[column.get(task.id)] ??= []).push(task));
  columns.forEach((own, x) => {
    const middle = (task) => {
      const rows = inputsOf(task).map((id) => spots.get(id)?.row).filter((row) => row !== undefined);
      return rows.length ? rows.reduce((sum, row) => sum + row, 0) / rows.length : 0;
    };
    const sorted = x === 0 ? own : own.map((task) => [middle(task), task]).sort(([a], [b]) => a - b).map(([, task]) => task);
    sorted.forEach((task, row) => spots.set(task.id, { row, x: PAD + x * (WIDE + GAP_X), y: PAD + row * (HIGH + GAP_Y) }));
  });
  return { spots, width: columns.length * (WIDE + GAP_X) - GAP_X + 2 * PAD, height: Math.max(...columns.map((own) => own.length)) * (HIGH + GAP_Y) + PAD };
};

const edge = (from, to) => {
  const [x1, y1, x2, y2] = [from.x + WIDE, from.y + HIGH / 2, to.x, to.y + HIGH / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return svg('path', { class: 'edge', d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
};

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const node = (page, task, { x, y }) => {
  const kind = kindOf(task.state_type, task.state_name);
  const word = task.state_name ?? wordOf(kind);
  return svg('a', { class: `node ${kind}`, href: page.href({ task: task.id }), 'data-key': task.id, 'aria-label': `${task.name}, ${word}`,
    'aria-current': page.query.get('task') === task.id ? 'true' : null, transform: `translate(${x} ${y})` },
  svg('rect', { width: WIDE, height: HIGH, rx: 9 }), svg('path', { class: 'icon', d: signOf(kind), transform: 'translate(10 8) scale(.9)' }),
  svg('text', { x: 31, y: 20 }, cut(task.name, 23)), svg('text', { class: 'under', x: 31, y: 36 }, word), svg('title', {}, task.name));
};

export const graph = (page, tasks) => {
  if (tasks.length > MOST) return element('p', { class: 'state' }, `More than ${MOST} task runs are not drawn as a graph; the timeline shows them.`);
  const { spots, width, height } = places(tasks);
  const edges = tasks.flatMap((task) => inputsOf(task).filter((id) => spots.has(id)).map((id) => edge(spots.get(id), spots.get(task.id))));
  return element('div', { class: 'graph', 'data-scroll': 'graph', tabindex: 0, role: 'region', 'aria-label': 'Graph of task runs' },
    svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, edges, tasks.map((task) => node(page, task, spots.get(task.id)))));
};
