// SPDX-License-Identifier: Apache-2.0
// Parts that pages are put together from.
import { byId, element } from './dom.js';
import { badge, kindOf } from './states.js';
import { ago, took } from './when.js';

// The head of a page: a way up, its name, what stands beside it.
export const title = (text, { up, beside = [] } = {}) => element('div', { class: 'title' },
  up ? element('p', { class: 'up' }, element('a', { href: up.href }, `‹ ${up.text}`)) : null,
  element('h1', {}, text), beside);

let cards = 0;
export const card = (text, ...children) => {
  cards += 1;
  const id = `card-${cards}`;
  const [words, more] = Array.isArray(text) ? text : [text, null];
  return element('section', { class: 'card', 'aria-labelledby': id },
    element('h2', {}, element('span', { id }, words), more), children);
};

export const empty = (strong, ...words) => element('div', { class: 'empty' }, element('strong', {}, strong), words);
export const problem = (error) => element('div', { class: 'problem', role: 'alert' },
  element('h2', {}, error.status === 404 ? 'Not there' : 'This did not work'), element('p', {}, error.message),
  error.status === 404 ? null : element('p', {}, element('a', { href: `${location.pathname}${location.search}` }, 'Try again')));

export const button = (text, click, attributes = {}) => element('button', { type: 'button', click, ...attributes }, text);
export const link = (text, href, attributes = {}) => element('a', { href, ...attributes }, text);

export const chips = (tags, href) => (tags?.length
  ? element('span', { class: 'chips' }, tags.map((tag) => (href ? element('a', { class: 'chip', href: href(tag) }, tag) : element('span', { class: 'chip' }, tag)))) : null);

export const runHref = (id) => `/runs/${id}`;
export const deploymentHref = (id) => `/deployments/${id}`;
export const flowHref = (id) => `/flows/${id}`;
export const poolHref = (name) => `/work-pools/${encodeURIComponent(name)}`;

// A table that becomes a list of cards on a phone; columns whose name begins with # hold numbers.
export const table = (names, body) => element('table', { class: 'fold' }, element('thead', {}, element('tr', {},
  names.map((name) => element('th', { scope: 'col', class: name.startsWith('#') ? 'number' : null }, name.replace('#', ''))))), body);

// A field of a form: its label, a hint, what is typed in.
export const field = (input, text, hint) => {
  if (hint) input.setAttribute('aria-describedby', `${input.id}-hint`);
  return element('div', { class: 'field' }, element('label', { for: input.id }, text), hint ? element('p', { class: 'hint', id: `${input.id}-hint` }, hint) : null, input);
};

// A text to copy, beside it the button that does so; where the browser gives no clipboard (plain http from afar) the text
// is marked to be copied by hand.
export const copied = (page, text, label = `Copy ${text}`) => {
  const shown = element('code', {}, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      page.say('Copied.');
    } catch {
      getSelection().selectAllChildren(shown);
      page.say('Marked: copy it by hand.');
    }
  };
  return element('div', { class: 'copy' }, shown, button('Copy', copy, { 'aria-label': label }));
};

// What a run waits for, or since when it is what it is.
const momentOf = (run) => (run.state_type === 'SCHEDULED' ? run.next_scheduled_start_time ?? run.expected_start_time
  : run.start_time ?? run.expected_start_time);

export const runLine = (run) => element('li', { class: kindOf(run.state_type, run.state_name) }, badge(run),
  element('div', { class: 'what' },
    element('div', {}, element('a', { class: 'name', href: runHref(run.id), 'data-key': run.id }, run.name), ' ',
      run.is_subflow ? element('small', {}, '· sub-flow') : null, run.run_count > 1 ? element('small', {}, ` · run ${run.run_count}`) : null),
    element('div', { class: 'from' }, element('a', { href: flowHref(run.flow_id) }, run.flow_name),
      run.deployment_id ? [' · ', element('a', { href: deploymentHref(run.deployment_id) }, run.deployment_name)] : null, ' ',
      chips(run.tags.filter((tag) => tag !== 'auto-scheduled'), (tag) => `/runs?${new URLSearchParams({ tag })}`)),
    run.message && ['FAILED', 'CRASHED'].includes(run.state_type) ? element('div', { class: 'message' }, run.message) : null),
  element('div', { class: 'times' }, ago(momentOf(run)), element('small', {}, took(run))));

export const runList = (runs, label) => element('ul', { class: 'runs', 'aria-label': label }, runs.map(runLine));

// A labelled choice among [value, word].
export const choice = (label, options, value, change, attributes = {}) => {
  const select = element('select', { change: () => change(select.value), ...attributes },
    options.map(([own, word]) => element('option', { value: own, selected: own === value }, word)));
  return element('label', {}, label, select);
};

// Asks in a dialog; gives true where the answer is yes.
export const confirm = ({ heading, text, yes, danger = true }) => new Promise((done) => {
  const dialog = byId('dialog');
  const agreed = element('button', { type: 'submit', value: 'yes', class: danger ? 'danger' : 'primary' }, yes);
  dialog.replaceChildren(element('form', { method: 'dialog' }, element('h2', { id: 'dialog-title' }, heading), element('p', {}, text),
    element('div', { class: 'buttons' }, element('button', { type: 'submit', value: '' }, 'No, keep it'), agreed)));
  dialog.returnValue = '';
  dialog.onclose = () => done(dialog.returnValue === 'yes');
  dialog.showModal();
});

// Replaces children where who has the focus, and how far lists are scrolled, stay as they are.
const keyOf = (own) => own?.id || own?.dataset?.key || own?.getAttribute?.('href') || own?.name || '';
export const redraw = (place, ...children) => {
  const key = place.contains(document.activeElement) ? keyOf(document.activeElement) : '';
  const scrolled = [...place.querySelectorAll('[data-scroll]')].map((own) => [own.dataset.scroll, own.scrollTop, own.scrollLeft]);
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
  scrolled.forEach(([name, top, left]) => {
    const own = place.querySelector(`[data-scroll="${name}"]`);
    if (own) Object.assign(own, { scrollTop: top, scrollLeft: left });
  });
  if (key) [...place.querySelectorAll('a, button, input, select, textarea, [tabindex]')].find((own) => keyOf(own) === key)?.focus({ preventScroll: true });
};
