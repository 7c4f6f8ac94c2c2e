// The product in a real browser through the real nginx, in TAP. Everything it needs comes from the environment:
//
//	NUMLEASE_URL             https://localhost:8443; without it the test is skipped
//	NUMLEASE_EMAIL           a user that exists, with NUMLEASE_PASSWORD; without it a new one registers
//	NUMLEASE_CREDIT_CMD      run by the shell with the e-mail as its argument, gives the user money
//	NUMLEASE_VOUCHER         the code of a bonus of 5.00; without it that part is skipped
//	NUMLEASE_DEARER_CMD      run by the shell, makes everything dearer; without it that part is skipped
//	NUMLEASE_ADMIN_EMAIL     an administrator, with NUMLEASE_ADMIN_PASSWORD; without it that part is skipped
//	NUMLEASE_SERVICE         what is bought (telegram)
//	NUMLEASE_COUNTRY         where its code arrives (gb)
//	NUMLEASE_QUIET_COUNTRY   where no SMS arrives, for the cancel (mm)
//	NUMLEASE_SHOTS           a folder for screenshots
//	NUMLEASE_CHROMIUM        the browser (/usr/bin/chromium)
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { axe, buyButton, cards, choose, enter, launch, openContext } from './browser.mjs';
import { createTap } from './tap.mjs';

const env = process.env;
const tap = createTap();
if (!env.NUMLEASE_URL) tap.skipAll('NUMLEASE_URL is not set');

const url = env.NUMLEASE_URL.replace(/\/$/, '');
const service = env.NUMLEASE_SERVICE ?? 'telegram';
const country = env.NUMLEASE_COUNTRY ?? 'gb';
const quiet = env.NUMLEASE_QUIET_COUNTRY ?? 'mm';
const user = {
  email: env.NUMLEASE_EMAIL ?? `anna-${randomUUID().slice(0, 8)}@example.org`,
  password: env.NUMLEASE_PASSWORD ?? `e2e ${randomUUID()}`,
};
/** A code may need the supplier's delay and the poll after it. */
const PATIENCE = { timeout: 60_000 };

const browser = await launch();
const { context, faults, allow } = await openContext(browser, {
  permissions: ['clipboard-read', 'clipboard-write'],
  deviceScaleFactor: env.NUMLEASE_SHOTS ? 2 : 1,
});
const page = await context.newPage();
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const micros = (text) => {
  const [whole, places = ''] = text.split('.');
  return BigInt(whole + places.padEnd(6, '0'));
};

async function shot(name, fullPage = false) {
  if (!env.NUMLEASE_SHOTS) return;
  mkdirSync(env.NUMLEASE_SHOTS, { recursive: true });
  await page.screenshot({ path: join(env.NUMLEASE_SHOTS, `${name}.png`), fullPage });
}

