// SPDX-License-Identifier: Apache-2.0
// Which page an address is, and what all pages share: navigation, loading, asking again, what is said.
import { byId, element, svg } from './dom.js';
import { problem, redraw, title } from './parts.js';
import { ask } from './server_api.js';
import { tick } from './when.js';

const NAV = [
  ['/', 'Dashboard', 'M2 9l6-6 6 6M4 7.5V14h8V7.5'],
  ['/runs', 'Runs', 'M2 4h12M2 8h8M2 12h10'],
  ['/flows', 'Flows', 'M3.5 2v4a2 2 0 0 0 2 2h5a2 2 0 0 1 2 2v4M3.5 6v8M1.5 12l2 2 2-2M10.5 12l2 2 2-2'],
  ['/deployments', 'Deployments', 'M8 1.5l6 3v7l-6 3-6-3v-7zM2 4.5l6 3 6-3M8 7.5v7'],
  ['/work-pools', 'Work pools', 'M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.01M4.5 11h.01'],
  ['/blocks', 'Blocks', 'M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM11.5 9v5M9 11.5h5'],
  ['/variables', 'Variables', 'M5 2.5c-2 0-2 2-2 3S2.6 8 2 8c.6 0 1 1.5 1 2.5s0 3 2 3M11 2.5c2 0 2 2 2 3s.4 2.5 1 2.5c-.6 0-1 1.5-1 2.5s0 3-2 3'],
  ['/artifacts', 'Artifacts', 'M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13M6.5 8.5h4M6.5 11h4'],
  ['/limits', 'Limits', 'M2.5 12a6 6 0 1 1 11 0M8 11l3-4.5'],
  ['/automations', 'Automations', 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z'],
  ['/hooks', 'Hooks', 'M8 1.5v7a3 3 0 1 1-6 0M8 1.5l3 3M8 1.5l-3 3M12 9v5'],
  ['/events', 'Events', 'M2 8h2.5l2-5 3 10 2-5H14'],
  ['/settings', 'Settings', 'M2 4h6M11 4h3M2 8h2M7 8h7M2 12h7M12 12h2M9.5 2.7v2.6M5.5 6.7v2.6M10.5 10.7v2.6'],
];
const PAGES = [
  [/^\/$/, () => import('./dashboard_page.js')],
  [/^\/runs$/, () => import('./runs_page.js')],
  [/^\/runs\/([^/]+)$/, () => import('./run_page.js')],
  [/^\/flows$/, () => import('./flows_page.js')],
  [/^\/flows\/([^/]+)$/, () => import('./flow_page.js')],
  [/^\/deployments$/, () => import('./deployments_page.js')],
  [/^\/deployments\/([^/]+)$/, () => import('./deployment_page.js')],
  [/^\/work-pools$/, () => import('./work_page.js')],
  [/^\/work-pools\/([^/]+)$/, () => import('./pool_page.js')],
  [/^\/blocks$/, () => import('./blocks_page.js')],
  [/^\/blocks\/new\/([^/]+)$/, () => import('./new_block_page.js')],
  [/^\/blocks\/([^/]+)$/, () => import('./block_page.js')],
  [/^\/variables$/, () => import('./variables_page.js')],
  [/^\/limits$/, () => import('./limits_page.js')],
  [/^\/automations$/, () => import('./automations_page.js')],
  [/^\/hooks$/, () => import('./hooks_page.js')],
  [/^\/events$/, () => import('./events_page.js')],
  [/^\/settings$/, () => import('./settings_page.js')],
  [/^\/artifacts$/, () => import('./artifacts_page.js')],
  [/^\/artifacts\/([^/]+)$/, () => import('./artifact_page.js')],
];
const missing = { show: (page) => page.draw('Not there', title('Not there'), element('p', {}, 'There is no page at this address.')) };

const TOLD_RARER = 6;  // where the server tells of changes, asking is for what it cannot tell

const main = byId('content');
let current = null;

const say = (text) => {
  byId('said').textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { byId('said').textContent = ''; }, 6000);
};

// What a page is given: its address, and the ways to draw itself, to ask, and to go elsewhere.
class Page {
  constructor(path, parameters) {
    this.path = path;
    this.parameters = parameters;
    this.query = new URLSearchParams(location.search);
    this.leaving = new AbortController();
    this.say = say;
    this.go = go;
  }

