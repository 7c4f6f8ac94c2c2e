// A scripted fetch: answers in order; what was not asked for, or is left over, fails the test.
import assert from 'node:assert/strict';

export function scriptFetch(...answers) {
  const calls = [];
  globalThis.fetch = async (url, init) => {
    calls.push({ call: `${init.method} ${url}`, headers: init.headers, body: init.body === undefined ? undefined : JSON.parse(init.body) });
    const answer = answers.shift();
    assert.ok(answer, `an unexpected call: ${init.method} ${url}`);
    if (answer.fail) throw new TypeError('network');
    if (answer.wait) await answer.wait;
    const body = answer.raw ?? (answer.body === undefined ? null : JSON.stringify(answer.body));
    return new Response(body, { status: answer.status ?? 200, headers: { 'content-type': 'application/json', ...answer.headers } });
  };
  return { calls, left: () => answers.length };
}

export function installBrowser() {
  const items = new Map();
  globalThis.localStorage = { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key) };
  globalThis.window = globalThis;
  // Without locks, as in an old browser; those of the browser are tested by the pages.
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  return items;
}

export const session = (token, expires = 600) => ({ body: { user: { id: 'u1', email: 'a@example.org', role: 'user', created_at: '2026-11-24T12:00:00Z' }, access_token: token, token_type: 'Bearer', expires_in: expires } });
