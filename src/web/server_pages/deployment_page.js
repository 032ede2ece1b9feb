// SPDX-License-Identifier: Apache-2.0
// A deployment: its schedules and their next times, its runs, running it now.
import { element, facts } from './dom.js';
import { button, card, chips, confirm, empty, flowHref, link, poolHref, redraw, runHref, runList, title } from './parts.js';
import { ScheduleEditor, timesList } from './schedule_editor.js';
import { scheduleWords } from './schedule_words.js';
import { SchemaForm } from './schema_form.js';
import { patch, post, queryOf, remove } from './server_api.js';
import { at } from './when.js';

const drop = async (page, deployment) => {
  if (!(await confirm({ heading: `Delete ${deployment.name}?`, text: 'What it has planned goes with it; its past runs stay.', yes: 'Delete the deployment' }))) return;
  await page.act(async () => {
    await remove(`/deployments/${deployment.id}`);
    page.again = null;
    page.go('/deployments');
  }, 'The deployment is deleted.');
};

const head = (page, { deployment, flow_name: flow }) => {
  const turn = deployment.paused ? ['Resume', 'resume_deployment', 'Its schedules plan runs again.'] : ['Pause', 'pause_deployment', 'Its schedules plan nothing until it is resumed.'];
  return title(deployment.name, { up: { href: '/deployments', text: `Deployments of ${flow}` }, beside: [
    deployment.paused ? element('span', { class: 'badge paused' }, 'Paused') : null,
    link('Run now', page.href({ run: 'now', schedule: '' }), { class: 'button primary', id: 'run-now' }),
    button(turn[0], () => page.act(() => post(`/deployments/${deployment.id}/${turn[1]}`), turn[2]), { id: 'pause' }),
    button('Delete', () => drop(page, deployment), { class: 'danger', id: 'delete' })] });
};

const schedule = (page, deployment, own, times) => {
  const path = `/deployments/${deployment.id}/schedules/${own.id}`;
  const gone = async () => {
    if (await confirm({ heading: 'Delete this schedule?', text: scheduleWords(own.schedule), yes: 'Delete the schedule' })) page.act(() => remove(path), 'The schedule is deleted.');
  };
  return element('div', { class: 'schedule' }, element('div', { class: 'row' }, element('strong', {}, scheduleWords(own.schedule)), own.schedule.cron ? element('code', {}, own.schedule.cron) : null, own.active ? null : element('span', { class: 'chip' }, 'off'),
    element('span', { class: 'end' }, link('Edit', page.href({ schedule: own.id, run: '' }), { class: 'button', 'data-key': `edit-${own.id}`, 'aria-label': `Edit ${scheduleWords(own.schedule)}` }),
      button(own.active ? 'Turn off' : 'Turn on', () => page.act(() => patch(path, { active: !own.active })), { 'data-key': `turn-${own.id}` }),
      button('Delete', gone, { class: 'danger', 'data-key': `drop-${own.id}` }))),
  own.active && !deployment.paused && times?.length ? timesList(times) : null);
};

// The server lists the last changed first; on the page each keeps its place.
const inOrder = (list) => list.toSorted((a, b) => (a.created + a.id < b.created + b.id ? -1 : 1));
const schedules = (page, { deployment, times }) => card(['Schedules', link('Add one', page.href({ schedule: 'new', run: '' }), { class: 'more', id: 'add-schedule' })],
  deployment.schedules.length ? inOrder(deployment.schedules).map((own) => schedule(page, deployment, own, times[own.id])) : element('p', { class: 'state' }, 'It runs only when somebody asks for it.'));

