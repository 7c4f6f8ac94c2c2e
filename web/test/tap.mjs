// The few lines of TAP that a script needs whose steps build on each other.
import { isDeepStrictEqual } from 'node:util';

const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}` : member)));

export function createTap() {
  let count = 0;
  let failed = 0;
  function ok(passed, name, detail) {
    count += 1;
    console.log(`${passed ? 'ok' : 'not ok'} ${count} - ${name}`);
    if (passed) return;
    failed += 1;
    if (detail !== undefined) for (const line of text(detail).split('\n')) console.log(`# ${line}`);
  }
  return {
    ok,
    pass: (name) => ok(true, name),
    fail: (name, detail) => ok(false, name, detail),
    equal: (got, wanted, name) => ok(isDeepStrictEqual(got, wanted), name, `got ${text(got)}\nnot ${text(wanted)}`),
    skip: (reason, name) => {
      count += 1;
      console.log(`ok ${count} - ${name} # SKIP ${reason}`);
    },
    skipAll: (reason) => {
      console.log(`1..0 # SKIP ${reason}`);
      process.exit(0);
    },
    done: () => {
      console.log(`1..${count}`);
      process.exit(failed === 0 ? 0 : 1);
    },
  };
}
