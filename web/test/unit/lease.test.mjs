import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { installBrowser, scriptFetch, session } from './fake-fetch.mjs';

let door;
let leaseNumber;

before(async () => {
  installBrowser();
  door = await import('../.build/api/session.js');
  ({ leaseNumber } = await import('../.build/state/lease.js'));
  scriptFetch(session('t'));
  await door.login('a@example.org', 'secret secret secret');
});

const request = { service: 'telegram', country: 'gb', max_price: '0.350000' };
const number = { id: 'n1', number: 1, service: 'telegram', country: 'gb', operator: 'any', phone: '+447911123456', state: 'active', price: '0.350000', charged: '0.000000', code: null, messages: [], created_at: '2026-11-24T12:00:00Z', expires_at: null, cancel_available_at: null, closed_at: null };
const wallet = { body: { currency: 'USD', available: '1.000000', held: '0.000000' } };
const problem = (status, code) => ({ status, body: { title: code, status, code } });

async function keysOf(...answers) {
  const script = scriptFetch(...answers.flatMap((answer) => [answer, wallet]));
  for (const _ of answers) {
    await leaseNumber(request).catch(() => undefined);
    // The wallet is asked for after each purchase; wait for that call, so that the script stays in step.
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(script.left(), 0);
  return script.calls.filter((each) => each.call === 'POST /api/numbers').map((each) => each.headers['idempotency-key']);
}

test('while the outcome is unknown, pressing again sends the same key', async () => {
  const keys = await keysOf({ fail: true }, problem(503, 'unavailable'), problem(429, 'rate_limited'), problem(409, 'idempotency_key_in_use'), problem(409, 'no_numbers'));
  assert.match(keys[0], /^[0-9a-f-]{36}$/);
  assert.equal(new Set(keys).size, 1);
});

test('after a definitive refusal the next press is a new purchase', async () => {
  const keys = await keysOf(problem(409, 'no_numbers'), problem(402, 'no_funds'), problem(422, 'bad_input'));
  assert.equal(new Set(keys).size, 3);
});

test('after a number the next press buys another one', async () => {
  const script = scriptFetch({ status: 201, body: number }, wallet, { status: 202, body: { ...number, id: 'n2', state: 'reserved', phone: null } }, wallet);
  await leaseNumber(request);
  await new Promise((resolve) => setImmediate(resolve));
  await leaseNumber(request);
  const keys = script.calls.filter((each) => each.call === 'POST /api/numbers').map((each) => each.headers['idempotency-key']);
  assert.equal(new Set(keys).size, 2);
});

test('while the outcome of a quoted purchase is unknown, the next quote does not make another one', async () => {
  const quotedLease = (quote) => leaseNumber({ service: 'telegram', country: 'gb', quote }).catch(() => undefined);
  const script = scriptFetch({ fail: true }, wallet, problem(409, 'quote_expired'), wallet, { status: 201, body: number }, wallet);
  for (const quote of ['one', 'two', 'three']) {
    await quotedLease(quote);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const made = script.calls.filter((each) => each.call === 'POST /api/numbers');
  assert.deepEqual(made.map((each) => each.body.quote), ['one', 'one', 'three']);
  assert.equal(made[0].headers['idempotency-key'], made[1].headers['idempotency-key']);
  assert.notEqual(made[1].headers['idempotency-key'], made[2].headers['idempotency-key']);
});

test('another price is another intent', async () => {
  const script = scriptFetch({ fail: true }, wallet, { fail: true }, wallet);
  await leaseNumber(request).catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  await leaseNumber({ ...request, max_price: '0.400000' }).catch(() => undefined);
  const [one, two] = script.calls.filter((each) => each.call === 'POST /api/numbers');
  assert.notEqual(one.headers['idempotency-key'], two.headers['idempotency-key']);
  assert.equal(two.body.max_price, '0.400000');
});