// Its parameters as a form where their schema is known, else as JSON.
const runForm = (page, { deployment, flow_name: flow }) => {
  const schema = deployment.parameter_openapi_schema;
  const known = Object.keys(schema?.properties ?? {}).length ? schema : {
    properties: Object.fromEntries(Object.keys(deployment.parameters).map((name) => [name, { title: name }])) };
  const form = new SchemaForm(known, { values: deployment.parameters });
  const name = element('input', { type: 'text', id: 'run-name', autocomplete: 'off', placeholder: 'one is invented' });
  const wrong = element('p', { class: 'wrong', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    const parameters = form.read();
    if (parameters === null) return;
    try {
      const run = await post(`/deployments/${deployment.id}/create_flow_run`, { parameters, ...(name.value ? { name: name.value } : {}) });
      page.say(`${run.name} is planned for now.`);
      page.go(runHref(run.id));
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  return card('Run now', element('form', { class: 'fields', id: 'run-form', novalidate: true, submit }, form.fields.length ? form.element : element('p', { class: 'state' }, `${flow} takes no parameters.`),
    element('div', { class: 'field' }, element('label', { for: 'run-name' }, 'Name of the run'), name), wrong,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary', id: 'start-run' }, 'Start the run'), link('Leave it', page.href({ run: '' }), { class: 'button' }))));
};

const about = ({ deployment, flow_name: flow }) => card('About', facts([
  ['Flow', link(flow, flowHref(deployment.flow_id))], ['Work pool', deployment.work_pool_name ? link(deployment.work_pool_name, poolHref(deployment.work_pool_name)) : null],
  ['Queue', deployment.work_queue_name], ['Entry point', deployment.entrypoint ? element('code', {}, deployment.entrypoint) : null], ['Path', deployment.path], ['Version', deployment.version],
  ['Most at once', deployment.concurrency_limit === null ? null : String(deployment.concurrency_limit)], ['Tags', chips(deployment.tags)],
  ['Storage', deployment.storage_document_id ? link('its block', `/blocks/${deployment.storage_document_id}`) : null],
  ['Infrastructure', deployment.infrastructure_document_id ? link('its block', `/blocks/${deployment.infrastructure_document_id}`) : null],
  ['Deployed', at(deployment.updated)], ['Last asked for', at(deployment.last_polled)], ['Id', element('code', {}, deployment.id)]]),
deployment.description ? element('p', { class: 'soft' }, deployment.description) : null);

const parameters = ({ deployment }) => (Object.keys(deployment.parameters).length ? card('Parameters', element('pre', {}, JSON.stringify(deployment.parameters, null, 2))) : null);

const runs = ({ deployment, flow_name: flow, recent, next }) => [
  card('Next', next.length ? runList(next, 'Next runs') : element('p', { class: 'state' }, deployment.paused ? 'Paused: nothing is planned.' : 'Nothing is planned.')),
  card(['Runs', recent.length ? link('All', `/runs${queryOf({ deployment: `${flow}/${deployment.name}`, since: 'all' })}`, { class: 'more' }) : null], recent.length ? runList(recent, 'Last runs') : empty('It has not run yet'))];

// The form that the address asks for; made once, so that what is written in it stays.
const formOf = (page, data) => {
  const wanted = page.query.get('schedule');
  const known = data.deployment.schedules.find((own) => own.id === wanted) ?? null;
  if (page.query.get('run') === 'now') return runForm(page, data);
  if (wanted === 'new' || known) return card(known ? 'Edit the schedule' : 'New schedule', new ScheduleEditor(page, data.deployment, known).element);
  return null;
};

export const show = async (page) => {
  const id = encodeURIComponent(page.parameters[0]);
  const [top, form, main, aside] = ['div', 'div', 'div', 'div'].map((name) => element(name));
  let drawn = false;
  await page.live(() => page.ask(`/pages/deployments/${id}`), (data) => {
    redraw(top, head(page, data));
    redraw(main, schedules(page, data), runs(data));
    redraw(aside, about(data), parameters(data));
    if (drawn) return;
    const own = formOf(page, data);
    if (own) form.append(own);
    page.draw(data.deployment.name, top, element('div', { class: 'columns wide-narrow' }, element('div', {}, form, main), aside));
    drawn = true;
    if (own) own.querySelector('form input:not([type=radio]), form select, form textarea, form button')?.focus();
  }, 5);
};
