// SPDX-License-Identifier: Apache-2.0
// The page's query for other programs: lines to copy, files to load.
import { pathOf } from './api.js';
import { byId, element } from './dom.js';

const FORMATS = [['csv', 'CSV'], ['json', 'JSON'], ['ndjson', 'JSON lines'], ['parquet', 'Parquet'], ['arrow', 'Arrow'], ['xlsx', 'Excel']];

const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const quoted = (text) => JSON.stringify(text);

export const snippets = (url, dataset, embed) => [
  ['URL', url],
  ['curl', `curl -o ${dataset}.csv ${shell(url)}`],
  ['Python', `import pandas as pd\n${dataset} = pd.read_csv(${quoted(url)})`],
  ['R', `${dataset} <- read.csv(${quoted(url)})`],
  ['DuckDB', `SELECT * FROM read_csv('${url.replaceAll("'", "''")}');`],
  ['Chart for a page', `<iframe src="${embed.replaceAll('&', '&amp;')}" title="Chart" width="100%" height="460"></iframe>`]];

const copied = async (text, code, told) => {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = 'Copied.';
  } catch {  // no clipboard outside of secure places: select it instead
    getSelection().selectAllChildren(code);
    told.textContent = 'Selected: copy it with the keyboard.';
  }
};

const snippet = ([name, text]) => {
  const code = element('code', {}, text);
  const told = element('span', { class: 'note', role: 'status' });
  return element('div', { class: 'snippet' }, element('h3', {}, name),
    element('button', { type: 'button', class: 'quiet', click: () => copied(text, code, told), 'aria-label': `Copy for ${name}` }, 'Copy'), told,
    element('pre', { tabindex: 0, 'aria-label': name }, code));
};

export const embedUrl = (page) => {
  const query = page.query().without('cursor', 'limit', 'as_of', 'as_of_by', 'vintages').with('vintage', page.vintage);
  const kind = page.view().get('chart');
  return `${location.origin}/embed/chart?dataset=${encodeURIComponent(page.id)}&${query}${kind ? `#chart=${kind}` : ''}`;
};

export const showSharing = (page) => {
  const whole = page.query().without('cursor', 'limit', 'format');
  const url = (ending, query = whole) => location.origin + pathOf(page.id, `data.${ending}`, query);
  const pinned = whole.without('as_of', 'as_of_by').with('vintage', page.vintage);
  byId('downloads').replaceChildren(...FORMATS.map(([ending, name]) =>
    element('li', {}, element('a', { href: url(ending), download: `${page.id}.${ending}` }, name))));
  byId('snippets').replaceChildren(...snippets(url('csv'), page.id, embedUrl(page)).map(snippet));
  const permalink = whole.has('vintages') ? url('json') : url('json', pinned);
  byId('permalink').replaceChildren(element('a', { href: permalink }, permalink));
  byId('citation').textContent = page.dataset.citation;
};
