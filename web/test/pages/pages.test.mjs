// The pages in a real browser against the imitated API of dev-server.mjs, under the policy that nginx sends.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, buyButton, cards, choose, enter, launch, openContext } from '../browser.mjs';
import { startDevServer } from '../dev-server.mjs';

const PASSWORD = 'correct horse battery';
let browser;
let server;
let opened;
let page;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function open(serverOptions = {}, contextOptions = {}) {
  server = await startDevServer(0, { smsAfterMs: 600, cancelAfterMs: 1500, credit: '5', ...serverOptions });
  opened = await openContext(browser, contextOptions);
  page = await opened.context.newPage();
}
const signIn = (email = 'demo@example.org') => enter(page, server.url, 'login', email, PASSWORD);
const until = (check, what) => assert.doesNotReject(page.waitForFunction(check), what);
const made = (name) => server.api.requests.filter((each) => each.name === name);

afterEach(async (context) => {
  if (!opened) return;
  const faults = opened.faults;
  await opened.context.close();
  await server.stop();
  opened = undefined;
  assert.deepEqual(faults, [], `undeclared errors in "${context.name}"`);
});

test('a stranger is sent to the sign-in and comes back to where he wanted to go', async () => {
  await open();
  await page.goto(`${server.url}/wallet/`);
  await page.waitForURL('**/login/?next=%2Fwallet%2F');
  await page.getByLabel('E-mail').fill('demo@example.org');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/wallet/');
  assert.equal(await page.locator('[data-wallet=available]').getAttribute('data-value'), '25.000000');
  assert.equal(made('POST /auth/refresh').length, 0, 'a stranger must not be asked for a refresh');
});

