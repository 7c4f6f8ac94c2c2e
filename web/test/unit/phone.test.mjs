import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneForms } from '../.build/lib/phone.js';

const pretty = (phone, dial) => phoneForms(phone, dial).pretty.replaceAll('\u00a0', ' ');

test('a phone has the forms that sites ask for', () => {
  const forms = phoneForms('+447911123456', '44');
  assert.equal(forms.full, '+447911123456');
  assert.equal(forms.digits, '447911123456');
  assert.equal(forms.local, '7911123456');
});

test('a phone is read in groups, never with a lonely digit', () => {
  assert.equal(pretty('+447911123456', '44'), '+44 791 112 3456');
  assert.equal(pretty('+77011234567', '7'), '+7 701 123 4567');
  assert.equal(pretty('+37253123456', '372'), '+372 5312 3456');
  for (let length = 5; length <= 13; length += 1) {
    const groups = pretty(`+44${'1'.repeat(length)}`, '44').split(' ').slice(1);
    assert.equal(groups.join('').length, length);
    assert.ok(groups.every((group) => group.length >= 2 && group.length <= 4), groups.join(' '));
  }
});

test('without a known country code the whole number stays one', () => {
  const forms = phoneForms('+447911123456', '');
  assert.equal(forms.local, '447911123456');
  assert.equal(phoneForms('+447911123456', '49').local, '447911123456');
});
