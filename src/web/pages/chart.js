// SPDX-License-Identifier: Apache-2.0
// Charts as SVG: lines and columns over time, ranked bars. Series differ by colour, dash and mark, so that no reader
// depends on colour; the arrow keys walk through the periods and a line of text says what is there.
import { element, svg } from './dom.js';
import { linear, timeAxis, valueAxis } from './scale.js';
import { monthOf, number, partOf, period, quarterOf, status, yearsOf } from './words.js';

// Circle, square, triangle, diamond of radius r.
const MARKS = [
  (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (x, y, r) => `M${x} ${y - 1.2 * r}l${1.2 * r} ${2.2 * r}h${-2.4 * r}z`,
  (x, y, r) => `M${x} ${y - 1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`];
const MOST_MARKS = 40;
const round = (value) => Math.round(value * 10) / 10;

const markPath = (index, x, y, radius = 3.5) => MARKS[index % MARKS.length](round(x), round(y), radius);

const yAxis = (ticks, y, right) => ticks.map((tick) => svg('g', { class: tick === 0 ? 'grid zero' : 'grid' },
  svg('line', { x1: 0, x2: right, y1: y(tick), y2: y(tick) }), svg('text', { x: 0, y: y(tick) - 5 }, number(round6(tick)))));
const round6 = (value) => Number(value.toPrecision(12));

const xAxis = ({ step, ticks }, part, x, bottom) => ticks.map((tick) => {
  const year = Math.round(tick * 12) / 12;
  const partText = part === 1 / 4 ? quarterOf(year) : monthOf(year);
  const text = step >= 1 || Math.abs(year - Math.round(year)) < 0.01 ? String(Math.round(year)) : partText;
  return svg('g', { class: 'tick' }, svg('line', { x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 5 }),
    svg('text', { x: x(tick), y: bottom + 20, 'text-anchor': 'middle' }, text));
});

// Broken where a value is missing, or a period.
const linePath = (points, x, y, gap) => {
  let path = '';
  let last = null;
  points.forEach((point) => {
    if (point.value === null) { last = null; return; }
    const years = yearsOf(point.x);
    path += `${last !== null && years - last <= gap ? 'L' : 'M'}${round(x(years))} ${round(y(point.value))}`;
    last = years;
  });
  return path;
};

// How far apart points may stand that a line joins: of each series by itself, for one may be by weeks, another by years.
const gapOf = (own) => {
  const years = [...new Set([...own.points, ...(own.before ?? [])].map((point) => yearsOf(point.x)))].sort((a, b) => a - b);
  const smallest = Math.min(...years.slice(1).map((value, index) => value - years[index]));
  return Number.isFinite(smallest) ? smallest * 1.6 : 1;
};

const isAlone = (shown, index, gap) => [index - 1, index + 1].every((beside) =>
  !shown[beside] || Math.abs(yearsOf(shown[beside].x) - yearsOf(shown[index].x)) > gap);

const drawSeries = (own, index, x, y) => {
  const gap = gapOf(own);
  const radius = own.points.length > 1 && Math.abs(x(gap) - x(0)) < 12 ? 2 : 3.5;  // small where they stand close
  const shown = own.points.filter((point) => point.value !== null);
  const marked = shown.length <= MOST_MARKS ? shown : shown.filter((point, at) => point.status || at === shown.length - 1 || isAlone(shown, at, gap));
  const marks = marked.map((point) => svg('path', { class: point.status ? 'mark hollow' : 'mark', d: markPath(index, x(yearsOf(point.x)), y(point.value), radius) }));
  return svg('g', { class: `series s${index + 1}` },
    own.before ? svg('path', { class: 'line before', d: linePath(own.before, x, y, gap) }) : null,
    svg('path', { class: 'line', d: linePath(own.points, x, y, gap) }), marks);
};

const drawColumns = (own, x, y, width) => svg('g', { class: 'series s1' }, own.points.filter((point) => point.value !== null).map((point) =>
  svg('rect', { class: point.status ? 'bar hollow' : 'bar', x: round(x(yearsOf(point.x)) - width / 2), width: round(width),
    y: round(Math.min(y(0), y(point.value))), height: round(Math.abs(y(point.value) - y(0))) })));

const describe = (own, x, meanings) => {
  const at = (points) => points?.find((point) => point.x === x);
  const [point, old] = [at(own.points), at(own.before)];
  const text = !point ? 'no row' : point.value === null ? 'no value' : number(point.value);
  const words = point?.status ? ` (${status(point.status, meanings)})` : '';
  return `${own.name} ${text}${words}${old && old.value !== null ? `, before ${number(old.value)}` : ''}`;
};

// Moves a line through the periods by pointer and keys; the text beside it says what is there.
const addReader = (figure, picture, chart, periods, x, bottom, meanings, told) => {
  const cursor = svg('line', { class: 'cursor', y1: 10, y2: bottom, visibility: 'hidden' });
  picture.append(cursor);
  let place = -1;
  const show = (index) => {
    place = Math.max(0, Math.min(periods.length - 1, index));
    const at = x(yearsOf(periods[place]));
    cursor.setAttribute('x1', at);
    cursor.setAttribute('x2', at);
    cursor.setAttribute('visibility', 'visible');
    told.textContent = `${period(periods[place])}: ${chart.series.map((own) => describe(own, periods[place], meanings)).join('; ')}`;
  };
  picture.addEventListener('pointermove', (event) => {
    const wanted = event.clientX - picture.getBoundingClientRect().left;
    const distances = periods.map((text) => Math.abs(x(yearsOf(text)) - wanted));
    show(distances.indexOf(Math.min(...distances)));
  });
  picture.addEventListener('keydown', (event) => {
    const moves = { ArrowRight: place + 1, ArrowLeft: place < 0 ? periods.length - 1 : place - 1, Home: 0, End: periods.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    show(moves[event.key]);
  });
};

const legend = (chart) => element('ul', { class: 'legend' }, chart.series.map((own, index) => element('li', {},
  svg('svg', { width: 30, height: 14, 'aria-hidden': 'true' }, svg('g', { class: `series s${index + 1}` },
    svg('path', { class: 'line', d: 'M1 7H29' }), svg('path', { class: 'mark', d: markPath(index, 15, 7) }))), own.name)));

const keys = (chart) => {
  const words = [];
  const statuses = chart.series.some((own) => own.points.some((point) => point.status));
  if (statuses) words.push('Hollow marks have a status, such as provisional.');
  if (chart.series.some((own) => own.before)) words.push(`Dotted: ${chart.before ?? 'the other version'}.`);
  return words;
};

const overTime = (chart, width, meanings) => {
  const height = width < 520 ? 260 : 340;
  const bottom = height - 30;
  const all = chart.series.flatMap((own) => [...own.points, ...(own.before ?? [])]);
  const periods = [...new Set(all.map((point) => point.x))].sort((a, b) => yearsOf(a) - yearsOf(b));
  const years = periods.map(yearsOf);
  const part = partOf(periods);
  const values = all.map((point) => point.value).filter((value) => value !== null);
  const figure = element('div', { class: 'plot' });
  if (!values.length) return element('p', { class: 'note' }, 'There is no value to draw.');
  const isColumns = chart.kind === 'columns';
  const ticks = valueAxis(values, height / 60, { zero: isColumns });
  const column = isColumns ? Math.max(1.5, Math.min(28, ((width - 70) / Math.max(1, periods.length)) * 0.75)) : 0;
  const x = linear(years[0], years[years.length - 1], 52 + column / 2, width - 12 - column / 2);
  const y = linear(ticks[0], ticks[ticks.length - 1], bottom, 20);
  const told = element('p', { class: 'reading', role: 'status' }, 'Point at the chart, or use the arrow keys on it.');
  const picture = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', tabindex: 0,
    'aria-label': `${isColumns ? 'Bar' : 'Line'} chart of ${chart.title}, ${chart.series.map((own) => own.name).join(', ')}, ${period(periods[0])} to ${period(periods[periods.length - 1])}` },
  yAxis(ticks, y, width), xAxis(timeAxis(years[0], years[years.length - 1], width / 70, part), part, x, bottom),
  isColumns ? drawColumns(chart.series[0], x, y, column) : chart.series.map((own, index) => drawSeries(own, index, x, y)));
  addReader(figure, picture, chart, periods, x, bottom, meanings, told);
  figure.append(picture, told, chart.series.length > 1 ? legend(chart) : '', ...keys(chart).map((words) => element('p', { class: 'note' }, words)));
  return figure;
};

