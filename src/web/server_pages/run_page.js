// SPDX-License-Identifier: Apache-2.0
// A run: its state and how it came to it, its tasks over time or as a graph, its log as it is written, what it left.
import { artifactBody } from './artifact.js';
import { element, facts } from './dom.js';
import { graph } from './graph.js';
import { Log } from './log.js';
import { button, card, chips, confirm, deploymentHref, flowHref, link, poolHref, redraw, runHref, title } from './parts.js';
import { queryOf, post, remove } from './server_api.js';
import { FINAL, badge, kindOf } from './states.js';
import { timeline } from './timeline.js';
import { ago, at, took } from './when.js';

const propose = (page, run, state, done) => page.act(async () => {
  const answer = await post(`/flow_runs/${run.id}/set_state`, { state });
  if (answer.status !== 'ACCEPT' && answer.details?.reason) throw new Error(answer.details.reason);
}, done);

const cancel = async (page, run) => {
  if (!(await confirm({ heading: `Cancel ${run.name}?`, text: 'Its worker or agent is told to end it.', yes: 'Cancel the run' }))) return;
  const waits = run.state_type === 'SCHEDULED' && !run.infrastructure_pid;
  await propose(page, run, waits ? { type: 'CANCELLED', message: 'Cancelled on the pages.' } : { type: 'CANCELLING', name: 'Cancelling', message: 'Cancelled on the pages.' }, 'The run is being cancelled.');
};
const retry = (page, run) => propose(page, run, { type: 'SCHEDULED', name: 'AwaitingRetry', message: 'Retried on the pages.' }, 'The run waits to be taken again.');
const drop = async (page, run) => {
  if (!(await confirm({ heading: `Delete ${run.name}?`, text: 'Its states, task runs and log go with it.', yes: 'Delete the run' }))) return;
  await page.act(async () => {
    await remove(`/flow_runs/${run.id}`);
    page.again = null;
    page.go('/runs');
  }, 'The run is deleted.');
};

const actions = (page, run) => {
  const final = FINAL.includes(run.state_type);
  return [
    run.state_type === 'PAUSED' ? button('Resume', () => page.act(() => post(`/flow_runs/${run.id}/resume`), 'The run goes on.'), { id: 'resume', class: 'primary' }) : null,
    final && run.deployment_id ? button('Retry', () => retry(page, run), { id: 'retry' }) : null,
    !final && run.state_type !== 'CANCELLING' ? button('Cancel', () => cancel(page, run), { id: 'cancel', class: 'danger' }) : null,
    final || run.state_type === 'SCHEDULED' ? button('Delete', () => drop(page, run), { id: 'delete', class: 'danger' }) : null];
};

const head = (page, { run, line: [line], parent }) => [
  title(run.name, { up: parent ? { href: runHref(parent.id), text: parent.name } : { href: '/runs', text: 'Runs' }, beside: [badge(run), actions(page, run)] }),
  run.state?.message && !['Scheduled', 'Running', 'Pending'].includes(run.state_name)
    ? element('div', { class: `chosen message ${kindOf(run.state_type, run.state_name)}` }, run.state.message.slice(0, 3000)) : null,
  line.is_subflow && !parent ? element('p', { class: 'state' }, 'A sub-flow of a run that is no longer there.') : null];

// Reports first: they say in words what came of the run.
const ordered = (artifacts) => [...artifacts].sort((a, b) => (b.type === 'markdown') - (a.type === 'markdown'));
const links = (artifacts) => (artifacts.length ? ordered(artifacts).map((own, at) => [at ? ', ' : '', link(own.key ?? own.type ?? 'artifact', `/artifacts/${own.id}`)]) : null);
const about = ({ run, line: [line], artifacts }) => card('About', facts([
  ['Flow', link(line.flow_name, flowHref(run.flow_id))],
  ['Deployment', run.deployment_id ? link(line.deployment_name, deploymentHref(run.deployment_id)) : null],
  ['Started', at(run.start_time)],
  ['Planned for', run.start_time ? null : at(run.next_scheduled_start_time ?? run.expected_start_time)],
  ['Ended', at(run.end_time)], ['Took', took(line)], ['Runs', run.run_count > 1 ? String(run.run_count) : null],
  ['Work pool', run.work_pool_name ? link(run.work_pool_name, poolHref(run.work_pool_name)) : null], ['Queue', run.work_queue_name],
  ['Process', run.infrastructure_pid], ['Artifacts', links(artifacts)], ['Tags', chips(run.tags, (tag) => `/runs${queryOf({ tag })}`)], ['Id', element('code', {}, run.id)]]));

