// SPDX-License-Identifier: Apache-2.0
// What runs, what waits, what went wrong, over the last hours.
import { bars } from './bars.js';
import { element } from './dom.js';
import { card, choice, empty, link, runList, title } from './parts.js';
import { STATES, wordOf } from './states.js';

const SPANS = [['1', 'Last hour'], ['6', 'Last 6 hours'], ['24', 'Last 24 hours'], ['168', 'Last 7 days'], ['720', 'Last 30 days']];

const totals = (buckets) => {
  const counts = {};
  buckets.forEach(([, type, count]) => {
    const kind = type.toLowerCase();
    counts[kind] = (counts[kind] ?? 0) + count;
  });
  return counts;
};

const figure = (word, count, href, kind = '') => element('li', { class: count ? kind : 'none' },
  element('a', { href, 'data-key': `figure-${word}` }, element('strong', {}, count.toLocaleString('en-GB')), word));

// Late and failed first: nothing to see is one line.
const section = (name, found, href, none) => card([name, found.count > found.runs.length ? link(`All ${found.count}`, href, { class: 'more' }) : null],
  found.runs.length ? runList(found.runs, name) : element('p', { class: 'state' }, none));

const start = (data) => empty('Nothing has run here yet', 'Point a client at this server, and run a flow:',
  element('pre', {}, `prefect config set PREFECT_API_URL=${location.origin}/api\nPREFECT_API_URL=${location.origin}/api tidemill run recipes/ons/deaths-monthly.toml`),
  data.deployments ? element('p', {}, link(`${data.deployments} deployments`, '/deployments'), ' wait to be run.') : null);

export const show = async (page) => {
  const hours = page.query.get('hours') ?? '24';
  const span = choice('Time', SPANS, hours, (value) => page.go(page.href({ hours: value === '24' ? '' : value })), { id: 'span' });
  const since = Number(hours) * 3600;
  await page.live(() => page.ask(`/pages/dashboard?hours=${encodeURIComponent(hours)}`), (data) => {
    const counts = totals(data.buckets);
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const nothing = all === 0 && !data.next.count && !data.running.count && !data.failed.count;
    page.draw('Dashboard',
      title('Dashboard', { beside: element('div', { class: 'filters compact' }, span) }),
      element('ul', { class: 'figures', 'aria-label': 'Counts' },
        figure('late', data.late.count, '/runs?state=late&since=all', 'late'),
        figure('failed or crashed', data.failed.count, `/runs?state=failed,crashed&since=${since}`, 'failed'),
        figure('running', data.running.count, '/runs?state=running,pending,cancelling,paused&since=all', 'running'),
        figure('completed', counts.completed ?? 0, `/runs?state=completed&since=${since}`, 'completed'),
        figure('runs in all', all, `/runs?since=${since}`)),
      nothing ? card('Welcome', start(data)) : [
        card('Runs over time', bars(data), element('p', { class: 'row legend' }, STATES.filter((kind) => counts[kind]).map((kind) => element('a', {
          class: `chip ${kind}`, href: `/runs?state=${kind}&since=${since}` }, `${wordOf(kind)} ${counts[kind].toLocaleString('en-GB')}`)))),
        data.late.count ? section('Late', data.late, '/runs?state=late&since=all', '') : null,
        data.failed.count ? section('Failed', data.failed, `/runs?state=failed,crashed&since=${since}`, '') : null,
        element('div', { class: 'columns' },
          section('Running now', data.running, '/runs?state=running,pending,cancelling,paused&since=all', 'Nothing runs at this moment.'),
          section('Next', data.next, '/runs?since=upcoming', 'Nothing is planned.'))]);
  }, 4);
};
