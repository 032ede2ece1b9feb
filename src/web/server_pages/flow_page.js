// SPDX-License-Identifier: Apache-2.0
// A flow: its runs over time, its deployments, what ran last and runs next.
import { bars } from './bars.js';
import { deploymentLine, deploymentTable } from './deployment_table.js';
import { element, facts } from './dom.js';
import { stateChips } from './flows_page.js';
import { button, card, chips, choice, confirm, empty, link, redraw, runList, title } from './parts.js';
import { queryOf, remove } from './server_api.js';
import { at } from './when.js';

const SPANS = [['24', 'Last 24 hours'], ['168', 'Last 7 days'], ['720', 'Last 30 days'], ['2160', 'Last 90 days']];
const DEFAULT = '168';

const drop = async (page, flow) => {
  if (!(await confirm({ heading: `Delete ${flow.name}?`, text: 'Its deployments and all of its runs go with it.', yes: 'Delete the flow' }))) return;
  await page.act(async () => {
    await remove(`/flows/${flow.id}`);
    page.again = null;
    page.go('/flows');
  }, 'The flow is deleted.');
};

const counted = (buckets) => buckets.reduce((counts, [, type, count]) => ({ ...counts, [type]: (counts[type] ?? 0) + count }), {});

const overTime = (data) => {
  const counts = counted(data.buckets);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const cut = all === data.most_counted ? element('p', { class: 'state' }, `The newest ${all.toLocaleString('en-GB')} are counted.`) : null;
  return card('Runs over time', all ? [bars(data), element('p', { class: 'row legend' }, stateChips(data.flow.name, counts)), cut] : element('p', { class: 'state' }, 'It did not run in this time.'));
};

const deployments = ({ deployments: list }) => card('Deployments', list.length ? deploymentTable(element('tbody', {}, list.map((own) => deploymentLine(own, { flow: false }))))
  : element('p', { class: 'state' }, 'None: it runs where somebody starts it.'));

const runs = ({ flow, recent, next }) => [
  next.length ? card('Next', runList(next, 'Next runs')) : null,
  card(['Runs', recent.length ? link('All', `/runs${queryOf({ flow: flow.name, since: 'all' })}`, { class: 'more' }) : null], recent.length ? runList(recent, 'Last runs') : empty('It has not run yet'))];

const about = ({ flow }) => card('About', facts([['Tags', chips(flow.tags)], ['First seen', at(flow.created)], ['Id', element('code', {}, flow.id)]]));

export const show = async (page) => {
  const hours = page.query.get('hours') ?? DEFAULT;
  const span = choice('Time', SPANS, hours, (value) => page.go(page.href({ hours: value === DEFAULT ? '' : value })), { id: 'span' });
  const [main, aside] = [element('div'), element('div')];
  let drawn = false;
  await page.live(() => page.ask(`/pages/flows/${encodeURIComponent(page.parameters[0])}${queryOf({ hours })}`), (data) => {
    redraw(main, overTime(data), deployments(data), runs(data));
    redraw(aside, about(data));
    if (drawn) return;
    page.draw(data.flow.name, title(data.flow.name, { up: { href: '/flows', text: 'Flows' }, beside: [element('div', { class: 'filters compact' }, span), button('Delete', () => drop(page, data.flow), { class: 'danger', id: 'delete' })] }),
      element('div', { class: 'columns wide-narrow' }, main, aside));
    drawn = true;
  }, 5);
};
