// SPDX-License-Identifier: Apache-2.0
// /embed/chart?dataset=d&<query of the API>: the chart alone, with its source, for a frame in another page.
import { ApiProblem, ask, pathOf } from './api.js';
import { chartOf } from './chart_data.js';
import { showChart } from './chart.js';
import { openDataset } from './dataset_page.js';
import { byId, element } from './dom.js';
import { showProblem } from './problem.js';
import { Query } from './query.js';

const query = () => Query.parse(location.search).without('dataset');

const showSource = ({ id, dataset }, { vintage, released }) => {
  const words = [dataset.publisher, dataset.title || id, `version ${vintage}${released ? `, released ${released}` : ''}`, dataset.licence];
  byId('source').replaceChildren(`Source: ${words.filter(Boolean).join(' · ')}. `,
    element('a', { href: `/explore/${encodeURIComponent(id)}?${query()}${location.hash}`, target: '_top' }, 'See the figures'));
};

const start = async () => {
  const id = Query.parse(location.search).get('dataset');
  if (!id) throw new ApiProblem({ title: 'no dataset', detail: 'The address names no dataset: expected /embed/chart?dataset=NAME' }, '');
  const page = await openDataset(id, query);
  const envelope = await ask(pathOf(id, 'data.json', query().selection().with('limit', 0)));
  const chart = await chartOf(page);
  document.title = `${chart.title} · Tidemill`;
  showChart(byId('chart'), chart, page.meanings);
  showSource(page, { vintage: envelope.vintage ?? page.vintage, released: envelope.released });
};

start().catch((error) => {
  if (!error.problem) console.error(error);
  byId('chart').replaceChildren(showProblem(error.problem ? error : { problem: { title: 'the chart failed', detail: error.message } }, null,
    (word) => `/embed/chart?dataset=${encodeURIComponent(word)}`));
});
