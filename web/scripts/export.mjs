// What is done with a finished export: the rules that the Content-Security-Policy relies on are checked, and the text files
// compressed for nginx (gzip_static). The hashes that nginx sends are made by scripts/csp-hashes of the project.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const TEXT = /\.(html|js|css|txt|svg|json|webmanifest)$/;
const MIN_GZIP_BYTES = 512;

/** All files below a folder, sorted, so that everything made from them is the same each time. */
export function files(folder) {
  const found = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) found.push(...files(path));
    else found.push(path);
  }
  return found;
}

export function pagesOf(out) {
  return files(out).filter((path) => path.endsWith('.html'));
}

/** The sources of script-src for the inline scripts of a page, as scripts/csp-hashes makes them for nginx. */
export function scriptHashes(html) {
  const hashes = new Set();
  for (const [, attributes, body] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (/\bsrc=/.test(attributes) || body === '') continue;
    hashes.add(`'sha256-${createHash('sha256').update(body).digest('base64')}'`);
  }
  return [...hashes];
}

/** The policy forbids inline styles and handlers: a page that carries one would look broken only behind nginx. */
export function faultsOfPages(out) {
  const faults = [];
  for (const path of pagesOf(out)) {
    const html = readFileSync(path, 'utf8').replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '');
    const name = relative(out, path);
    if (/<[a-z][^>]*\sstyle=/.test(html)) faults.push(`${name} has a style attribute`);
    if (/<style\b/.test(html)) faults.push(`${name} has a style element`);
    if (/<[a-z][^>]*\son[a-z]+=/.test(html)) faults.push(`${name} has an inline handler`);
  }
  return faults;
}

/** Bytes, gzip, of all scripts a page names. */
export function pageWeight(out, page) {
  const html = readFileSync(join(out, page), 'utf8');
  const names = new Set([...html.matchAll(/(?:src|href)="(\/_next\/[^"?]+\.js)[^"]*"/g)].map((match) => match[1]));
  const noModule = new Set([...html.matchAll(/<script[^>]*noModule=""[^>]*>/gi)].flatMap(([tag]) => /src="([^"?]+)/.exec(tag)?.[1] ?? []));
  let sum = 0;
  for (const name of names) if (!noModule.has(name)) sum += gzipSync(readFileSync(join(out, name)), { level: 9 }).length;
  return sum;
}

export function compress(out) {
  let count = 0;
  for (const path of files(out)) {
    if (!TEXT.test(path)) continue;
    const body = readFileSync(path);
    if (body.length < MIN_GZIP_BYTES) continue;
    const packed = gzipSync(body, { level: 9 });
    if (packed.length >= body.length) continue;
    writeFileSync(`${path}.gz`, packed);
    count += 1;
  }
  return count;
}
