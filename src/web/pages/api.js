// SPDX-License-Identifier: Apache-2.0
// The public API, asked with fetch. What it refuses is thrown as the RFC 9457 problem that it sent.
export class ApiProblem extends Error {
  constructor(problem, path) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.path = path;
  }
}

const problemOf = async (answer, path) => {
  const type = answer.headers.get('Content-Type') || '';
  if (type.startsWith('application/problem+json')) return answer.json();
  return { title: 'unexpected answer', status: answer.status, detail: `${path} answered ${answer.status}` };
};

const sent = async (path, signal) => {
  try {
    return await fetch(path, { headers: { Accept: 'application/json' }, signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiProblem({ title: 'no answer', detail: 'The service cannot be reached. Is it still running?' }, path);
  }
};

export const ask = async (path, signal) => {
  const answer = await sent(path, signal);
  if (!answer.ok) throw new ApiProblem(await problemOf(answer, path), path);
  return answer.json();
};

export const datasetPath = (id) => `/v1/datasets/${encodeURIComponent(id)}`;

// "/v1/datasets/d/data.json?geo_code=a"
export const pathOf = (id, route, query) => {
  const text = query ? query.toString() : '';
  return `${datasetPath(id)}/${route}${text ? `?${text}` : ''}`;
};
