import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compress, faultsOfPages, scriptHashes } from '../../scripts/export.mjs';

const out = mkdtempSync(join(tmpdir(), 'numlease-export-'));
after(() => rmSync(out, { recursive: true, force: true }));
const page = (name, html) => {
  mkdirSync(join(out, name, '..'), { recursive: true });
  writeFileSync(join(out, name), html);
};

test('only inline scripts are hashed, each once', () => {
  const html = '<script src="/a.js"></script><script>alert(1)</script><script id="x">alert(1)</script><script></script>';
  assert.deepEqual(scriptHashes(html), ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]);
});

test('inline styles and handlers are faults, text that looks like them is not', () => {
  page('good/index.html', '<p title="style=">style= onclick=</p><script>self.x=["<p style=1 onclick=2>"]</script>');
  assert.deepEqual(faultsOfPages(out), []);
  page('bad/index.html', '<p style="color:red">x</p><style>p{}</style><p onclick="x()">y</p>');
  assert.equal(faultsOfPages(out).length, 3);
  rmSync(join(out, 'bad'), { recursive: true });
});

test('large text gets a smaller companion, small text and pictures do not', () => {
  page('large.js', 'x'.repeat(5000));
  page('small.js', 'x');
  page('picture.png', 'x'.repeat(5000));
  assert.equal(compress(out), 1);
  assert.ok(readFileSync(join(out, 'large.js.gz')).length < 100);
});
