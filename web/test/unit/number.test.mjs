import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpen, lastCode, moneyText, stateText, stateTone } from '../.build/lib/number.js';

const message = (code, text = 'text') => ({ sender: 'S', text, code, received_at: '2026-11-24T12:00:00Z' });
const number = (change) => ({ id: 'n', number: 1, service: 's', country: 'gb', operator: 'any', phone: '+441', state: 'active', price: '0.350000', charged: '0.000000', code: null, messages: [], created_at: '', expires_at: null, cancel_available_at: null, closed_at: null, ...change });

test('a number says where its money is: held, charged or returned', () => {
  const shown = (change) => moneyText(number(change), 'USD').replace('\u00a0', ' ');
  assert.equal(shown({}), '0.35 USD held');
  assert.equal(shown({ state: 'cancelling' }), '0.35 USD held');
  assert.equal(shown({ charged: '0.300000', messages: [message('1')] }), '0.30 USD charged');
  assert.equal(shown({ state: 'completed', charged: '0.300000' }), '0.30 USD charged');
  for (const state of ['cancelled', 'expired', 'failed']) assert.equal(shown({ state }), '0.35 USD returned');
});

test('the newest code counts; an SMS without a code is not one', () => {
  assert.equal(lastCode(number({})), null);
  assert.equal(lastCode(number({ messages: [message('1'), message('2'), message(null)] })), '2');
  assert.equal(lastCode(number({ code: '7' })), '7');
});

test('the state is told by what a person waits for', () => {
  assert.equal(stateText(number({})), 'Waiting for the SMS');
  assert.equal(stateText(number({ messages: [message(null)] })), 'SMS received');
  assert.equal(stateText(number({ messages: [message('1')] })), 'Code received');
  assert.equal(stateText(number({ messages: [message('1')] }), true), 'Waiting for another SMS');
  assert.equal(stateText(number({ state: 'completed', messages: [message('1')] }), true), 'Completed');
  assert.deepEqual(['failed', 'completed', 'expired', 'reserved'].map((state) => stateTone(number({ state }))), ['bad', 'good', 'quiet', 'wait']);
  assert.deepEqual(['reserved', 'active', 'cancelling', 'cancelled', 'completed', 'expired', 'failed'].map((state) => isOpen(number({ state }))), [true, true, true, false, false, false, false]);
});
