/**
 * What the Python library offers is what was recorded of it: docs/from-charmlibs.md is held against the record.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { python, VERSIONS, withoutPython } from './python.ts';

const record = (): string => readFileSync(new URL('../data/charmlibs-members.json', import.meta.url), 'utf8');

describe('what the Python library offers', () => {
  it('test/data/charmlibs-members.json has every name of its newest version', { skip: withoutPython }, () => {
    const { interpreter, pathFor } = python();
    const version = VERSIONS[VERSIONS.length - 1] ?? assert.fail();
    const script = fileURLToPath(new URL('members.py', import.meta.url));
    const { status, stdout, stderr } = spawnSync(interpreter, [script, version], {
      encoding: 'utf8',
      env: { PYTHONPATH: pathFor(version), PYTHONDONTWRITEBYTECODE: '1' },
    });
    assert.equal(status, 0, stderr);
    // To record it anew, write what the script prints into the file.
    assert.equal(record(), stdout);
  });
});
