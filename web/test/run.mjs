// npm test: types, units, pages against the imitated API. Needs web/out (npm run build).
//	node test/run.mjs            all
//	node test/run.mjs unit       only that part: types, unit, pages
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '..');
const tsc = join(web, 'node_modules/typescript/bin/tsc');

function run(args) {
  const result = spawnSync(process.execPath, args, { cwd: web, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function tests(folder) {
  return readdirSync(join(here, folder)).filter((name) => name.endsWith('.test.mjs')).map((name) => `test/${folder}/${name}`);
}

const parts = {
  types: () => run([tsc, '--noEmit']),
  unit: () => {
    rmSync(join(here, '.build'), { recursive: true, force: true });
    run([tsc, '-p', 'test/tsconfig.json']);
    run(['--import', './test/resolve.mjs', '--test', '--test-reporter=tap', ...tests('unit')]);
  },
  pages: () => run(['--test', '--test-reporter=tap', ...tests('pages')]),
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
  if (!parts[name]) throw new Error(`no part "${name}" (${Object.keys(parts).join(', ')})`);
  parts[name]();
}
