// What is done with a finished export: its inline scripts hashed for the Content-Security-Policy, its text files
// compressed for nginx (gzip_static), and the rules that the policy relies on checked.
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

/** The sources of script-src for the inline scripts of a page. */
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

/**
 * Writes out/.csp.map, to be included in an nginx `map $uri $csp_script_hashes { default ""; include …/.csp.map; }`.
 * Both forms of an address are listed: $uri is /buy/index.html when the headers are added.
 */
export function writeCspMap(out) {
  const lines = [];
  for (const path of pagesOf(out)) {
    const address = `/${relative(out, path)}`;
    const sources = scriptHashes(readFileSync(path, 'utf8')).join(' ');
    const forms = address.endsWith('/index.html') ? [address.slice(0, -'index.html'.length), address] : [address];
    for (const form of forms) lines.push(`"${form}" "${sources}";`);
  }
  writeFileSync(join(out, '.csp.map'), `${lines.join('\n')}\n`);
  return pagesOf(out).length;
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
