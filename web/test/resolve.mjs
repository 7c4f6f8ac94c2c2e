// Lets Node find the compiled sources the way the bundler does: "@/…" and names without an ending.
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const built = new URL('.build/', import.meta.url);

export async function resolve(specifier, context, next) {
  const base = specifier.startsWith('@/') ? new URL(specifier.slice(2), built) : specifier.startsWith('.') ? new URL(specifier, context.parentURL) : null;
  if (!base) return next(specifier, context);
  for (const ending of ['', '.js', '/index.js']) {
    const path = fileURLToPath(base) + ending;
    if (/\.m?js$/.test(path) && existsSync(path)) return { url: pathToFileURL(path).href, shortCircuit: true };
  }
  return next(specifier, context);
}

// The thread that resolves loads this file too; it must not register it again.
if (isMainThread) register(import.meta.url);
