import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount, compareMoney, isZero, micros, money } from '../.build/lib/money.js';

test('an amount keeps all its digits beyond what a float can hold', () => {
  assert.equal(micros('9007199254740993.000001'), 9007199254740993000001n);
  assert.equal(amount('9007199254740993.000001'), '9,007,199,254,740,993.000001');
});

test('an amount shows at least two places and no zeros after them', () => {
  for (const [wire, shown] of [['0.350000', '0.35'], ['0.3', '0.30'], ['12', '12.00'], ['0.000001', '0.000001'], ['1234567.5', '1,234,567.50'], ['007.10', '7.10'], ['-3.250000', '-3.25']]) {
    assert.equal(amount(wire), shown);
  }
});

test('the currency is tied to the amount by a space that does not break', () => {
  assert.equal(money('0.350000', 'USD'), '0.35\u00a0USD');
  assert.equal(money('0.350000', ''), '0.35');
});

test('amounts compare by value, not as text', () => {
  assert.ok(compareMoney('9.90', '10.000000') < 0);
  assert.ok(compareMoney('0.350001', '0.35') > 0);
  assert.equal(compareMoney('1', '1.000000'), 0);
  assert.ok(isZero('0.000000'));
  assert.ok(!isZero('0.000001'));
});

test('what is not a decimal is refused', () => {
  for (const bad of ['', '1e3', '1,5', '.5', '0.1234567', 'NaN', ' 1']) assert.throws(() => micros(bad), RangeError);
  assert.equal(amount('garbage'), 'garbage');
});