const rankedBars = (chart, width, meanings) => {
  if (!chart.bars.length) return element('p', { class: 'note' }, 'There is no value to draw.');
  const line = 26;
  const names = Math.min(width * 0.42, 230);
  const numbers = chart.bars.map((bar) => bar.value ?? 0);
  const longest = Math.max(...numbers.map((value) => number(value).length));
  const x = linear(Math.min(0, ...numbers), Math.max(0, ...numbers) || 1, names + 8, width - 16 - longest * 8);
  const short = (text) => (text.length > names / 7.4 ? `${text.slice(0, Math.floor(names / 7.4) - 1)}…` : text);
  const row = (bar, index) => {
    const top = index * line;
    const words = bar.value === null ? 'no value' : number(bar.value);
    const ends = [x(0), x(bar.value ?? 0)];
    return svg('g', { class: 'series s1' }, svg('title', {}, `${bar.name}: ${words}${bar.status ? ` (${status(bar.status, meanings)})` : ''}`),
      svg('text', { class: 'name', x: names, y: top + 17, 'text-anchor': 'end' }, short(bar.name)),
      svg('rect', { class: bar.status ? 'bar hollow' : 'bar', x: round(Math.min(...ends)), y: top + 4, height: line - 8, width: round(Math.abs(ends[1] - ends[0])) }),
      svg('text', { class: 'figure', x: round(Math.max(...ends)) + 6, y: top + 17 }, words));
  };
  const height = chart.bars.length * line + 4;
  const hollow = chart.bars.some((bar) => bar.status) ? element('p', { class: 'note' }, 'Hollow bars have a status, such as provisional.') : '';
  return element('div', { class: 'plot' }, svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `Bar chart of ${chart.title}: ${chart.bars.slice(0, 3).map((bar) => `${bar.name} ${bar.value ?? 'no value'}`).join(', ')} …` },
  chart.bars.map(row)), hollow);
};

const draw = (chart, width, meanings) => (chart.kind === 'bars' ? rankedBars(chart, width, meanings) : overTime(chart, width, meanings));

// Puts the chart into `place` and draws it again when the place's width changes.
let watching;
export const showChart = (place, chart, meanings) => {
  watching?.disconnect();
  const only = chart.series?.length === 1 ? chart.series[0].name : '';
  const unit = chart.unit?.toLowerCase() === chart.title.toLowerCase() ? '' : chart.unit;
  const heading = element('h2', {}, chart.title, [only, unit, chart.at].filter(Boolean).map((words) => element('small', {}, words)));
  const holder = element('div');
  place.replaceChildren(heading, holder, ...(chart.note ? [element('p', { class: 'note' }, chart.note)] : []));
  let width = 0;
  const redraw = () => {
    const now = Math.floor(holder.clientWidth);
    if (now === 0 || now === width) return;
    width = now;
    holder.replaceChildren(draw(chart, width, meanings));
  };
  redraw();
  watching = new ResizeObserver(redraw);
  watching.observe(holder);
};