  get left() {
    return this.leaving.signal.aborted;
  }

  ask(path) {
    return ask(path, { signal: this.leaving.signal });
  }

  draw(name, ...children) {
    if (this.left) return;
    document.title = `${name} · Tidemill`;
    redraw(main, ...children);
    main.removeAttribute('aria-busy');
  }

  // The address with some parameters of the query changed; '' takes one away.
  href(changes) {
    const query = new URLSearchParams(location.search);
    Object.entries(changes).forEach(([name, value]) => (value === '' ? query.delete(name) : query.set(name, value)));
    const text = query.toString();
    return `${location.pathname}${text ? `?${text}` : ''}`;
  }

  // Draws what `load` gives, and again every few seconds where it has changed, while somebody looks. `draw` returns false
  // where nothing will change any more.
  async live(load, draw, seconds = 5) {
    let before = '';
    let took = 0;
    const round = async () => {
      const start = performance.now();
      const answer = await load();
      took = performance.now() - start;
      const text = JSON.stringify({ ...answer, now: null });
      if (this.left || text === before) return true;
      before = text;
      return draw(answer) !== false;
    };
    this.again = round;
    if (!(await round())) return;
    const wait = () => setTimeout(async () => {
      if (this.left) return;
      try {
        if (document.hidden || (await round())) wait();
      } catch (error) {
        if (error.name === 'AbortError') return;
        say(error.message);
        wait();
      }
    }, Math.max(seconds * (this.told ? TOLD_RARER : 1) * 1000, 10 * took));  // what costs the server much is asked for seldom
    wait();
  }

  // Something has happened: asks again, once for what comes close together.
  wake() {
    this.waking ??= setTimeout(() => {
      this.waking = null;
      if (!this.left) this.again?.().catch(() => {});  // the next round says what is wrong
    }, 100);
  }

  // Does something that changes the server; says what came of it.
  async act(work, done) {
    try {
      const answer = await work();
      if (done) say(typeof done === 'function' ? done(answer) : done);
      await this.again?.();
      return answer;
    } catch (error) {
      say(error.message);
      return null;
    }
  }
}

const markNav = () => {
  byId('nav').replaceChildren(...NAV.map(([href, word, sign]) => element('a', {
    href, 'aria-current': (href === '/' ? location.pathname === '/' : location.pathname.startsWith(href)) ? 'page' : null,
  }, svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: sign })), word)));
};

const show = async () => {
  const known = PAGES.map(([pattern, load]) => [pattern.exec(location.pathname), load]).find(([found]) => found);
  const moved = current?.path !== location.pathname;
  current?.leaving.abort();
  const page = new Page(location.pathname, (known?.[0].slice(1) ?? []).map(decodeURIComponent));
  current = page;
  main.setAttribute('aria-busy', 'true');
  if (moved) markNav();
  try {
    const module = known ? await known[1]() : missing;
    if (!page.left) await module.show(page);
  } catch (error) {
    if (error.name !== 'AbortError' && !page.left) page.draw('Problem', title(known ? 'This page cannot be shown' : 'Not there'), problem(error));
  }
  return moved;
};

export const go = async (href, { replace = false } = {}) => {
  history[replace ? 'replaceState' : 'pushState']({}, '', href);
  if (!(await show())) return;
  window.scrollTo(0, 0);
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });  // unless the page's form has it already
};

// The navigation on a phone.
const turnMenu = (open) => {
  byId('nav').classList.toggle('open', open);
  byId('menu').setAttribute('aria-expanded', String(open));
};

document.addEventListener('click', (event) => {
  const anchor = event.target.closest('a[href]');
  if (!anchor || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const href = anchor.getAttribute('href');
  if (!href.startsWith('/') || href.startsWith('//') || href.startsWith('/api/') || anchor.target || anchor.hasAttribute('download')) return;
  event.preventDefault();
  turnMenu(false);
  go(href);
});
window.addEventListener('popstate', show);
byId('menu').addEventListener('click', () => turnMenu(!byId('nav').classList.contains('open')));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !byId('nav').classList.contains('open')) return;
  turnMenu(false);
  byId('menu').focus();
});
setInterval(tick, 1000);
show();
