import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTRIES, SERVICES } from '../dev-catalogue.mjs';
import { normalise, prefixEdits, search, splitCountry } from '../.build/lib/search.js';

const first = (query) => search(SERVICES, query)[0]?.item.code;

test('what begins like a service finds it', () => {
  for (const [typed, code] of [['tele', 'telegram'], ['what', 'whatsapp'], ['youtube', 'google'], ['outl', 'microsoft'], ['booking com', 'booking'], ['  OpenAI ', 'openai']]) {
    assert.equal(first(typed), code, typed);
  }
});

test('typing errors are forgiven: missing, extra, wrong and swapped letters', () => {
  for (const [typed, code] of [['telgram', 'telegram'], ['tellegram', 'telegram'], ['watsapp', 'whatsapp'], ['whatspap', 'whatsapp'], ['instagrem', 'instagram'], ['gogle', 'google'], ['facebok', 'facebook']]) {
    assert.equal(first(typed), code, typed);
  }
});

test('common short forms and other alphabets are understood', () => {
  for (const [typed, code] of [['tg', 'telegram'], ['wa', 'whatsapp'], ['insta', 'instagram'], ['телеграм', 'telegram'], ['убер', 'uber']]) {
    assert.equal(first(typed), code, typed);
  }
});

test('nonsense finds nothing', () => {
  for (const typed of ['zzzz', 'qqq', 'telegram whatsapp', '🙂']) assert.equal(first(typed), undefined, typed);
});

test('the same beats the beginning, the beginning beats an error', () => {
  const items = [{ code: 'c', name: 'Uberx' }, { code: 'b', name: 'Uber Eats Online' }, { code: 'a', name: 'Uber' }, { code: 'd', name: 'Ubre' }];
  assert.deepEqual(search(items, 'uber').map((hit) => hit.item.code).slice(0, 2), ['b', 'a']);
  assert.ok(search(items, 'uber').at(-1).score < search(items, 'uber')[0].score);
});

test('an empty query lists everything in its order', () => {
  assert.deepEqual(search(SERVICES, '  ').map((hit) => hit.item), SERVICES);
});

test('a country may follow the service in one box', () => {
  assert.deepEqual(splitCountry('tg kz', COUNTRIES), { rest: 'tg', country: COUNTRIES.find((each) => each.code === 'kz') });
  assert.equal(splitCountry('telegram germany', COUNTRIES)?.country.code, 'de');
  assert.equal(splitCountry('telegram uk', COUNTRIES)?.country.code, 'gb');
  assert.equal(splitCountry('telegram', COUNTRIES), null);
});

test('accents and signs do not matter', () => {
  assert.equal(normalise('  Türkiye – Côte d’Ivoire '), 'turkiye cote d ivoire');
  assert.equal(search(COUNTRIES, 'turkiye')[0].item.code, 'tr');
});

test('edits are counted to the nearest beginning, with swapped neighbours as one', () => {
  assert.equal(prefixEdits('tele', 'telegram', 2), 0);
  assert.equal(prefixEdits('teel', 'telegram', 2), 1);
  assert.equal(prefixEdits('xxxx', 'telegram', 2), 3);
});

test('a catalogue of 2000 services is searched within a frame and a half', () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({ code: `s${index}`, name: `${SERVICES[index % SERVICES.length].name} ${index}` }));
  search(many, 'telgram');
  const from = performance.now();
  for (let round = 0; round < 5; round += 1) search(many, 'telgram');
  assert.ok((performance.now() - from) / 5 < 50, 'one search takes 50 ms or more');
});