/** The same moment in the dark, and on a phone. */
async function shotsOfOtherScreens() {
  if (!env.NUMLEASE_SHOTS) return;
  const wide = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('code-dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await shot('code-phone-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await shot('code-phone');
  await page.setViewportSize(wide);
}

async function wallet() {
  const box = (name) => page.locator(`[data-wallet=${name}]`);
  await page.goto(`${url}/wallet/`);
  await box('available').waitFor();
  const read = async (name) => micros(await box(name).getAttribute('data-value'));
  return { available: await read('available'), held: await read('held') };
}

/** Opens /buy/ for a service and a country and presses the button; the card and the price that stood on the button. */
async function buy(where) {
  await page.goto(`${url}/buy/`);
  await choose(page, service, where);
  await page.locator('[data-quote]').waitFor();
  const price = (await buyButton(page).textContent()).replace('Buy · ', '').split('\u00a0')[0];
  const known = await cards(page).count();
  await buyButton(page).click();
  await page.waitForFunction((before) => document.querySelectorAll('article[data-number] [data-phone]').length > before, known, PATIENCE);
  return { card: cards(page).first(), price: micros(price) };
}

async function signIn() {
  await page.goto(`${url}/`);
  await shot('home');
  const policy = (await context.request.get(`${url}/`)).headers()['content-security-policy'] ?? '';
  tap.ok(/script-src 'self' 'sha256-/.test(policy) && !/unsafe/.test(policy), 'the page comes with a policy without exceptions', policy);
  await enter(page, url, env.NUMLEASE_EMAIL ? 'login' : 'register', user.email, user.password);
  tap.pass(`${env.NUMLEASE_EMAIL ? 'signs in' : 'registers'} and lands on the purchase`);
  tap.equal(await axe(page), [], 'no serious finding of axe on the purchase');
  if (env.NUMLEASE_CREDIT_CMD) execFileSync('/bin/sh', ['-c', `${env.NUMLEASE_CREDIT_CMD} "$1"`, 'credit', user.email], { stdio: ['ignore', 2, 2] });
  const { available } = await wallet();
  tap.ok(available > 0n, 'the wallet has money');
}

async function lease() {
  const before = await wallet();
  const { card, price } = await buy(country);
  const phone = await card.locator('[data-phone]').getAttribute('data-phone');
  tap.ok(/^\+\d{8,15}$/.test(phone), `a number is leased: ${phone}`);
  tap.ok((await card.getByRole('timer').textContent()) !== '0:00', 'its time runs');
  await card.getByRole('button', { name: 'Copy number', exact: true }).click();
  tap.equal(await clipboard(), phone, 'the number is copied with +');
  await card.getByRole('button', { name: 'Copy number without +', exact: true }).click();
  tap.equal(await clipboard(), phone.slice(1), 'and without');
  await card.locator('[data-code]').waitFor(PATIENCE);
  const code = await card.locator('[data-code]').getAttribute('data-code');
  tap.ok(/^\w{3,12}$/.test(code), `its code appears without a reload: ${code}`);
  await card.getByRole('button', { name: 'Copy code' }).click();
  tap.equal(await clipboard(), code, 'the code is copied');
  tap.equal(await axe(page), [], 'no serious finding of axe on the card');
  await page.getByRole('heading', { level: 1 }).hover();
  await page.getByRole('button', { name: 'Copied' }).waitFor({ state: 'detached' });
  await shot('code');
  await shotsOfOtherScreens();
  const charged = micros(await card.locator('[data-charged]').getAttribute('data-charged'));
  tap.ok(charged > 0n && charged <= price, 'the charge is at most the price on the button');
  await card.getByRole('button', { name: 'Finish' }).click();
  await card.getByText('Completed', { exact: true }).waitFor(PATIENCE);
  const after = await wallet();
  await shot('wallet');
  tap.equal(before.available - after.available, charged, 'the wallet paid the charge and nothing else');
  tap.equal(after.held, before.held, 'nothing stays held');
  await page.goto(`${url}/history/`);
  const row = page.locator('tr[data-number]').first();
  await row.waitFor();
  tap.ok((await row.textContent()).includes(code), 'history keeps the code');
  tap.equal(micros(await row.locator('[data-charged]').getAttribute('data-charged')), charged, 'and the charge');
  await shot('history');
}

async function cancel() {
  const before = await wallet();
  const { card, price } = await buy(quiet);
  const id = await card.getAttribute('data-number');
  const mine = page.locator(`article[data-number="${id}"]`);
  const during = await wallet();
  tap.ok(during.held > before.held && during.held - before.held <= price, 'the price is held while it waits');
  tap.equal(during.available + during.held, before.available + before.held, 'held money is not gone');
  await page.goto(`${url}/buy/`);
  await mine.getByRole('button', { name: 'Cancel', exact: true }).click({ timeout: 150_000 });
  await page.waitForFunction((which) => document.querySelector(`article[data-number="${which}"]`)?.dataset.state === 'cancelled', id, PATIENCE);
  await mine.getByText(/ returned$/).waitFor();
  tap.pass('it is cancelled');
  tap.equal(await wallet(), before, 'all of the money is available again');
}

/** The price that is kept, what happens at its end, and that nothing dearer is ever bought by itself. */
async function quoted() {
  if (!env.NUMLEASE_DEARER_CMD) return tap.skip('NUMLEASE_DEARER_CMD is not set', 'a price is kept');
  const kept = page.locator('[data-quote]');
  const leases = [];
  const onButton = async () => micros((await buyButton(page).textContent()).replace('Buy · ', '').split('\u00a0')[0]);
  const quote = async () => ({ id: await kept.getAttribute('data-quote'), price: micros(await kept.getAttribute('data-price')) });
  const next = (before) => page.locator(`[data-quote]:not([data-quote="${before.id}"])`).waitFor(PATIENCE);
  page.on('response', (response) => {
    if (response.request().method() === 'POST' && /\/api\/numbers$/.test(response.url())) leases.push(response);
  });
  await page.goto(`${url}/buy/`);
  await choose(page, service, country);
  await kept.getByText(/^This price is kept for \d:\d\d\.$/).waitFor();
  tap.equal(await axe(page), [], 'no serious finding of axe on a price that is kept');
  const first = await quote();
  tap.equal(await onButton(), first.price, 'the price that is kept stands on the button');
  execFileSync('/bin/sh', ['-c', env.NUMLEASE_DEARER_CMD], { stdio: ['ignore', 2, 2] });
  await next(first);
  const dearer = await quote();
  tap.ok(dearer.price > first.price, 'at its end the new price is kept');
  tap.equal(await onButton(), dearer.price, 'stands on the button');
  await page.getByText(/^The price is now /).waitFor();
  tap.equal(leases.length, 0, 'and is said; nothing was bought');
  // A press that reaches the server when the price is over.
  allow(409);
  await page.route(/\/api\/numbers$/, async (route) => {
    if (route.request().method() === 'POST') await next(await quote());
    await route.continue();
  }, { times: 1 });
  const known = await cards(page).count();
  await buyButton(page).click();
  await page.getByRole('main').getByRole('alert').getByText('nothing was bought').waitFor(PATIENCE);
  tap.equal((await leases[0].json()).code, 'quote_expired', 'a price that is over is refused');
  tap.equal(await cards(page).count(), known, 'and buys nothing');
  await kept.waitFor();
  await buyButton(page).click();
  await page.waitForFunction((before) => document.querySelectorAll('article[data-number] [data-phone]').length > before, known, PATIENCE);
  const [sent, answer] = [leases.at(-1).request().postDataJSON(), await leases.at(-1).json()];
  tap.ok(Boolean(sent.quote) && !sent.max_price, 'the next press leases by the quote');
  tap.equal(micros(answer.price), dearer.price, 'at the price that it keeps');
}

async function reloadAndLeave() {
  await page.goto(`${url}/buy/`);
  await page.reload();
  await page.getByRole('combobox').waitFor();
  tap.pass('a reload keeps the person signed in');
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  tap.ok(!/eyJ|__Host/.test(stored), 'no token is readable by scripts', stored);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login/**');
  await page.goto(`${url}/wallet/`);
  await page.waitForURL('**/login/**');
  tap.pass('after the sign-out the pages are closed');
}

/** A voucher that the operator made is redeemed, once, and stands in the list. */
async function voucher() {
  if (!env.NUMLEASE_VOUCHER) return tap.skip('NUMLEASE_VOUCHER is not set', 'a voucher is redeemed');
  allow(404);
  allow(409);
  const before = await wallet();
  const redeem = async (code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Redeem' }).click();
  };
  await redeem('NOT-A-CODE');
  await page.getByText('There is no voucher with this code.').waitFor();
  await redeem(env.NUMLEASE_VOUCHER.toLowerCase());
  await page.getByText('5.00\u00a0USD bonus is in your wallet.').waitFor();
  await page.locator('tr[data-kind=bonus]').waitFor();
  const after = await wallet();
  tap.equal(after.available - before.available, 5_000_000n, 'a voucher is worth its amount');
  await page.getByText('5.00\u00a0USD of it is bonus').waitFor();
  await redeem(env.NUMLEASE_VOUCHER);
  await page.getByText('This voucher was redeemed before.').waitFor();
  tap.equal((await wallet()).available, after.available, 'once');
  tap.equal(await axe(page), [], 'no serious finding of axe on the wallet');
}

async function admin() {
  if (!env.NUMLEASE_ADMIN_EMAIL) return tap.skip('NUMLEASE_ADMIN_EMAIL is not set', 'an administrator switches a provider');
  await enter(page, url, 'login', env.NUMLEASE_ADMIN_EMAIL, env.NUMLEASE_ADMIN_PASSWORD);
  await page.getByRole('link', { name: 'Admin' }).click();
  const row = page.locator('[data-provider]').last();
  await row.waitFor();
  const name = await row.getAttribute('data-provider');
  const turn = row.getByRole('switch');
  const was = await row.getAttribute('data-enabled');
  const other = was === 'true' ? 'false' : 'true';
  await shot('providers');
  await turn.click();
  await page.locator(`[data-provider="${name}"][data-enabled=${other}]`).waitFor();
  await page.reload();
  await page.locator(`[data-provider="${name}"][data-enabled=${other}]`).waitFor();
  tap.pass(`${name} is switched ${other === 'true' ? 'on' : 'off'}, also after a reload`);
  await turn.click();
  await page.locator(`[data-provider="${name}"][data-enabled=${was}]`).waitFor();
  tap.pass('and back');
  tap.equal(await axe(page), [], 'no serious finding of axe on the providers');
}

try {
  await signIn();
  await lease();
  await cancel();
  await voucher();
  await quoted();
  await reloadAndLeave();
  await admin();
  allow(404);
  await page.goto(`${url}/no/such/page/`);
  await page.getByRole('link', { name: 'To the start page' }).waitFor();
  tap.pass('an unknown address has a page that leads home');
} catch (error) {
  await shot('failed').catch(() => undefined);
  tap.fail('goes through to the end', error.stack);
}
tap.equal(faults, [], 'no error on the console, no exception, no breach of the policy');
await browser.close();
tap.done();
