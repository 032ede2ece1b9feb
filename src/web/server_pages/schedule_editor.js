// SPDX-License-Identifier: Apache-2.0
// A form for one schedule. The server says when it would fire next, or what is wrong with it, while it is written.
import { element } from './dom.js';
import { link } from './parts.js';
import { UNIT_SECONDS, unitOf } from './schedule_words.js';
import { patch, post } from './server_api.js';
import { absolute, utc } from './when.js';

const PAUSE = 250;
const KINDS = [['cron', 'Cron'], ['interval', 'Interval'], ['rrule', 'Recurrence rule']];
const kindOf = (schedule) => KINDS.find(([name]) => schedule[name] !== undefined && schedule[name] !== null)?.[0] ?? 'cron';
const zones = () => (typeof Intl.supportedValuesOf === 'function' ? ['UTC', ...Intl.supportedValuesOf('timeZone')] : ['UTC']);

export const timesList = (times) => element('ul', { class: 'times-list', 'aria-label': 'Next times' }, times.map((time) => element('li', { title: utc(time) }, absolute(time))));

const field = (id, text, input, hint) => element('div', { class: 'field' }, element('label', { for: id }, text), input, hint ? element('p', { class: 'hint' }, hint) : null);

export class ScheduleEditor {
  // known: the schedule that is edited, or null for a new one.
  constructor(page, deployment, known) {
    this.page = page;
    this.deployment = deployment;
    this.known = known;
    const schedule = known?.schedule ?? { cron: '0 6 * * *' };
    this.schedule = schedule;
    this.kind = kindOf(schedule);
    const [count, , size] = unitOf(schedule.interval ?? 3600);
    const changed = () => this.changed();
    this.cron = element('input', { type: 'text', id: 'cron', class: 'mono', value: schedule.cron ?? '', placeholder: '0 6 * * *', autocomplete: 'off', spellcheck: 'false', input: changed });
    this.count = element('input', { type: 'number', id: 'count', min: 1, step: 'any', value: count, input: changed });
    this.unit = element('select', { id: 'unit', 'aria-label': 'Unit', change: changed }, UNIT_SECONDS.map(([name, own]) => element('option', { value: own, selected: own === size }, `${name}s`)));
    this.rrule = element('textarea', { id: 'rrule', class: 'mono', spellcheck: 'false', input: changed }, schedule.rrule ?? '');
    this.zone = element('input', { type: 'text', id: 'zone', list: 'zones', value: schedule.timezone ?? 'UTC', autocomplete: 'off', input: changed });
    this.active = element('input', { type: 'checkbox', id: 'active' });
    this.active.checked = known?.active ?? true;
    this.wrong = element('p', { class: 'wrong', role: 'alert', id: 'schedule-wrong' });
    this.times = element('div', { id: 'preview', 'aria-live': 'polite' });
    this.save = element('button', { type: 'submit', class: 'primary', id: 'save-schedule' }, 'Save the schedule');
    this.element = this.form();
    this.turn(this.kind);
    this.preview();
  }

  form() {
    this.parts = {
      cron: field('cron', 'Cron expression', this.cron, 'Minute, hour, day of the month, month, day of the week.'),
      interval: element('div', { class: 'beside' }, field('count', 'Every', this.count), field('unit', 'Unit', this.unit)),
      rrule: field('rrule', 'Recurrence rule', this.rrule, 'RRULE:FREQ=WEEKLY;BYDAY=MO,TH'),
    };
    const kinds = KINDS.map(([name, word]) => {
      const input = element('input', { type: 'radio', name: 'kind', value: name, change: () => { this.turn(name); this.changed(); } });
      input.checked = name === this.kind;
      return element('label', { class: 'tick' }, input, word);
    });
    return element('form', { class: 'fields', id: 'schedule-form', novalidate: true, 'aria-label': this.known ? 'Edit the schedule' : 'New schedule', submit: (event) => this.submit(event) },
      element('div', { class: 'row', role: 'radiogroup', 'aria-label': 'Kind of schedule' }, kinds), Object.values(this.parts),
      field('zone', 'Time zone', [this.zone, element('datalist', { id: 'zones' }, zones().map((name) => element('option', { value: name })))]),
      element('label', { class: 'tick' }, this.active, 'Active'), this.wrong, this.times,
      element('div', { class: 'buttons' }, this.save, link('Leave it', this.page.href({ schedule: '' }), { class: 'button' })));
  }

  turn(kind) {
    this.kind = kind;
    Object.entries(this.parts).forEach(([name, own]) => { own.hidden = name !== kind; });
  }

  value() {
    const timezone = this.zone.value.trim() || 'UTC';
    if (this.kind === 'cron') return { cron: this.cron.value.trim(), timezone, day_or: this.schedule.day_or ?? true };
    if (this.kind === 'rrule') return { rrule: this.rrule.value.trim(), timezone };
    const anchor = this.schedule.anchor_date ? { anchor_date: this.schedule.anchor_date } : {};
    return { interval: Number(this.count.value) * Number(this.unit.value), timezone, ...anchor };
  }

  changed() {
    clearTimeout(this.timer);
    this.times.setAttribute('aria-busy', 'true');
    this.timer = setTimeout(() => this.preview(), PAUSE);
  }

  // Only the newest question's answer counts.
  async preview() {
    this.asked = (this.asked ?? 0) + 1;
    const own = this.asked;
    try {
      const times = await post('/schedules/next', { schedule: this.value(), count: 5 });
      if (own === this.asked) this.tell('', times);
    } catch (error) {
      if (own === this.asked) this.tell(error.message, []);
    }
  }

  tell(wrong, times) {
    this.wrong.textContent = wrong;
    this.save.disabled = wrong !== '';
    this.times.replaceChildren(times.length ? element('h3', {}, 'Next times') : '', timesList(times));
    this.times.removeAttribute('aria-busy');
  }

  async submit(event) {
    event.preventDefault();
    const path = `/deployments/${this.deployment.id}/schedules`;
    const body = { schedule: this.value(), active: this.active.checked };
    this.save.disabled = true;
    try {
      await (this.known ? patch(`${path}/${this.known.id}`, body) : post(path, [body]));
      this.page.say('The schedule is saved.');
      this.page.go(this.page.href({ schedule: '' }), { replace: true });
    } catch (error) {
      this.tell(error.message, []);
      this.save.disabled = false;
    }
  }
}
