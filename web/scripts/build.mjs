// Builds the static export into out/: flags, next build, then the checks and files that nginx needs beside it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compress, files, faultsOfPages, pageWeight, writeCspMap } from './export.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(web, 'out');

/** First load of the page people work on; the framework alone is about 175 KB of it. */
const BUDGET_BYTES = 230 * 1024;

function copyFlags() {
  const from = join(web, 'node_modules/circle-flags/flags');
  const to = join(web, 'public/flags');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const countries = readdirSync(from).filter((name) => /^[a-z]{2}\.svg$/.test(name));
  for (const name of countries) copyFileSync(join(from, name), join(to, name));
}

/** Equal sources, equal build id, equal file names. */
function buildId() {
  const hash = createHash('sha256');
  const sources = [...files(join(web, 'src')), join(web, 'package-lock.json'), join(web, 'next.config.mjs')];
  for (const name of sources) hash.update(name.slice(web.length)).update(readFileSync(name));
  return hash.digest('hex').slice(0, 16);
}

function next() {
  rmSync(out, { recursive: true, force: true });
  const result = spawnSync(process.execPath, [join(web, 'node_modules/next/dist/bin/next'), 'build', '--webpack'], {
    cwd: web,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NUMLEASE_WEB_BUILD: buildId() },
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
  const pages = writeCspMap(out);
  const packed = compress(out);
  console.log(`build: ${pages} pages, ${packed} files compressed, buy page loads ${(weight / 1024).toFixed(1)} KB of scripts (gzip)`);
}

copyFlags();
next();
finish();
