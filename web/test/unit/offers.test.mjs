import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byCountry, sorted, stockText } from '../.build/lib/offers.js';

const offer = (country, price, stock, operator = 'any') => ({ service: 'telegram', country, operator, price, stock, seen_at: '2026-11-24T12:00:00Z' });
const names = { gb: 'United Kingdom', de: 'Germany', fr: 'France' };
const group = (...offers) => byCountry(offers, (code) => names[code] ?? code);

test('a country is one line with the price of its cheapest operator in stock', () => {
  const [gb] = group(offer('gb', '0.50', 5, 'ee'), offer('gb', '0.30', 0, 'o2'), offer('gb', '0.40', 7, 'vodafone'));
  assert.equal(gb.price, '0.40');
  assert.equal(gb.stock, 12);
  assert.deepEqual(gb.operators.map((each) => each.operator), ['o2', 'vodafone', 'ee']);
});

test('an offer for any operator is not an operator to choose', () => {
  for (const any of ['', 'any']) assert.equal(group(offer('gb', '0.50', 5, any))[0].operators.length, 0);
});

test('the cheapest stands first, what is sold out last in every order', () => {
  const all = group(offer('gb', '10.00', 9), offer('de', '9.90', 3), offer('fr', '0.10', 0));
  assert.deepEqual(sorted(all, 'price').map((each) => each.country), ['de', 'gb', 'fr']);
  assert.deepEqual(sorted(all, 'stock').map((each) => each.country), ['gb', 'de', 'fr']);
  assert.deepEqual(sorted(all, 'name').map((each) => each.country), ['de', 'gb', 'fr']);
});

test('stock is told in a few signs and never more than there is', () => {
  for (const [stock, shown] of [[0, '0'], [999, '999'], [1000, '1k'], [1290, '1.2k'], [9999, '9.9k'], [12999, '12k'], [250000, '250k']]) assert.equal(stockText(stock), shown);
});
