// Fills the landing page from the public API.
import { ask } from './api.js';
import { byId, element, facts } from './dom.js';
import { period } from './words.js';

const card = (dataset) => element('li', {},
  element('h3', {}, element('a', { href: dataset.links.self }, dataset.title || dataset.id)),
  facts([['id', dataset.id], ['publisher', dataset.publisher],
    ['period', dataset.period && `${period(dataset.period.first)} to ${period(dataset.period.last)}`],
    ['rows', dataset.rows.toLocaleString('en-GB')],
    ['version', `${dataset.vintage}${dataset.released ? `, released ${dataset.released}` : ''}`],
    ['licence', dataset.licence]]),
  element('p', {}, element('a', { href: `/explore/${encodeURIComponent(dataset.id)}` }, 'Explore it')));

const showExample = async (datasets) => {
  if (!datasets.some((dataset) => dataset.links.area_year)) return;
  const route = (await ask('/openapi.json')).paths['/year/{year}/geo_code/{geo_code}'];
  const [year, area] = route.get.parameters.map((parameter) => encodeURIComponent(parameter.example));
  byId('example').textContent = `curl ${location.origin}/year/${year}/geo_code/${area}`;
  byId('try').hidden = false;
};

const show = async () => {
  const { datasets } = await ask('/v1/datasets');
  byId('cards').append(...datasets.map(card));
  byId('state').textContent = datasets.length ? '' : 'No dataset is served yet.';
  await showExample(datasets);
  const version = await ask('/version');
  byId('version').textContent = `Tidemill ${version.version || ''}`;
};

show().catch((error) => {
  byId('state').textContent = `The list cannot be shown: ${error.message}. /readyz says how the service is.`;
});
