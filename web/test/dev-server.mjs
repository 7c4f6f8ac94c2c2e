// A small in-memory imitation of the JSON API, for developing the pages and testing them alone.
//
// It is not the product and proves nothing about it: no database, no ledger, no providers, no real passwords.
// The page against the real nginx, API and worker is tested by test/e2e.mjs.
//
//	node test/dev-server.mjs [port]        serves out/ and /api on http://localhost:<port>
//
// Accounts: admin@example.org and demo@example.org, password "correct horse battery".
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptHashes } from '../scripts/export.mjs';
import { createApi } from './dev-api.mjs';

const out = join(dirname(fileURLToPath(import.meta.url)), '../out');
const TYPES = {
  '.html': 'text/html', '.js': 'application/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain',
  '.woff2': 'font/woff2', '.json': 'application/json',
};

/** The policy that nginx sends, with the hashes of this page. */
function policy(html) {
  return [
    "default-src 'none'", `script-src 'self' ${scriptHashes(html).join(' ')}`, "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function resolve(path) {
  const clean = normalize(path).replace(/^(\.\.[/\\])+/, '');
  const file = join(out, clean);
  if (!file.startsWith(out)) return null;
  if (existsSync(file) && statSync(file).isFile()) return file;
  const index = join(file, 'index.html');
  return existsSync(index) ? index : null;
}

function serveFile(request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  const found = resolve(path);
  const file = found ?? join(out, '404.html');
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  if (extname(file) !== '.html') {
    response.writeHead(200, headers);
    return void createReadStream(file).pipe(response);
  }
  const html = readFileSync(file, 'utf8');
  response.writeHead(found ? 200 : 404, { ...headers, 'content-security-policy': policy(html) }).end(html);
}

/** Starts the server on a free port (0) or the one asked for. */
export function startDevServer(port = 0, options = {}) {
  const api = createApi(options);
  const server = createServer((request, response) => {
    if (request.url.startsWith('/api/')) api.handle(request, response);
    else serveFile(request, response);
  });
  return new Promise((resolveStart) => {
    server.listen(port, 'localhost', () => {
      const url = `http://localhost:${server.address().port}`;
      const stop = () => {
        api.stop();
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
      };
      resolveStart({ url, api, stop });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startDevServer(Number(process.argv[2] ?? 3000));
  console.log(`dev server: ${url} (imitated API)`);
}
