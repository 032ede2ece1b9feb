// Fills the landing page from the public API.
const byId = (id) => document.getElementById(id);

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

const getJson = async (path) => {
  const answer = await fetch(path, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
};

const card = (dataset) => {
  const item = element('li');
  const title = element('h3');
  title.append(element('a', dataset.title || dataset.id, { href: dataset.links.self }));
  const facts = element('dl');
  const fact = (name, value) => {
    if (value !== undefined && value !== '') facts.append(element('dt', name), element('dd', value));
  };
  fact('id', dataset.id);
  fact('publisher', dataset.publisher);
  fact('period', dataset.period && `${dataset.period.first} to ${dataset.period.last}`);
  fact('rows', dataset.rows.toLocaleString('en-GB'));
  fact('version', `${dataset.vintage}${dataset.released ? `, released ${dataset.released}` : ''}`);
  fact('licence', dataset.licence);
  item.append(title, facts);
  return item;
};

const showExample = async (datasets) => {
  if (!datasets.some((dataset) => dataset.links.area_year)) return;
  const route = (await getJson('/openapi.json')).paths['/year/{year}/geo_code/{geo_code}'];
  const [year, area] = route.get.parameters.map((parameter) => encodeURIComponent(parameter.example));
  byId('example').textContent = `curl ${location.origin}/year/${year}/geo_code/${area}`;
  byId('try').hidden = false;
};

const show = async () => {
  const { datasets } = await getJson('/v1/datasets');
  byId('cards').append(...datasets.map(card));
  byId('state').textContent = datasets.length ? '' : 'No dataset is served yet.';
  await showExample(datasets);
  const version = await getJson('/version');
  byId('version').textContent = `Tidemill ${version.version || ''}`;
};

show().catch((error) => {
  byId('state').textContent = `The list cannot be shown: ${error.message}. /readyz says how the service is.`;
});
