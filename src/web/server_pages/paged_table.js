// SPDX-License-Identifier: Apache-2.0
// A table of which more is shown when asked for. It is drawn anew from its begin, until somebody has walked on: who has is
// not thrown back, and what is changed here is asked for again with all that is shown.
import { element } from './dom.js';
import { button, redraw } from './parts.js';

// ask(cursor): an answer with `more`; rows(answer): its rows, each with a `cursor`; nothing(): what stands there without rows.
export const pagedTable = (page, { list, body, ask, rows, line, nothing }) => {
  const pager = element('div', { class: 'pager' });
  let far = false;
  const offer = (last, { more }) => pager.replaceChildren(more ? button('Show more', () => next(last), { id: 'more' }) : '');
  const next = (last) => page.act(async () => {
    const answer = await ask(last.cursor);
    far = true;
    const from = body.children.length;
    body.append(...rows(answer).map(line));
    body.children[from]?.querySelector('a, button, input')?.focus();
    offer(rows(answer).at(-1), answer);
  });
  const put = (all, answer) => {
    redraw(body, ...all.map(line));
    list.hidden = !all.length;
    offer(all.at(-1), answer);
    if (!all.length) pager.replaceChildren(nothing());
  };
  const draw = (answer) => {
    if (!far) put(rows(answer), answer);
  };
  const refresh = async () => {
    const shown = body.children.length;
    let answer = await ask();
    const all = [...rows(answer)];
    while (answer.more && all.length < shown) {
      answer = await ask(all.at(-1).cursor);
      all.push(...rows(answer));
    }
    put(all, answer);
  };
  // Does something to a row; says what came of it.
  const change = (work, done) => page.act(async () => {
    await work();
    if (far) await refresh();
  }, done);
  return { pager, draw, change };
};
