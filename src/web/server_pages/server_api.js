// SPDX-License-Identifier: Apache-2.0
// The server's API, asked with fetch. What it refuses is thrown with the words that it sent.
export class Problem extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

// Three shapes: {"detail"}, {"exception_message"}, and the latter with a list of what is wrong where.
const wordsOf = (answer, status) => {
  const wrong = answer?.exception_detail?.[0];
  if (wrong) return [wrong.loc?.slice(1).join('.'), wrong.msg].filter(Boolean).join(': ');
  return answer?.detail ?? answer?.exception_message ?? `the server answered ${status}`;
};

const parsed = async (answer) => {
  const text = await answer.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

// ask('/pages/runs'), ask('/variables', { method: 'POST', body: {…} })
export const ask = async (path, { method = 'GET', body, signal } = {}) => {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(`/api${path}`, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem('The server cannot be reached. Is it still running?');
  }
  const value = await parsed(answer);
  if (answer.status === 401) throw new Problem('The server asks for a password. Load the page again to give it.', 401);
  if (!answer.ok) throw new Problem(wordsOf(value, answer.status), answer.status);
  return value;
};

export const post = (path, body = {}) => ask(path, { method: 'POST', body });
export const patch = (path, body) => ask(path, { method: 'PATCH', body });
export const remove = (path) => ask(path, { method: 'DELETE' });

// {"a": 1, "b": ""} as "?a=1"
export const queryOf = (values) => {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false));
  const text = query.toString();
  return text ? `?${text}` : '';
};
