// SPDX-License-Identifier: Apache-2.0
// What a chart of the page's query shows: asks the API for the rows and gives them as series of points.
import { ask, pathOf } from './api.js';
import { Query } from './query.js';
import { count, period, titleOf } from './words.js';

export const MOST_LINES = 8;
const MOST_BARS = 24;
const MOST_GROUPS = 5000;

const statusOf = (page) => page.dataset.columns.find((own) => own.role === 'status' && own.of === page.measure.name)?.name;
const timeOf = (page) => page.dataset.columns.find((own) => own.role === 'time');

// One history at a time: of a query for all versions the newest is drawn.
const selectionOf = (page) => {
  const own = page.query().selection().without('vintages');
  return page.query().has('last') ? own.with('last', page.query().get('last')) : own;
};

// The words that tell series apart: dimensions that all share are left out.
const namesOf = (page, list) => {
  const dimensions = page.dimensions.map((own) => own.name);
  const differing = dimensions.filter((name) => new Set(list.map((own) => own.codes[name])).size > 1);
  const used = differing.length ? differing : dimensions;
  return list.map((own) => used.map((name) => own.labels[name] || own.codes[name]).join(', ') || 'all');
};

const pointsOf = (page, rows) => {
  const [time, status] = [timeOf(page).name, statusOf(page)];
  return rows.map((row) => ({ x: row[time], value: row[page.measure.name], status: status ? row[status] : null }));
};

const grouped = (rows, keys) => {
  const found = new Map(keys.map((key) => [key, []]));
  rows.forEach((row) => found.get(row.series_key)?.push(row));
  return found;
};

const seriesRows = async (page, keys, selection, signal) => {
  const select = ['series_key', timeOf(page).name, page.measure.name, statusOf(page)].filter(Boolean).join(',');
  const query = selection.withList('series_key', keys).with('select', select);
  return grouped((await ask(pathOf(page.id, 'data.json', query), signal)).data, keys);
};

// The same series in another version.
export const rowsBefore = async (page, keys, version, signal) => {
  const selection = selectionOf(page).without('vintage', 'as_of', 'as_of_by').with('vintage', version);
  return seriesRows(page, keys, selection, signal);
};

const overTime = async (page, list, total, signal) => {
  const keys = list.map((own) => own.key);
  const names = namesOf(page, list.map((own) => ({ codes: own.dimensions, labels: own.labels ?? {} })));
  const rows = await seriesRows(page, keys, selectionOf(page), signal);
  const against = page.view().get('against');
  const before = against ? await rowsBefore(page, keys, against, signal) : undefined;
  return { series: keys.map((key, index) => ({ name: names[index], points: pointsOf(page, rows.get(key)),
    before: before && pointsOf(page, before.get(key)) })),
  note: total > keys.length ? `${keys.length} of ${count(total, 'series', 'series')} are drawn: choose fewer, or bars.` : '' };
};

// The newest period among the selected rows; nothing where there is none.
const newestOf = async (page, selection, signal) => {
  const time = timeOf(page)?.name;
  if (!time) return undefined;
  const query = selection.with('sort', `-${time}`).with('limit', 1).with('select', time);
  return (await ask(pathOf(page.id, 'data.json', query), signal)).data[0]?.[time];
};

const ranked = async (page, signal) => {
  const at = await newestOf(page, selectionOf(page), signal);
  const selection = at === undefined ? selectionOf(page) : selectionOf(page).with(timeOf(page).name, at);
  const when = at === undefined ? '' : period(at);
  const names = page.dimensions.flatMap((own) => [own.name, own.label_column]);
  const select = [...names, page.measure.name, statusOf(page)].filter(Boolean).join(',');
  const answer = await ask(pathOf(page.id, 'data.json', selection.with('sort', `-${page.measure.name}`)
    .with('limit', MOST_BARS).with('select', select)), signal);
  const list = answer.data.map((row) => ({ codes: row, labels: Object.fromEntries(page.dimensions.map((own) => [own.name, row[own.label_column]])) }));
  const words = namesOf(page, list);
  return { kind: 'bars', at: when, bars: answer.data.map((row, index) => ({ name: words[index], value: row[page.measure.name],
    status: row[statusOf(page)] })),
  note: answer.total > answer.data.length ? `The highest ${answer.data.length} of ${count(answer.total, 'row')}${when && ` in ${when}`}.` : '' };
};

// A grouped answer: lines where it is grouped by time, else bars of its first figure.
const fromGroups = async (page, signal) => {
  const query = page.query().without('cursor', 'limit', 'shape', 'format', 'labels').with('limit', MOST_GROUPS);
  const answer = await ask(pathOf(page.id, 'data.json', query), signal);
  const groups = query.list('group');
  const figure = Object.keys(answer.data[0] ?? {}).find((name) => !groups.includes(name) && name !== 'incomplete' && !name.endsWith('_name'));
  const times = [timeOf(page)?.name, 'year'];
  const time = groups.find((name) => times.includes(name));
  const key = (row) => groups.filter((name) => name !== time).map((name) => row[name]).join(', ') || titleOf({ name: figure });
  const title = figure ? titleOf({ name: figure }) : '';
  if (!time) {
    const bars = answer.data.slice(0, MOST_BARS).map((row) => ({ name: key(row), value: row[figure] }));
    return { kind: 'bars', title, bars, note: answer.total > bars.length ? `The first ${bars.length} of ${count(answer.total, 'group')}.` : '' };
  }
  const lines = new Map();
  answer.data.forEach((row) => lines.set(key(row), [...(lines.get(key(row)) ?? []), { x: String(row[time]), value: row[figure] }]));
  const series = [...lines].slice(0, MOST_LINES).map(([name, points]) => ({ name, points }));
  return { kind: page.view().get('chart') === 'bars' && series.length === 1 ? 'columns' : 'lines', title, series,
    note: lines.size > series.length ? `${series.length} of ${count(lines.size, 'group')} are drawn.` : '' };
};

// { kind: lines | columns | bars, title, unit, at, series | bars, note }
export const chartOf = async (page, signal) => {
  const base = { title: titleOf(page.measure), unit: page.measure.unit };
  if (page.query().isGrouped) return { ...base, ...await fromGroups(page, signal) };
  if (!timeOf(page)) return { ...base, ...await ranked(page, signal) };
  const list = await ask(pathOf(page.id, 'series', new Query(page.query().selection().without('vintages').pairs).with('limit', MOST_LINES)), signal);
  list.series.forEach((own) => page.labels.set(`series ${own.key}`, Object.values(own.labels ?? own.dimensions).join(', ')));
  list.series.forEach((own) => Object.entries(own.labels ?? {}).forEach(([name, label]) => page.labels.set(`${name} ${own.dimensions[name]}`, label)));
  const wanted = page.view().get('chart') || (list.total > MOST_LINES ? 'bars' : 'lines');
  if (wanted === 'bars' && list.total !== 1) return { ...base, ...await ranked(page, signal) };
  return { ...base, kind: wanted === 'bars' ? 'columns' : 'lines', ...await overTime(page, list.series, list.total, signal) };
};