test('the sign-in never leads to another site', async () => {
  await open();
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    await page.goto(`${server.url}/login/?next=${encodeURIComponent(next)}`);
    await page.getByLabel('E-mail').fill('demo@example.org');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/buy/`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/login/');
  }
});

test('faults of the sign-up stand at their fields and take the focus', async () => {
  await open();
  opened.allow(409, 422);
  await page.goto(`${server.url}/register/`);
  const [email, password] = [page.getByLabel('E-mail'), page.getByRole('textbox', { name: 'Password' })];
  const submit = page.getByRole('button', { name: 'Create account' });
  await submit.click();
  await page.getByText('Enter an e-mail address').waitFor();
  assert.ok(await email.evaluate((box) => box === document.activeElement && box.getAttribute('aria-invalid') === 'true'));
  await email.fill('new@example.org');
  await password.fill('short');
  await submit.click();
  await page.getByText('Use at least 12 characters.').waitFor();
  assert.ok(await password.evaluate((box) => box === document.activeElement));
  await email.fill('demo@example.org');
  await password.fill(PASSWORD);
  await submit.click();
  await page.getByText('There is already an account with this e-mail.').waitFor();
  assert.equal(made('POST /auth/register').length, 1, 'what the page can check itself is not sent');
});

test('a wrong password is said once, without telling which part was wrong', async () => {
  await open();
  opened.allow(401);
  await page.goto(`${server.url}/login/`);
  await page.getByLabel('E-mail').fill('demo@example.org');
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong wrong wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('main').getByRole('alert').getByText('E-mail or password is not right.').waitFor();
});

test('a reload keeps the person signed in by the cookie alone', async () => {
  await open();
  await signIn();
  await page.reload();
  await page.getByRole('combobox').waitFor();
  assert.equal(made('POST /auth/refresh').length, 1);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.doesNotMatch(stored, /[0-9a-f]{8}-[0-9a-f]{4}/, 'a token is readable by scripts');
});

test('two tabs that wake at once do not present the same refresh token', async () => {
  // The first tab's answer is still on its way when the second one asks.
  await open({ refreshMs: 700 });
  await signIn();
  const other = await opened.context.newPage();
  await Promise.all([page.reload(), other.goto(`${server.url}/wallet/`)]);
  await page.getByRole('combobox').waitFor();
  await other.locator('[data-wallet=available]').waitFor();
});

test('an access token that ended meanwhile is renewed without a word', async () => {
  await open({ tokenSeconds: 31 });
  await signIn();
  // A token is renewed 30 s before its end; this one has that behind it one second after the sign-in.
  await page.waitForTimeout(1200);
  const [renewed] = await Promise.all([page.waitForResponse('**/api/auth/refresh'), page.getByRole('link', { name: 'Wallet', exact: true }).click()]);
  assert.equal(renewed.status(), 200);
  await page.waitForResponse((response) => response.url().endsWith('/api/wallet') && response.ok());
});

test('sign-out in one tab signs out the other', async () => {
  await open();
  await signIn();
  const other = await opened.context.newPage();
  await other.goto(`${server.url}/history/`);
  await other.getByRole('heading', { name: 'History' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await other.waitForURL('**/login/**');
});

test('search forgives errors, obeys the arrow keys, and knows a country in the same box', async () => {
  await open();
  await signIn();
  const search = page.getByRole('combobox', { name: 'What is it for?' });
  assert.ok(await search.evaluate((box) => box === document.activeElement), 'the search has the focus');
  await search.fill('a');
  await search.press('ArrowDown');
  await search.press('ArrowDown');
  await search.press('ArrowUp');
  const active = await search.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
  assert.equal(await page.getByRole('option').nth(1).getAttribute('id'), active);
  await search.fill('nothing of that name');
  await page.getByRole('status').getByText('Nothing is called').waitFor();
  await search.fill('telgram kz');
  await search.press('Enter');
  await page.locator('[data-country=kz] input:checked').waitFor({ state: 'attached' });
  assert.equal(new URL(page.url()).search, '?s=telegram&c=kz');
  await page.reload();
  await page.locator('[data-country=kz] input:checked').waitFor({ state: 'attached' });
  await page.keyboard.press('/');
  await until(() => document.activeElement?.getAttribute('role') === 'combobox', '"/" leads to the search');
});

test('countries stand cheapest first, the cheapest is chosen, sold out ones cannot be', async () => {
  await open();
  await signIn();
  await page.getByRole('combobox').fill('whatsapp');
  await page.keyboard.press('Enter');
  await page.locator('[data-country]').first().waitFor();
  const rows = await page.locator('[data-country]').evaluateAll((all) => all.map((row) => ({ out: 'out' in row.dataset, price: Number(row.lastElementChild.textContent.split('\u00a0')[0]), checked: row.querySelector('input').checked, disabled: row.querySelector('input').disabled })));
  const inStock = rows.filter((row) => !row.out);
  assert.ok(inStock.every((row, at) => at === 0 || inStock[at - 1].price <= row.price));
  assert.ok(rows[0].checked);
  assert.ok(rows.slice(inStock.length).every((row) => row.out && row.disabled), 'sold out ones stand last and are off');
  await page.getByRole('searchbox', { name: 'Filter countries' }).fill('germny');
  assert.deepEqual(await page.locator('[data-country]').evaluateAll((all) => all.map((row) => row.dataset.country)), ['de']);
});

test('a number is bought, its code arrives, is copied, and the wallet tells hold and charge', async () => {
  await open({ smsAfterMs: 9000 }, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn();
  await choose(page, 'telegram', 'gb');
  const label = await buyButton(page).textContent();
  assert.match(label, /^Buy · 0\.\d+\u00a0USD$/);
  await buyButton(page).click();
  const card = cards(page).first();
  await card.getByText('Waiting for the SMS').waitFor();
  await card.getByText(/ held$/).waitFor();
  const phone = await card.locator('[data-phone]').getAttribute('data-phone');
  await card.getByRole('button', { name: 'Copy number', exact: true }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), phone);
  await card.getByRole('button', { name: 'Copy number without +', exact: true }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), phone.slice(1));
  await card.getByRole('button', { name: 'Copy number without +44', exact: true }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), phone.slice(3));
  const code = await card.locator('[data-code]').getAttribute('data-code');
  assert.ok((await card.locator('[data-code]').evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))) >= 32);
  await page.getByRole('status').getByText(`Code for Telegram: ${[...code].join(' ')}`).waitFor({ state: 'attached' });
  await card.getByRole('button', { name: 'Copy code' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.locator('h1').click();
  await page.keyboard.press('c');
  await page.waitForFunction((expected) => navigator.clipboard.readText().then((text) => text === expected), code);
  await card.getByText(/ charged$/).waitFor();
  const price = label.replace('Buy · ', '').split('\u00a0')[0];
  const left = (25_000_000 - Math.round(Number(price) * 1e6)) / 1e6;
  await page.getByRole('link', { name: `Balance ${left}\u00a0USD` }).waitFor();
  const { body } = { body: server.api.users.get('demo@example.org').numbers[0] };
  assert.equal(body.price.replace(/0+$/, ''), Number(price).toFixed(6).replace(/0+$/, ''), 'the price paid is the one on the button');
});

test('an answer that was lost is repeated with the same key and buys one number', async () => {
  await open();
  opened.allow(0);
  await signIn();
  await choose(page, 'telegram', 'gb');
  server.api.failures.push({ route: 'POST /numbers', status: 0, after: true });
  await buyButton(page).click();
  await page.getByRole('main').getByRole('alert').getByText('you get the same number').waitFor();
  await buyButton(page).click();
  await until(() => !document.querySelector('main [role=alert]'), 'the alert goes');
  await cards(page).first().waitFor();
  const keys = made('POST /numbers').map((each) => each.key);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(server.api.users.get('demo@example.org').numbers.length, 1);
});

test('a double click buys once', async () => {
  await open();
  await signIn();
  await choose(page, 'telegram', 'gb');
  await buyButton(page).dblclick();
  await cards(page).first().waitFor();
  await page.waitForTimeout(300);
  assert.equal(server.api.users.get('demo@example.org').numbers.length, 1);
});

test('an empty wallet is told beside the button, with the way to the wallet', async () => {
  await open({ credit: '0.01' });
  opened.allow(402);
  await enter(page, server.url, 'register', 'poor@example.org', PASSWORD);
  await choose(page, 'telegram', 'gb');
  await buyButton(page).click();
  await page.getByRole('main').getByRole('alert').getByText(/Your balance is 0\.01\u00a0USD; this number costs 0\.\d+\u00a0USD\./).waitFor();
  await page.getByRole('link', { name: 'Open wallet' }).click();
  await page.waitForURL('**/wallet/');
});

test('when nobody has a number the list is asked again and a new press is a new purchase', async () => {
  await open();
  opened.allow(409);
  await signIn();
  await choose(page, 'telegram', 'gb');
  const before = made('GET /offers').length;
  server.api.failures.push({ route: 'POST /numbers', status: 409, code: 'no_numbers' });
  await buyButton(page).click();
  await page.getByRole('main').getByRole('alert').getByText('Nobody has a number at this price').waitFor();
  assert.ok(made('GET /offers').length > before);
  await buyButton(page).click();
  await cards(page).first().waitFor();
  const [one, two] = made('POST /numbers').map((each) => each.key);
  assert.notEqual(one, two);
});

test('the price on the button is kept, for as long as it says, whatever the list says meanwhile', async () => {
  await open();
  await signIn();
  await choose(page, 'telegram', 'gb');
  const kept = page.locator('[data-quote]');
  await kept.getByText(/^This price is kept for (2:00|1:5\d)\.$/).waitFor();
  const price = await kept.getAttribute('data-price');
  const first = await kept.getAttribute('data-quote');
  server.api.raise('0.05');
  await buyButton(page).click();
  await cards(page).first().waitFor();
  assert.equal(server.api.users.get('demo@example.org').numbers[0].price, price);
  // It is used; another one is kept for the next number.
  await page.locator(`[data-quote]:not([data-quote="${first}"])`).waitFor();
});

test('a price that rose is kept until its end; then the new one is said before anything is bought', async () => {
  await open({ quoteMs: 4000 });
  opened.allow(409);
  await signIn();
  await choose(page, 'telegram', 'gb');
  const before = await buyButton(page).textContent();
  await page.locator('[data-quote]').waitFor();
  server.api.raise('0.05');
  server.api.failures.push({ route: 'POST /numbers', status: 409, code: 'quote_expired', detail: 'The quote has expired.' });
  await buyButton(page).click();
  await page.getByRole('main').getByRole('alert').getByText('nothing was bought').waitFor();
  await page.getByText(/^The price is now 0\.\d+\u00a0USD\.$/).waitFor();
  assert.equal(server.api.users.get('demo@example.org').numbers.length, 0);
  assert.notEqual(await buyButton(page).textContent(), before);
  await buyButton(page).click();
  await cards(page).first().waitFor();
  await page.getByText(/^The price is now/).waitFor({ state: 'detached' });
});

test('an operator can be chosen and changes the price on the button', async () => {
  await open();
  await signIn();
  await choose(page, 'telegram', 'gb');
  const any = await buyButton(page).textContent();
  await page.getByLabel('Operator').selectOption('o2');
  assert.notEqual(await buyButton(page).textContent(), any);
  await buyButton(page).click();
  await cards(page).first().getByText('· o2').waitFor();
});

test('cancel says when it becomes possible, and returns the money', async () => {
  await open({ smsAfterMs: 60_000, cancelAfterMs: 4000 });
  await signIn();
  await choose(page, 'telegram', 'gb');
  await buyButton(page).click();
  const card = cards(page).first();
  const early = card.getByRole('button', { name: /^Cancel in 0:0\d$/ });
  await early.waitFor();
  assert.equal(await early.getAttribute('aria-disabled'), 'true');
  await early.click({ force: true });
  assert.equal(made(`POST /numbers/${await card.getAttribute('data-number')}/cancel`).length, 0);
  await card.getByRole('button', { name: 'Cancel', exact: true }).click();
  await card.getByText('Cancelled', { exact: true }).waitFor();
  await card.getByText(/ returned$/).waitFor();
  await page.getByRole('link', { name: 'Balance 25.00\u00a0USD' }).waitFor();
  await card.getByRole('button', { name: 'Hide' }).click();
  assert.equal(await cards(page).count(), 0);
});

test('a refused cancel is explained on the card', async () => {
  await open({ smsAfterMs: 60_000, cancelAfterMs: 0 });
  opened.allow(409);
  await signIn();
  await choose(page, 'telegram', 'gb');
  await buyButton(page).click();
  server.api.failures.push({ route: 'POST /numbers/', status: 409, code: 'cancel_refused', detail: 'The supplier refuses to cancel now.' });
  await cards(page).first().getByRole('button', { name: 'Cancel', exact: true }).click();
  await cards(page).first().getByRole('alert').getByText('The supplier refuses to cancel now.').waitFor();
});

test('another SMS is awaited, shown first, and keeps the earlier one', async () => {
  await open();
  await signIn();
  await choose(page, 'telegram', 'gb');
  await buyButton(page).click();
  const card = cards(page).first();
  const first = await card.locator('[data-code]').getAttribute('data-code');
  await card.getByRole('button', { name: 'Another SMS' }).click();
  await card.getByText('Waiting for another SMS').waitFor();
  await card.locator(`[data-code]:not([data-code="${first}"])`).waitFor();
  await card.getByText('Earlier messages').click();
  assert.equal(await card.locator('blockquote').count(), 2);
  await card.getByRole('button', { name: 'Finish' }).click();
  await card.getByText('Completed', { exact: true }).waitFor();
});

test('the countdown follows the server even when the local clock is wrong', async () => {
  await open({ smsAfterMs: 60_000 });
  await opened.context.clock.install({ time: Date.now() + 3 * 3600_000 });
  await opened.context.clock.resume();
  await signIn();
  await choose(page, 'telegram', 'gb');
  await buyButton(page).click();
  const timer = cards(page).first().getByRole('timer', { name: 'Time left' });
  await timer.waitFor();
  assert.match(await timer.textContent(), /^(20:00|19:5\d)$/);
});

test('a number leased elsewhere appears without a reload', async () => {
  await open();
  await signIn();
  const other = await opened.context.newPage();
  await other.goto(`${server.url}/buy/`);
  await choose(other, 'telegram', 'gb');
  await buyButton(other).click();
  await cards(page).first().waitFor();
});

test('without waiting requests the page polls, says so, and recovers', async () => {
  await open({ smsAfterMs: 2500 });
  opened.allow(503);
  await signIn();
  await choose(page, 'telegram', 'gb');
  server.api.failures.push({ route: 'GET /numbers/', status: 503, code: 'unavailable' });
  await buyButton(page).click();
  await page.getByText('The connection is unsteady.').waitFor();
  await cards(page).first().locator('[data-code]').waitFor();
  await page.getByText('The connection is unsteady.').waitFor({ state: 'detached' });
});

test('history filters by state and goes on page by page', async () => {
  await open({ smsAfterMs: 0, cancelAfterMs: 0 });
  await signIn();
  await page.evaluate(async () => {
    const session = await (await fetch('/api/auth/refresh', { method: 'POST' })).json();
    const headers = { authorization: `Bearer ${session.access_token}`, 'content-type': 'application/json' };
    for (let round = 0; round < 30; round += 1) {
      const answer = await fetch('/api/numbers', { method: 'POST', headers: { ...headers, 'idempotency-key': `k${round}` }, body: JSON.stringify({ service: 'telegram', country: 'gb' }) });
      if (round % 3 === 0) await fetch(`/api/numbers/${(await answer.json()).id}/cancel`, { method: 'POST', headers });
    }
  });
  await page.goto(`${server.url}/history/`);
  await page.locator('tr[data-number]').first().waitFor();
  assert.equal(await page.locator('tr[data-number]').count(), 25);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.locator('tr[data-number]').nth(29).waitFor();
  await page.getByRole('radio', { name: 'Cancelled' }).check({ force: true });
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 10);
  assert.equal(await page.locator('tr[data-state=cancelled]').count(), 10);
  await page.getByRole('radio', { name: 'Expired' }).check({ force: true });
  await page.getByText('No number in this state.').waitFor();
});

test('a key is shown once, listed without its secret, and revoked after a question', async () => {
  await open();
  await signIn();
  await page.goto(`${server.url}/keys/`);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('Give the key a name.').waitFor();
  await page.getByLabel('Name').fill('my server');
  await page.getByRole('radio', { name: /^Compatible/ }).check();
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByRole('group', { name: 'Your new key' }).locator('output').textContent();
  assert.match(secret, /^[0-9a-z]{32}$/);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.locator('[data-key]').waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await page.getByRole('button', { name: 'Revoke my server' }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  await page.getByRole('button', { name: 'Revoke my server' }).click();
  await page.getByRole('button', { name: 'Revoke now' }).click();
  await page.getByText('No key yet.').waitFor();
});

test('a webhook is added with its secret shown once, and removed', async () => {
  await open();
  await signIn();
  await page.goto(`${server.url}/keys/`);
  await page.getByLabel('Address').fill('no address');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByText('Enter an https address.').waitFor();
  await page.getByLabel('Address').fill('https://example.com/sms');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  assert.match(await page.getByRole('group', { name: 'Signing secret' }).locator('output').textContent(), /^whsec_/);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('button', { name: 'Remove https://example.com/sms' }).click();
  await page.getByRole('button', { name: 'Remove now' }).click();
  await page.getByText('No webhook yet.').waitFor();
});

test('an administrator switches a provider; nobody else sees the page', async () => {
  await open();
  await signIn('admin@example.org');
  await page.getByRole('link', { name: 'Admin' }).click();
  const north = page.getByRole('switch', { name: 'Buy from north' });
  await north.click();
  await page.locator('[data-provider=north][data-enabled=false]').waitFor();
  assert.equal(server.api.providers[0].enabled, false);
  await page.getByRole('status').getByText('north is off.').waitFor({ state: 'attached' });
  await north.click();
  await page.locator('[data-provider=north][data-enabled=true]').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login/**');
  await signIn();
  assert.equal(await page.getByRole('link', { name: 'Admin' }).count(), 0);
  await page.goto(`${server.url}/admin/providers/`);
  await page.getByText('This page is for administrators.').waitFor();
});

test('a server that is away is told, and another try helps', async () => {
  await open();
  opened.allow(503);
  await signIn();
  server.api.failures.push({ route: 'POST /auth/refresh', status: 503, code: 'unavailable', detail: 'Being updated.' });
  await page.reload();
  await page.getByRole('main').getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('combobox').waitFor();
});

test('an unknown address has a page that leads home', async () => {
  await open();
  opened.allow(404);
  await page.goto(`${server.url}/no/such/page/`);
  await page.getByRole('link', { name: 'To the start page' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 360, height: 740 }]]) {
    test(`no serious finding of axe and no sideways scrolling, ${colorScheme}, ${size}`, async () => {
      await open({}, { colorScheme, viewport });
      const check = async (what) => {
        assert.deepEqual(await axe(page), [], what);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what} scrolls sideways`);
      };
      for (const path of ['/', '/login/', '/register/']) {
        await page.goto(server.url + path);
        await check(path);
      }
      await signIn('admin@example.org');
      server.api.credit('admin@example.org', '5');
      await page.getByRole('combobox').waitFor();
      await check('/buy/ empty');
      await page.getByRole('combobox').fill('te');
      await check('/buy/ search');
      await choose(page, 'telegram', 'gb');
      await buyButton(page).click();
      await cards(page).first().getByText('Waiting for the SMS').waitFor();
      await check('/buy/ waiting');
      await cards(page).first().locator('[data-code]').waitFor();
      await check('/buy/ code');
      for (const [path, ready] of [['/history/', 'tr[data-number]'], ['/wallet/', '[data-wallet=held]'], ['/keys/', 'form'], ['/admin/providers/', '[data-provider]']]) {
        await page.goto(server.url + path);
        await page.locator(ready).first().waitFor();
        await check(path);
      }
    });
  }
}
