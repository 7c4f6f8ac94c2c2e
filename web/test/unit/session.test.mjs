import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { installBrowser, scriptFetch, session } from './fake-fetch.mjs';

let storage;
// One session per process, as in a page: each test signs in anew.
let client;
let door;

beforeEach(async () => {
  storage = installBrowser();
  door = await import('../.build/api/session.js');
  client = await import('../.build/api/client.js');
});

const problem = (status, code) => ({ status, body: { type: 'about:blank', title: code, status, code } });

test('a visitor who never signed in is not asked for a refresh', async () => {
  const script = scriptFetch();
  await door.openSession();
  assert.equal(door.sessionState().status, 'anonymous');
  assert.equal(script.calls.length, 0);
});

test('the access token is sent and never stored', async () => {
  const script = scriptFetch(session('token-1'), { body: { currency: 'USD', available: '1.000000', held: '0.000000' } });
  await door.login('a@example.org', 'secret secret secret');
  await client.wallet();
  assert.equal(script.calls[1].headers.authorization, 'Bearer token-1');
  assert.ok(![...storage.values()].join().includes('token-1'));
});

test('calls that overlap at a 401 share one refresh and are repeated once', async () => {
  const script = scriptFetch(
    session('old'), problem(401, 'unauthenticated'), problem(401, 'unauthenticated'), session('new'), { body: { data: [] } }, { body: { data: [] } },
  );
  await door.login('a@example.org', 'secret secret secret');
  await Promise.all([client.keys(), client.webhooks()]);
  assert.deepEqual(script.calls.map((each) => each.call).filter((call) => call.endsWith('/refresh')), ['POST /api/auth/refresh']);
  assert.deepEqual(script.calls.slice(-2).map((each) => each.headers.authorization), ['Bearer new', 'Bearer new']);
  assert.equal(script.left(), 0);
});

test('a 401 that arrives after the refresh of another call does not refresh again', async () => {
  let release;
  const late = new Promise((resolve) => (release = resolve));
  const script = scriptFetch(session('old'), { ...problem(401, 'unauthenticated'), wait: late }, problem(401, 'unauthenticated'), session('new'), { body: { data: [] } }, { body: { data: [] } });
  await door.login('a@example.org', 'secret secret secret');
  const first = client.keys();
  await client.webhooks();
  release();
  await first;
  assert.equal(script.calls.filter((each) => each.call.endsWith('/refresh')).length, 1);
  assert.equal(script.left(), 0);
});

test('a token about to end is renewed before the call', async () => {
  const script = scriptFetch(session('short', 20), session('long'), { body: { data: [] } });
  await door.login('a@example.org', 'secret secret secret');
  await client.keys();
  assert.deepEqual(script.calls.map((each) => each.call), ['POST /api/auth/login', 'POST /api/auth/refresh', 'GET /api/keys']);
});

test('a refused refresh ends the session', async () => {
  scriptFetch(session('old'), problem(401, 'unauthenticated'), problem(401, 'unauthenticated'));
  await door.login('a@example.org', 'secret secret secret');
  await assert.rejects(client.keys(), (error) => error.status === 401);
  assert.equal(door.sessionState().status, 'anonymous');
});

test('a lost connection does not end the session', async () => {
  scriptFetch(session('old', 20), { fail: true });
  await door.login('a@example.org', 'secret secret secret');
  await assert.rejects(client.keys(), (error) => error.code === 'network');
  assert.equal(door.sessionState().status, 'signed-in');
});

test('sign-out forgets the token even without an answer', async () => {
  const script = scriptFetch(session('old'), { fail: true });
  await door.login('a@example.org', 'secret secret secret');
  await assert.rejects(door.logout());
  assert.equal(door.sessionState().status, 'anonymous');
  assert.equal(script.calls[1].headers.authorization, 'Bearer old');
});

test('problem+json becomes one error with its code, faults and request id', async () => {
  const faults = [{ field: 'name', code: 'too_long', detail: 'At most 64 characters.' }];
  scriptFetch(session('t'), { status: 422, headers: { 'retry-after': '7' }, body: { title: 'Invalid', status: 422, code: 'bad_input', detail: 'No.', instance: 'req-1', errors: faults } });
  await door.login('a@example.org', 'secret secret secret');
  await assert.rejects(client.addKey('x'.repeat(99), 'live'), (error) => {
    assert.deepEqual([error.status, error.code, error.message, error.requestId, error.retryAfter], [422, 'bad_input', 'No.', 'req-1', 7]);
    assert.deepEqual(error.faults, faults);
    return true;
  });
});

test('an answer that is not JSON is an error, not a crash', async () => {
  scriptFetch(session('t'), { status: 502, raw: '<html>' }, { status: 200, raw: '<html>' });
  await door.login('a@example.org', 'secret secret secret');
  await assert.rejects(client.keys(), (error) => error.code === 'http_502' && !error.definitive);
  await assert.rejects(client.keys(), (error) => error.code === 'network');
});
