// SPDX-License-Identifier: Apache-2.0
// Automations: when an event of a kind comes, something is done.
import { automationForm } from './automation_form.js';
import { element } from './dom.js';
import { button, card, chips, confirm, deploymentHref, empty, link, redraw, table, title } from './parts.js';
import { ask, patch, remove } from './server_api.js';

const MOST = 200;

const list = (value) => [value].flat().filter((own) => own !== undefined && own !== null);
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

const drop = async (page, own) => {
  if (!(await confirm({ heading: `Delete ${own.name}?`, text: 'What it waits for will have no effect.', yes: 'Delete the automation' }))) return;
  await page.act(() => remove(`/automations/${own.id}`), 'The automation is deleted.');
};

const line = (page, own) => element('tr', {}, element('td', {}, element('strong', {}, own.name), ' ', own.enabled ? null : element('span', { class: 'chip' }, 'off'), own.description ? element('div', { class: 'soft' }, own.description) : null, chips(own.tags)),
  element('td', { 'data-label': 'When' }, triggerWords(own.trigger)), element('td', { 'data-label': 'Then' }, own.actions.map(action)),
  element('td', { class: 'actions' }, button(own.enabled ? 'Turn off' : 'Turn on', () => page.act(() => patch(`/automations/${own.id}`, { enabled: !own.enabled })), { 'data-key': `turn-${own.id}`, 'aria-label': `Turn ${own.enabled ? 'off' : 'on'} ${own.name}` }),
    ' ', link('Edit', page.href({ edit: own.id }), { class: 'button', 'aria-label': `Edit ${own.name}` }), ' ', button('Delete', () => drop(page, own), { class: 'danger', 'data-key': `drop-${own.id}`, 'aria-label': `Delete ${own.name}` })));

const deployments = async (page) => (await page.ask('/pages/deployments')).deployments;

export const show = async (page) => {
  const wanted = page.query.get('edit');
  const load = async () => ({ automations: await ask('/automations/filter', { method: 'POST', body: { limit: MOST, sort: 'NAME_ASC' }, signal: page.leaving.signal }) });
  const body = element('div');
  const form = element('div');
  const choices = wanted ? { deployments: await deployments(page), hooks: await page.ask('/hooks'), hook: page.query.get('hook') ?? '' } : null;
  let drawn = false;
  await page.live(load, ({ automations }) => {
    redraw(body, automations.length ? table(['Name', 'When', 'Then', ''], element('tbody', {}, automations.map((own) => line(page, own))))
      : empty('No automation yet', 'Let a failed run tell somebody, or a new version of a dataset start a deployment.'));
    if (drawn) return;
    const known = automations.find((own) => own.id === wanted) ?? null;
    if (wanted) form.append(automationForm(page, known, choices));
    page.draw('Automations', title('Automations', { beside: link('New automation', '/automations?edit=new', { class: 'button primary', id: 'new-automation' }) }), form, card('Automations', body));
    drawn = true;
    form.querySelector('input')?.focus();
  }, 10);
};
