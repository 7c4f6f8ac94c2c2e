// Debian's Chromium by playwright-core, with the rule that an undeclared error on a page fails the test.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
  return chromium.launch({
    executablePath: process.env.NUMLEASE_CHROMIUM ?? '/usr/bin/chromium',
    // Chromium's own sandbox refuses root; everybody else keeps it.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/**
 * Opens a context whose pages are watched: `faults` collects errors on the console, uncaught exceptions and breaches of the
 * Content-Security-Policy. `allow(status, …)` declares the refusals of the server that the test provokes.
 */
export async function openContext(browser, options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
  const faults = [];
  const allowed = new Set();
  context.setDefaultTimeout(15_000);
  await context.exposeBinding('reportViolation', (_, violation) => faults.push(`policy: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`${event.effectiveDirective} blocked ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const refused = /^Failed to load resource: .*status of (\d+)/.exec(message.text());
      if (refused && allowed.has(Number(refused[1]))) return;
      if (/net::ERR_/.test(message.text()) && allowed.has(0)) return;
      faults.push(`console: ${message.text()} (${message.location().url})`);
    });
  });
  return { context, faults, allow: (...statuses) => statuses.forEach((status) => allowed.add(status)) };
}

/** Serious and critical findings of axe, as one line each. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .map((each) => `${each.id}: ${each.help}: ${each.nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

/** Fills the form of /login/ or /register/ and waits for the page behind it. */
export async function enter(page, url, purpose, email, password) {
  await page.goto(`${url}/${purpose}/`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL('**/buy/');
}

/** Chooses a service by typing and a country by its row. */
export async function choose(page, typed, country) {
  const search = page.getByRole('combobox', { name: 'What is it for?' });
  const change = page.getByRole('button', { name: 'Change' });
  await search.or(change).first().waitFor();
  if (await change.isVisible()) await change.click();
  await search.fill(typed);
  await search.press('Enter');
  await page.locator(`[data-country="${country}"] input`).check({ force: true });
}

export const buyButton = (page) => page.getByRole('button', { name: /^Buy · / });
export const cards = (page) => page.locator('article[data-number]');
