/**
 * The file that stands in for Juju's state and secrets: replaced as a whole or not at all.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import process from 'node:process';
import { describe, it } from 'node:test';
import { privateFileIn } from '../../../adapters/keeping/private-file.ts';
import { removeLeftovers } from '../../../adapters/juju/leftovers.ts';
import { secretFileIn } from '../../../adapters/juju/secret-file.ts';
import { ended, inFolder, startLimited } from '../../command.ts';

const NAME = '.tls-certificates-client-authority.json';

describe('keptFileIn()', () => {
  it('keptFileIn() replaces its file, which only its owner can read', () =>
    inFolder(async (path) => {
      const file = privateFileIn(path('.'), 'client-authority');
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
      const file = privateFileIn(path('.'), 'client-authority');
      await file.write('the CA')();
      const program = startLimited('test/juju/keep.ts', [path('.'), 'client-authority', '100000']);
      const { stdout, stderr } = await ended(program);
      assert.match(stdout, /^cannot write .*\.tls-certificates-client-authority\.json/, stderr);
      assert.deepEqual(await file.read(), { _tag: 'Right', right: 'the CA' });
      assert.deepEqual(readdirSync(path('.')), [NAME]);
    }));

  it('keptFileIn() takes nothing but a regular file with one name for what is kept, and never takes something for nothing', async () => {
    const plants: Readonly<Record<string, (path: (name: string) => string) => void>> = {
      link: (path) => symlinkSync('other', path(NAME)),
      'second name': (path) => linkSync(path('other'), path(NAME)),
      pipe: (path) => void execFileSync('mkfifo', [path(NAME)]),
      folder: (path) => mkdirSync(path(NAME)),
    };
    for (const [what, plant] of Object.entries(plants)) {
      await inFolder(async (path) => {
        writeFileSync(path('other'), 'SECRET');
        plant(path);
        const read = await privateFileIn(path('.'), 'client-authority').read();
        assert.match(read._tag === 'Left' ? read.left.message : '', /^cannot read .*: it is no regular file/, what);
      });
    }
  });

  it('keptFileIn() replaces a link by a file, and leaves what it led to', () =>
    inFolder(async (path) => {
      writeFileSync(path('other'), 'theirs');
      symlinkSync('other', path(NAME));
      symlinkSync('other', path(`${NAME}.new`));
      const file = privateFileIn(path('.'), 'client-authority');
      assert.equal((await file.write('ours')())._tag, 'Right');
      assert.deepEqual(await file.read(), { _tag: 'Right', right: 'ours' });
      assert.equal(readFileSync(path('other'), 'utf8'), 'theirs');
      assert.deepEqual(readdirSync(path('.')).sort(), [NAME, 'other']);
    }));

  it('keptFileIn() and secretFileIn() do nothing by way of a link that somebody else may have made', () =>
    inFolder(async (path) => {
      mkdirSync(path('shared'));
      chmodSync(path('shared'), 0o777);
      mkdirSync(path('outside'));
      symlinkSync('../outside', path('shared/charm'));
      writeFileSync(path(`outside/${NAME}`), 'theirs');
      writeFileSync(path(`outside/${NAME}.new`), 'theirs');
      writeFileSync(path('outside/.tls-certificates-secret'), 'theirs');
      const file = privateFileIn(path('shared/charm'), 'client-authority');
      const lend = secretFileIn(path('shared/charm'));
      const results = [
        await file.read(),
        await file.write('ours')(),
        await file.remove(),
        await removeLeftovers(path('shared/charm'), 'client')(),
        await lend('SECRET', () => () => Promise.resolve({ _tag: 'Right', right: 1 } as const))(),
      ];
      for (const result of results) {
        assert.match(
          result._tag === 'Left' ? result.left.message : '',
          /symbolic link that somebody else may have made/,
        );
      }
      for (const name of readdirSync(path('outside'))) {
        assert.equal(readFileSync(path(`outside/${name}`), 'utf8'), 'theirs');
      }
      assert.equal(readdirSync(path('outside')).length, 3);
    }));

  const asRoot = { skip: process.getuid?.() === 0 ? false : 'this needs root' };

  it('keptFileIn() reads no file that belongs to somebody else', asRoot, () =>
    inFolder(async (path) => {
      writeFileSync(path(NAME), 'a CA of theirs');
      chownSync(path(NAME), 65_534, 65_534);
      const read = await privateFileIn(path('.'), 'client-authority').read();
      assert.match(read._tag === 'Left' ? read.left.message : '', /it belongs to user 65534/);
    }));
});
