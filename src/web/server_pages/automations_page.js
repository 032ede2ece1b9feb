// SPDX-License-Identifier: Apache-2.0
// Automations: when an event of a kind comes, something is done.
import { automationForm } from './automation_form.js';
import { element } from './dom.js';
import { pagedTable } from './paged_table.js';
import { button, card, chips, confirm, deploymentHref, empty, link, table, title } from './parts.js';
import { patch, queryOf, remove } from './server_api.js';

// Without what says nothing: the server gives a trigger that names none an empty match.
const list = (value) => [value].flat().filter((own) => own !== undefined && own !== null && (typeof own !== 'object' || Object.keys(own).length));
const labels = (match) => Object.entries(match ?? {}).map(([name, value]) => `${name.replace(/^prefect\.resource\./, '')} ${list(value).join(' or ')}`).join(', ');
const spaced = (name) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
const onlyOne = (match, prefix) => list(match?.['prefect.resource.id']).map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id)).join(' or ');
// The usual ones, as they are said.
const usualWords = ({ expect, match, match_related: related, after, threshold }) => {
  const [name, ...more] = list(expect);
  if (more.length || list(after).length || threshold > 1 || !name) return null;
  const state = /^prefect\.flow-run\.(\w+)$/.exec(name)?.[1];
  const of = list(related).map((own) => own['prefect.resource.role'] === 'deployment' && own['prefect.resource.name']);
  if (state && onlyOne(match, '') === 'prefect.flow-run.*' && of.every(Boolean)) return `a run${of.length ? ` of ${of.join(' and ')}` : ''} is ${spaced(state)}`;
  if (name === 'tidemill.hook.received') return `the hook ${onlyOne(match, 'tidemill.hook.') || '*'} is called`;
  if (name === 'tidemill.dataset.published') return `${(onlyOne(match, 'tidemill.dataset.') || '*').replace(/^\*$/, 'any dataset')} has a new version`;
  return null;
};
const triggerWords = (trigger) => (trigger.posture !== 'Proactive' && usualWords(trigger)) || [trigger.posture === 'Proactive' ? `no event in ${trigger.within} s of` : '', list(trigger.expect).join(' or ') || 'any event', labels(trigger.match) ? `of ${labels(trigger.match)}` : '', list(trigger.match_related).map((own) => `with ${labels(own)}`).join(' '),
  trigger.threshold > 1 ? `${trigger.threshold} times${trigger.within ? ` in ${trigger.within} s` : ''}` : ''].filter(Boolean).join(' ');

const DONE = { 'run-deployment': 'run', 'pause-deployment': 'pause', 'resume-deployment': 'resume', 'cancel-flow-run': 'cancel the run', 'call-webhook': 'post to', 'send-notification': 'tell' };
const action = (own) => element('div', {}, DONE[own.type] ?? own.type, own.deployment_id ? [' ', link('the deployment', deploymentHref(own.deployment_id))] : own.url ? [' ', element('code', {}, own.url)] : null);

const drop = async (change, own) => {
  if (!(await confirm({ heading: `Delete ${own.name}?`, text: 'What it waits for will have no effect.', yes: 'Delete the automation' }))) return;
  await change(() => remove(`/automations/${own.id}`), 'The automation is deleted.');
};

const line = (page, own, change) => element('tr', {}, element('td', {}, element('strong', {}, own.name), ' ', own.enabled ? null : element('span', { class: 'chip' }, 'off'), own.description ? element('div', { class: 'soft' }, own.description) : null, chips(own.tags)),
  element('td', { 'data-label': 'When' }, triggerWords(own.trigger)), element('td', { 'data-label': 'Then' }, own.actions.map(action)),
  element('td', { class: 'actions' }, button(own.enabled ? 'Turn off' : 'Turn on', () => change(() => patch(`/automations/${own.id}`, { enabled: !own.enabled })), { 'data-key': `turn-${own.id}`, 'aria-label': `Turn ${own.enabled ? 'off' : 'on'} ${own.name}` }),
    ' ', link('Edit', page.href({ edit: own.id }), { class: 'button', 'aria-label': `Edit ${own.name}` }), ' ', button('Delete', () => drop(change, own), { class: 'danger', 'data-key': `drop-${own.id}`, 'aria-label': `Delete ${own.name}` })));

export const show = async (page) => {
  const edit = page.query.get('edit');
  const ask = (after, more) => page.ask(`/pages/automations${queryOf({ after, ...more })}`);
  const body = element('tbody');
  const rows = table(['Name', 'When', 'Then', ''], body);
  const own = pagedTable(page, { list: rows, body, ask, rows: (answer) => answer.automations, line: (automation) => line(page, automation, own.change),
    nothing: () => empty('No automation yet', 'Let a failed run tell somebody, or a new version of a dataset start a deployment.') });
  let drawn = false;
  await page.live(() => ask('', drawn ? {} : { edit }), (answer) => {
    own.draw(answer);
    if (drawn) return;
    const form = edit ? automationForm(page, answer.edited, { ...answer, hook: page.query.get('hook') ?? '' }) : null;
    page.draw('Automations', title('Automations', { beside: link('New automation', '/automations?edit=new', { class: 'button primary', id: 'new-automation' }) }), form, card('Automations', rows, own.pager));
    drawn = true;
    form?.querySelector('input')?.focus();
  }, 10);
};