const parameters = ({ run }) => (Object.keys(run.parameters).length
  ? card('Parameters', element('pre', { id: 'parameters' }, JSON.stringify(run.parameters, null, 2))) : null);

const history = ({ states }) => card('History', element('ol', { class: 'history' }, states.map((state) => element('li', {},
  badge({ state_type: state.type, state_name: state.name }), ago(state.timestamp), state.message ? element('p', {}, state.message) : null))));

const chosenTask = (page, task) => element('div', { class: `chosen ${kindOf(task.state_type, task.state_name)}` },
  element('h3', {}, task.name, badge(task), link('Close', page.href({ task: '' }), { 'data-key': 'close-task' })),
  task.message ? element('p', {}, task.message) : null,
  facts([['Started', at(task.start_time)], ['Ended', at(task.end_time)], ['Took', took(task)], ['Runs', task.run_count > 1 ? String(task.run_count) : null],
    ['Tags', chips(task.tags)], ['Sub-flow', task.subflow_id ? link('Its own run', runHref(task.subflow_id)) : null]]));

const tasks = (page, data) => {
  const view = page.query.get('view') === 'graph' ? 'graph' : 'timeline';
  const tab = (name, word) => link(word, page.href({ view: name === 'timeline' ? '' : name }), { 'aria-current': view === name ? 'true' : null });
  const chosen = data.tasks.find((task) => task.id === page.query.get('task'));
  const tabs = element('span', { class: 'tabs more', role: 'group', 'aria-label': 'View' }, tab('timeline', 'Timeline'), tab('graph', 'Graph'));
  const cut = data.task_count > data.tasks.length ? element('p', { class: 'state' }, `The first ${data.tasks.length} of ${data.task_count} task runs.`) : null;
  if (!data.tasks.length) return card('Task runs', element('p', { class: 'state' }, FINAL.includes(data.run.state_type) ? 'It told of no task runs.' : 'None yet.'));
  return card([`Task runs (${data.task_count})`, tabs], view === 'graph' ? graph(page, data.tasks) : timeline(page, data), cut, chosen ? chosenTask(page, chosen) : null);
};

const left = ({ artifacts }) => ordered(artifacts).map((artifact) => card([artifact.key ?? artifact.type ?? 'Artifact', link('On its own', `/artifacts/${artifact.id}`, { class: 'more' })],
  artifact.description && artifact.type !== 'markdown' ? element('p', { class: 'soft' }, artifact.description) : null, artifactBody(artifact)));

export const show = async (page) => {
  const id = encodeURIComponent(page.parameters[0]);
  const log = new Log(page, id);
  const top = element('div');
  const main = element('div');
  const aside = element('div');
  const artifacts = element('div');
  let drawn = false;
  let kept = '';
  await page.live(() => page.ask(`/pages/runs/${id}${queryOf(log.query())}`), (data) => {
    redraw(top, ...head(page, data));
    redraw(main, tasks(page, data));
    redraw(aside, about(data), parameters(data), history(data));
    const now = JSON.stringify(data.artifacts);
    if (now !== kept) redraw(artifacts, ...left(data));  // a long report is not drawn again each time
    kept = now;
    log.take(data);
    if (!drawn) page.draw(data.run.name, top, element('div', { class: 'columns wide-narrow' }, element('div', {}, main, log.element, artifacts), aside));
    drawn = true;
    document.title = `${data.run.name} · ${data.run.state_name ?? ''} · Tidemill`;
    return !FINAL.includes(data.run.state_type) || Date.now() - new Date(data.run.end_time) < 60000;
  }, 2);
};
