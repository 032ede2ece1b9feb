// SPDX-License-Identifier: Apache-2.0
// A dimension's codes with their counts under the other filters: searched, ticked, paged.
import { ask, pathOf } from './api.js';
import { element } from './dom.js';
import { Query } from './query.js';
import { count, kind, number, titleOf } from './words.js';

const PAGE = 40;
const FEW = 10;  // so few need no search

export class Facet {
  // dimension: as …/dimensions describes it; page: { id, labels, query(), go(query), find(name), keepFind(name, text) }.
  constructor(dimension, page) {
    this.dimension = dimension;
    this.page = page;
    this.name = dimension.name;
    this.picked = element('div', { class: 'picked' });
    this.options = element('div', { class: 'options' });
    this.state = element('p', { class: 'note', role: 'status' });
    this.more = element('button', { type: 'button', class: 'quiet', hidden: true, click: () => this.showMore() }, 'Show more');
    this.search = element('input', { type: 'search', 'aria-label': `Search ${this.title}`, placeholder: 'Search name or code',
      autocomplete: 'off', hidden: dimension.count <= FEW, input: () => this.searched() });
    this.element = element('fieldset', { class: 'facet' }, element('legend', {}, this.title), this.kinds(), this.search, this.picked,
      this.options, this.more, this.state);
  }

  get title() {
    return titleOf(this.dimension);
  }

  // Kinds of area where there are several: ticks of the column that holds them.
  kinds() {
    const { types = [], type_column: column } = this.dimension;
    if (!column || types.length < 2) return null;
    this.kindBoxes = types.map((type) => this.box(column, type, kind(type)));
    return element('details', { class: 'kinds' }, element('summary', {}, 'Kind of area'), this.kindBoxes);
  }

  box(column, value, ...content) {
    const input = element('input', { type: 'checkbox', value, change: () => this.tick(column, value, input.checked) });
    input.checked = this.page.query().list(column).includes(value);
    return element('label', {}, input, ...content);
  }

  tick(column, value, on) {
    const query = this.page.query();
    const others = query.list(column).filter((own) => own !== value);
    this.page.go(query.withList(column, on ? [...others, value] : others).restarted());
  }

  searched() {
    this.page.keepFind(this.name, this.search.value);
    this.load(this.filters);
  }

  // `filters`: the selection; the API leaves out those of the dimension itself.
  async update(filters) {
    this.search.value = this.page.find(this.name);
    (this.kindBoxes ?? []).forEach((label) => {
      const input = label.firstChild;
      input.checked = filters.list(this.dimension.type_column).includes(input.value);
    });
    await this.load(filters);
  }

  async load(filters) {
    this.filters = filters;
    this.asked?.abort();
    this.asked = new AbortController();
    let query = new Query(filters.without('vintages').pairs).with('q', this.search.value).with('limit', PAGE);
    if (this.dimension.label_column) query = query.with('sort', 'label');
    await this.take(pathOf(this.page.id, `dimensions/${this.name}`, query), (codes) => this.draw(codes));
  }

  async showMore() {
    const before = this.options.lastChild;
    await this.take(this.next, (codes) => this.options.append(...codes.map((code) => this.option(code))));
    before?.nextSibling?.firstChild.focus();
    this.showPicked();
  }

  async take(path, draw) {
    this.element.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask(path, this.asked.signal);
      answer.codes.forEach(({ code, label }) => label && this.page.labels.set(`${this.name} ${code}`, label));
      draw(answer.codes);
      this.next = answer.next;
      this.more.hidden = !answer.next;
      this.state.textContent = answer.total ? `${count(answer.total, 'code')}${answer.next ? `, ${number(this.options.childElementCount)} shown` : ''}`
        : 'No code fits the other filters and the search.';
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.state.textContent = error.message;
    }
    this.element.removeAttribute('aria-busy');
  }

  option({ code, label, count: rows }) {
    const both = label && label !== code;
    return this.box(this.name, code, element('span', { class: 'name' }, label || code, both ? element('small', {}, code) : null),
      rows === undefined ? null : element('span', { class: 'count' }, number(rows)));
  }

  // What is chosen and not among the codes that are listed now, so that it can be seen and unticked here too.
  showPicked() {
    const listed = new Set([...this.options.querySelectorAll('input')].map((input) => input.value));
    const codes = this.page.query().list(this.name).filter((code) => !listed.has(code)).slice(0, PAGE);
    this.picked.replaceChildren(...codes.map((code) => this.option({ code, label: this.page.labels.get(`${this.name} ${code}`) })));
  }

  // Redrawn in place: who is on an option stays on it.
  draw(codes) {
    const active = this.options.contains(document.activeElement) ? document.activeElement.value : null;
    this.options.replaceChildren(...codes.map((code) => this.option(code)));
    this.showPicked();
    if (active === null) return;
    [...this.options.querySelectorAll('input')].find((input) => input.value === active)?.focus();
  }
}
