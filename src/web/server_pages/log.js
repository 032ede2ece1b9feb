// SPDX-License-Identifier: Apache-2.0
// A run's log: the last lines, those before on demand, new ones as they come; by level, words and task.
import { element } from './dom.js';
import { button, card } from './parts.js';
import { queryOf } from './server_api.js';
import { FINAL } from './states.js';
import { absolute, clock, utc } from './when.js';

const LEVELS = [['', 'All levels'], ['20', 'Info and above'], ['30', 'Warnings and above'], ['40', 'Errors only']];
const MOST_LINES = 5000;
const levelWord = (level) => (level >= 50 ? 'critical' : level >= 40 ? 'error' : level >= 30 ? 'warning' : level >= 20 ? 'info' : 'debug');

export class Log {
  constructor(page, id) {
    this.page = page;
    this.id = id;
    this.names = new Map();
    this.lines = [];
    this.list = element('ol');
    this.earlier = button('Show earlier lines', () => this.more(), { hidden: true, id: 'earlier' });
    this.state = element('p', { class: 'state', role: 'status' });
    this.box = element('div', { class: 'log', tabindex: 0, role: 'log', 'aria-label': 'Log', id: 'log' }, this.list);
    this.element = card('Log', this.bar(), this.earlier, this.box, this.state);
  }

  get of() {
    return { level: this.page.query.get('level') ?? '', task: this.page.query.get('task') ?? '', q: this.page.query.get('q') ?? '' };
  }

  // What is asked for: all that came after the last line that is here.
  query() {
    return { ...this.of, after: this.lines.length ? this.lines.at(-1).number : '' };
  }

  bar() {
    const { level, q } = this.of;
    const select = element('select', { id: 'level', 'aria-label': 'Level', change: () => this.page.go(this.page.href({ level: select.value })) },
      LEVELS.map(([value, word]) => element('option', { value, selected: value === level }, word)));
    const words = element('input', { type: 'search', id: 'log-words', 'aria-label': 'Words in the log', placeholder: 'Words', value: q, change: () => this.page.go(this.page.href({ q: words.value })) });
    return element('div', { class: 'logbar' }, select, words, this.of.task ? element('span', { class: 'chip' }, 'of the chosen task run') : null);
  }

  line(own) {
    const word = levelWord(own.level);
    const who = own.task_run_id ? this.names.get(own.task_run_id) ?? own.name : own.name;
    return element('li', { class: word }, element('span', { class: 'at', title: `${absolute(own.timestamp)} (${utc(own.timestamp)})` }, `${clock(own.timestamp)}.${own.timestamp.slice(20, 23)}`),
      element('span', { class: 'level' }, word), element('span', { class: 'what' }, own.message, element('span', { class: 'who' }, who)));
  }

  // The server tells of each new line, and that the run has changed; what it is, is asked for as always. Where this does
  // not work, the page asks by itself.
  listen() {
    if (this.stream) return;
    this.stream = new EventSource(`/api/flow_runs/${this.id}/logs/stream?after=${this.lines.at(-1)?.number ?? 0}`);
    this.stream.onopen = () => { this.page.told = true; };
    this.stream.onerror = () => { this.page.told = false; };
    ['log', 'run'].forEach((kind) => this.stream.addEventListener(kind, () => this.page.wake()));
    this.page.leaving.signal.addEventListener('abort', () => this.stream.close());
  }

  // New lines at the end; who reads the end stays there.
  take({ logs, tasks, run }) {
    tasks.forEach((task) => this.names.set(task.id, task.name));
    if (!FINAL.includes(run.state_type)) this.listen();
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 40;
    if (!this.lines.length) this.earlier.hidden = !logs.more;
    const fresh = logs.lines.filter((own) => !this.lines.length || own.number > this.lines.at(-1).number);
    this.lines.push(...fresh);
    this.list.append(...fresh.map((own) => this.line(own)));
    this.trim();
    const none = run.start_time ? 'No line fits.' : 'It has not begun.';
    this.state.textContent = this.lines.length ? '' : none;
    this.box.hidden = !this.lines.length;
    if (atEnd && fresh.length) requestAnimationFrame(() => { this.box.scrollTop = this.box.scrollHeight; });
  }

  // A page that stays open for days does not grow for ever.
  trim() {
    const over = this.lines.length - MOST_LINES;
    if (over <= 0) return;
    this.lines.splice(0, over);
    for (let i = 0; i < over; i += 1) this.list.firstChild.remove();
    this.earlier.hidden = false;
  }

  async more() {
    const first = this.list.firstChild;
    await this.page.act(async () => {
      const { lines, more } = await this.page.ask(`/pages/runs/${this.id}/logs${queryOf({ ...this.of, before: this.lines[0].number })}`);
      this.lines.unshift(...lines);
      this.list.prepend(...lines.map((own) => this.line(own)));
      this.earlier.hidden = !more;
      first?.scrollIntoView({ block: 'nearest' });
    });
  }
}
