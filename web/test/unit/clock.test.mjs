import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { clockText, observeServerDate, resetClockForTest, secondsUntil, serverOffset } from '../.build/lib/clock.js';

const header = (ms) => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

beforeEach(resetClockForTest);

test('before an answer came the local clock is taken as it is', () => {
  assert.equal(serverOffset(), 0);
  observeServerDate(null, 1000, 2000);
  observeServerDate('not a date', 1000, 2000);
  assert.equal(serverOffset(), 0);
});

test('many answers narrow the offset below the second that a Date header has', () => {
  const truth = 7_234_600;
  let local = 1_700_000_000_000;
  for (let round = 0; round < 40; round += 1) {
    local += 1370;
    observeServerDate(header(local + 40 + truth), local, local + 80);
  }
  assert.ok(Math.abs(serverOffset() - truth) < 150, `${serverOffset()} is far from ${truth}`);
});

test('a slow answer does not spoil what a fast one told', () => {
  const local = 1_700_000_000_250;
  observeServerDate(header(local), local, local + 10);
  const before = serverOffset();
  observeServerDate(header(local + 25_000), local + 1000, local + 26_000);
  assert.ok(Math.abs(serverOffset() - before) < 500);
});

test('a clock that was set meanwhile is believed anew', () => {
  const local = 1_700_000_000_000;
  observeServerDate(header(local), local, local + 10);
  observeServerDate(header(local + 3_600_000), local + 20, local + 30);
  assert.ok(Math.abs(serverOffset() - 3_600_000) < 1100);
});

test('the time left is never negative and ends at zero', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  assert.equal(secondsUntil('2026-11-24T12:00:42.100Z', now), 43);
  assert.equal(secondsUntil('2026-11-24T11:59:00Z', now), 0);
  assert.equal(secondsUntil(null, now), 0);
  assert.equal(secondsUntil('garbage', now), 0);
});

test('a countdown reads as minutes and seconds', () => {
  assert.equal(clockText(0), '0:00');
  assert.equal(clockText(65), '1:05');
  assert.equal(clockText(3700), '1:01:40');
});
