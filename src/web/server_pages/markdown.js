// SPDX-License-Identifier: Apache-2.0
// Markdown as elements. What is written in it stays text: no markup of its own, no pictures, and links only to http(s) and
// to these pages.
import { element } from './dom.js';

const MOST_LINES = 5000;
const MOST_IN_LINE = 20000;  // of what is longer the rest stays as it is
const safe = (href) => /^(https?:\/\/|\/(?!\/)|#)/i.test(href);

const INLINE = [
  [/^`([^`]+)`/, (found) => element('code', {}, found[1])],
  [/^\*\*([^*]+?)\*\*/, (found) => element('strong', {}, inline(found[1]))],
  [/^(?:\*([^*\s][^*]*?)\*|_([^_\s][^_]*?)_(?!\w))/, (found) => element('em', {}, inline(found[1] ?? found[2]))],
  [/^\[([^\]]+)\]\(([^)\s]+)\)/, (found) => (safe(found[2]) ? element('a', { href: found[2], rel: 'noreferrer' }, inline(found[1])) : found[0])],
  [/^<(https?:\/\/[^>\s]+)>/, (found) => element('a', { href: found[1], rel: 'noreferrer' }, found[1])],
  [/^\\([\\`*_{}[\]()#+.!|<>-])/, (found) => found[1]],
];

function inline(text) {
  const out = [];
  let plain = '';
  let rest = text.slice(0, MOST_IN_LINE);
  while (rest !== '') {
    const [found, make] = INLINE.map(([pattern, own]) => [pattern.exec(rest), own]).find(([own]) => own) ?? [];
    if (found) {
      out.push(plain, make(found));
      plain = '';
      rest = rest.slice(found[0].length);
    } else {
      const next = rest.slice(1).search(/[`*_[<\\]/);
      const length = next < 0 ? rest.length : next + 1;
      plain += rest.slice(0, length);
      rest = rest.slice(length);
    }
  }
  return [...out, plain, text.slice(MOST_IN_LINE)].flat();
}

const cellsOf = (line) => line.trim().replace(/^\||(?<!\\)\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));

const table = (lines) => {
  const right = cellsOf(lines[1]).map((cell) => cell.endsWith(':'));
  const row = (line, name) => element('tr', {}, cellsOf(line).map((cell, at) => element(name, { class: right[at] ? 'number' : null }, inline(cell))));
  return element('div', { class: 'scroll' }, element('table', {}, element('thead', {}, row(lines[0], 'th')), element('tbody', {}, lines.slice(2).map((line) => row(line, 'td')))));
};

// How many lines from the start fit.
const span = (lines, fits) => {
  const end = lines.findIndex((line) => !fits(line));
  return end < 0 ? lines.length : end;
};

const BLOCKS = [
  (lines) => {
    const fence = /^\s*(```+|~~~+)/.exec(lines[0])?.[1];
    if (!fence) return null;
    const inside = span(lines.slice(1), (line) => !line.trim().startsWith(fence));
    return [inside + 2, element('pre', {}, element('code', {}, lines.slice(1, inside + 1).join('\n')))];
  },
  (lines) => {
    const found = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[0]);
    return found && [1, element(`h${Math.min(found[1].length, 4)}`, {}, inline(found[2]))];
  },
  (lines) => (/^\s*([-*_])(\s*\1){2,}\s*$/.test(lines[0]) ? [1, element('hr')] : null),
  (lines) => {
    if (!lines[0].includes('|') || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[1] ?? '')) return null;
    const size = span(lines, (line) => line.includes('|'));
    return [size, table(lines.slice(0, size))];
  },
  (lines) => {
    if (!/^\s*>/.test(lines[0])) return null;
    const size = span(lines, (line) => /^\s*>/.test(line));
    return [size, element('blockquote', {}, blocks(lines.slice(0, size).map((line) => line.replace(/^\s*> ?/, ''))))];
  },
  (lines) => {
    const item = /^\s*([-*+]|\d+[.)])\s+/;
    const kind = item.exec(lines[0])?.[1];
    if (!kind) return null;
    const size = span(lines, (line) => item.test(line) || /^\s{2,}\S/.test(line));
    const items = [];
    lines.slice(0, size).forEach((line) => (item.test(line) ? items.push(line.replace(item, '')) : items.push(`${items.pop()} ${line.trim()}`)));
    return [size, element(/\d/.test(kind) ? 'ol' : 'ul', {}, items.map((own) => element('li', {}, inline(own))))];
  },
];

function blocks(lines) {
  const out = [];
  let rest = lines;
  while (rest.length) {
    if (rest[0].trim() === '') {
      rest = rest.slice(1);
      continue;
    }
    const [size, made] = BLOCKS.map((read) => read(rest)).find(Boolean) ?? [];
    if (made) out.push(made);
    const length = size ?? Math.max(1, 1 + span(rest.slice(1), (line) => line.trim() !== '' && !/^\s*(#{1,6}\s|```|~~~|>|[-*+]\s|\d+[.)]\s)/.test(line)));
    if (!made) out.push(element('p', {}, inline(rest.slice(0, length).join('\n'))));
    rest = rest.slice(length);
  }
  return out;
}

export const markdown = (text) => element('div', { class: 'markdown' }, blocks(String(text).split(/\r?\n/, MOST_LINES)));
