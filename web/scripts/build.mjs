// Builds the static export into out/: flags, next build, then the checks and files that nginx needs beside it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compress, files, faultsOfPages, pagesOf, pageWeight } from './export.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(web, 'out');

/** First load of the page people work on; the framework alone is about 175 KB of it. */
const BUDGET_BYTES = 230 * 1024;

const flagsFrom = join(web, 'node_modules/circle-flags/flags');
const flagNames = readdirSync(flagsFrom).filter((name) => /^[a-z]{2}\.svg$/.test(name)).sort();
/** Named by its content, beside the other files that browsers keep for good. */
const flagsAt = `/_next/static/flags-${digest(flagNames.map((name) => join(flagsFrom, name)), flagsFrom)}`;

function copyFlags() {
  const to = join(out, flagsAt);
  mkdirSync(to, { recursive: true });
  for (const name of flagNames) copyFileSync(join(flagsFrom, name), join(to, name));
}

/** What others wrote and browsers are given, with the terms they gave it under. */
function writeLicences() {
  const texts = [
    ['next', 'license.md'], ['react', 'LICENSE'], ['react-dom', 'LICENSE'], ['circle-flags', 'LICENSE.md'], ['@fontsource-variable/inter', 'LICENSE'],
  ].map(([name, file]) => `${name}\n${'='.repeat(name.length)}\n\n${readFileSync(join(web, 'node_modules', name, file), 'utf8').trim()}\n`);
  writeFileSync(join(out, 'licences.txt'), texts.join('\n\n'));
}

function digest(names, below) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(name.slice(below.length)).update(readFileSync(name));
  return hash.digest('hex').slice(0, 16);
}

/** Equal sources, equal build id, equal file names. */
function buildId() {
  return digest([...files(join(web, 'src')), join(web, 'package-lock.json'), join(web, 'next.config.mjs')], web);
}

function next() {
  rmSync(out, { recursive: true, force: true });
  const result = spawnSync(process.execPath, [join(web, 'node_modules/next/dist/bin/next'), 'build', '--webpack'], {
    cwd: web,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NUMLEASE_WEB_BUILD: buildId(), NEXT_PUBLIC_FLAGS: flagsAt },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function finish() {
  // The page for unknown addresses is 404.html; these copies of it would be addresses of their own.
  for (const copy of ['404', '_not-found']) rmSync(join(out, copy), { recursive: true, force: true });
  const faults = faultsOfPages(out);
  const weight = pageWeight(out, 'buy/index.html');
  if (weight > BUDGET_BYTES) faults.push(`buy/index.html loads ${weight} bytes of scripts (gzip), more than ${BUDGET_BYTES}`);
  for (const fault of faults) console.error(`build: ${fault}`);
  if (faults.length > 0) process.exit(1);
  const packed = compress(out);
  console.log(`build: ${pagesOf(out).length} pages, ${packed} files compressed, buy page loads ${(weight / 1024).toFixed(1)} KB of scripts (gzip)`);
}

next();
copyFlags();
writeLicences();
finish();
