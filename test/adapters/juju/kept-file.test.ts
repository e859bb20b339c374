/**
 * The file that stands in for Juju's state and secrets: replaced as a whole or not at all.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { keptFileIn } from '../../../adapters/juju/kept-file.ts';
import { ended, inFolder, startLimited } from '../../command.ts';

const NAME = '.tls-certificates-client-authority.json';

describe('keptFileIn()', () => {
  it('keptFileIn() replaces its file, which only its owner can read', () =>
    inFolder(async (path) => {
      const file = keptFileIn(path('.'), 'client-authority');
      writeFileSync(path(`${NAME}.new`), 'what a killed hook left');
      for (const content of ['SECRET', 'é'.repeat(100_000), '']) {
        assert.equal((await file.write(content)())._tag, 'Right');
        assert.deepEqual(await file.read(), { _tag: 'Right', right: content });
        assert.equal(statSync(path(NAME)).mode & 0o777, 0o600);
      }
      await file.remove();
      assert.deepEqual([await file.read(), readdirSync(path('.'))], [{ _tag: 'Right', right: null }, []]);
    }));

  it('keptFileIn() keeps what is there where only a part of the new text fits, and leaves no draft', () =>
    inFolder(async (path) => {
      const file = keptFileIn(path('.'), 'client-authority');
      await file.write('the CA')();
      const program = startLimited('test/juju/keep.ts', [path('.'), 'client-authority', '100000']);
      const { stdout, stderr } = await ended(program);
      assert.match(stdout, /^cannot write .*\.tls-certificates-client-authority\.json/, stderr);
      assert.deepEqual(await file.read(), { _tag: 'Right', right: 'the CA' });
      assert.deepEqual(readdirSync(path('.')), [NAME]);
    }));
});
