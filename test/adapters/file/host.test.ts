/**
 * The file host: what it does to a file, and what it never does to it, whoever is killed and whoever else is at it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileHost } from '../../../adapters/file/mod.ts';
import { decideInput, intentOf, nothing, orThrow, requestClientCert, requires, run } from '../../../mod.ts';
import { ended, inFolder, start } from '../../command.ts';
import { decoded, documentOf, relation } from '../../world.ts';

const PROVIDED = documentOf({ relations: [relation({ remoteUnits: { 'easyrsa/0': { ca: 'CA' } } })] });

const ask = (path: string, ...names: ReadonlyArray<string>) =>
  orThrow(
    run(fileHost(path, { patience: 300_000 }))({
      side: requires,
      intent: intentOf(...names.map((name) => requestClientCert(name))),
    }),
  );

const read = async (path: string) => decoded(JSON.parse(await readFile(path, 'utf8')));

const requestedIn = async (path: string): Promise<ReadonlyArray<string>> => {
  const { snapshot } = await read(path);
  return Object.keys(JSON.parse(snapshot.relations[0]?.localUnitData['client_cert_requests'] ?? '{}'));
};

/** Whether writes and memory of a document are of one piece: this unit's name is written exactly when its flags are set. */
const isWhole = async (path: string): Promise<boolean> => {
  const { snapshot, memory } = await read(path);
  return (snapshot.relations[0]?.localUnitData['unit_name'] === 'web_0') === (memory.flags.length > 0);
};

/** A holder of a lock that is dead: a process number that no system gives out. */
const DEAD = `00000000-0000-4000-8000-000000000000:999999999:1::${hostname()}`;

describe('fileHost()', () => {
  it('transact() writes databags and memory, and nothing else changes', () =>
    inFolder(async (path) => {
      const before = { comment: 'kept', ...PROVIDED };
      await writeFile(path('x.json'), JSON.stringify(before));
      const outcome = await ask(path('x.json'), 'c');
      const after = JSON.parse(await readFile(path('x.json'), 'utf8'));
      assert.deepEqual(after, {
        ...before,
        snapshot: {
          ...Object(PROVIDED['snapshot']),
          relations: [{
            ...relation({ remoteUnits: { 'easyrsa/0': { ca: 'CA' } } }),
            localUnitData: { client_cert_requests: '{"c": {"sans": []}}', unit_name: 'web_0' },
          }],
        },
        memory: outcome.memory,
      });
      assert.deepEqual(await readdir(path('.')), ['x.json'], 'no lock and no draft is left');
    }));

  it('transact() changes a file once, and does not touch it the second time', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), `${JSON.stringify(PROVIDED, null, '\t')}\n`);
      await ask(path('x.json'), 'c');
      const [text, first] = [await readFile(path('x.json'), 'utf8'), await stat(path('x.json'))];
      assert.ok(text.startsWith('{\n\t"side"') && text.endsWith('}\n'), 'the form of the text stays');
      await ask(path('x.json'), 'c');
      const second = await stat(path('x.json'));
      assert.deepEqual([second.ino, second.mtimeMs], [first.ino, first.mtimeMs]);
    }));

  it('carryOut() takes handled flags out of the intent, since they have been dealt with', () =>
    inFolder(async (path) => {
      const intent = { handled: ['certificates.ca.changed'], requests: [] };
      await writeFile(path('x.json'), JSON.stringify({ ...PROVIDED, intent }));
      await orThrow(fileHost(path('x.json')).carryOut);
      const after = JSON.parse(await readFile(path('x.json'), 'utf8'));
      assert.deepEqual(after.intent, { handled: [], requests: [] });
      assert.ok(
        after.memory.flags.includes('certificates.ca.changed'),
        'the change that came with this hook is announced',
      );
    }));

  it("run() leaves the document's own intent alone, for it was not asked", () =>
    inFolder(async (path) => {
      const intent = { handled: ['certificates.ca.changed'] };
      await writeFile(path('x.json'), JSON.stringify({ ...PROVIDED, intent }));
      await ask(path('x.json'), 'c');
      assert.deepEqual(JSON.parse(await readFile(path('x.json'), 'utf8')).intent, intent);
    }));

  it('run() throws on what the charm throws, applies nothing, and lets go of the lock', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      const react = () => {
        throw new TypeError('the charm failed');
      };
      const running = run(fileHost(path('x.json')))({ side: requires, intent: nothing, react })();
      await assert.rejects(running, { name: 'TypeError', message: 'the charm failed' });
      assert.equal(await readFile(path('x.json'), 'utf8'), JSON.stringify(PROVIDED));
      assert.deepEqual(await readdir(path('.')), ['x.json']);
    }));

  it('transact() keeps the mode of the file', () =>
    inFolder(async (path) => {
      for (const mode of [0o600, 0o640, 0o664]) {
        await writeFile(path('x.json'), JSON.stringify(PROVIDED));
        await chmod(path('x.json'), mode);
        await ask(path('x.json'), 'c');
        assert.equal((await stat(path('x.json'))).mode & 0o777, mode);
      }
    }));

  it('transact() replaces the file that a symbolic link points to, and leaves the link', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink('x.json', path('link.json'));
      await ask(path('link.json'), 'c');
      assert.ok((await lstat(path('link.json'))).isSymbolicLink());
      assert.deepEqual(await requestedIn(path('x.json')), ['c']);
    }));

  it('transact() refuses to write over what somebody changed meanwhile', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      const host = fileHost(path('x.json'));
      const result = await host.transact((input) => async () => {
        await writeFile(path('x.json'), JSON.stringify({ ...PROVIDED, comment: 'new' }));
        return E.right([decideInput(input), null]);
      })();
      assert.ok(
        result._tag === 'Left' && result.left._tag === 'HostError' && result.left.reason === 'changed-meanwhile',
      );
      assert.equal(JSON.parse(await readFile(path('x.json'), 'utf8')).comment, 'new');
    }));

  it('transact() leaves the file as it was where the new one cannot be written', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      // The draft's name is taken by a folder: a failure that root meets as well. Deno's unlink removes empty folders, so it is not.
      await mkdir(path('.x.json.new'));
      await writeFile(path('.x.json.new/y'), '');
      const before = await readFile(path('x.json'), 'utf8');
      const result = await run(fileHost(path('x.json')))({ side: requires, intent: nothing })();
      assert.ok(result._tag === 'Left' && result.left._tag === 'HostError');
      assert.match(result.left.message, /^cannot use .*x\.json: /);
      assert.equal(await readFile(path('x.json'), 'utf8'), before);
      assert.deepEqual((await readdir(path('.'))).sort(), ['.x.json.new', 'x.json']);
    }));

  it('transact() says what is missing, and where', () =>
    inFolder(async (path) => {
      const result = await fileHost(path('none.json')).carryOut();
      assert.ok(result._tag === 'Left');
      assert.equal(result.left.message, `cannot use ${path('none.json')}: there is no such file or folder`);
    }));

  it('transact() gives up when another holds on to the lock, and names it', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      const impatient = fileHost(path('x.json'), { patience: 50 });
      const result = await fileHost(path('x.json')).transact((input) => async () =>
        E.right([decideInput(input), await impatient.carryOut()])
      )();
      assert.ok(result._tag === 'Right' && result.right._tag === 'Left');
      const problem = result.right.left;
      assert.ok(problem._tag === 'HostError' && problem.reason === 'busy');
      assert.match(problem.message, /\.x\.json\.lock$/);
    }));

  it('transact() takes over from a holder that was killed', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD, path('.x.json.lock'));
      await ask(path('x.json'), 'c');
      assert.deepEqual(await readdir(path('.')), ['x.json']);
    }));

  it('transact() takes over even from one that was killed while taking over', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD, path('.x.json.lock'));
      await symlink(DEAD.replace(/^0/, '1'), path('.x.json.lock.00000000'));
      await ask(path('x.json'), 'c');
      assert.deepEqual(await readdir(path('.')), ['x.json']);
    }));

  const onLinux = { skip: process.platform === 'linux' ? false : 'there is no /proc' };

  it(
    'transact() takes over from a process number that was given to another process',
    onLinux,
    () =>
      inFolder(async (path) => {
        await writeFile(path('x.json'), JSON.stringify(PROVIDED));
        await symlink(DEAD.replace('999999999:1', `${process.pid}:1`), path('.x.json.lock'));
        await ask(path('x.json'), 'c');
        assert.deepEqual(await readdir(path('.')), ['x.json']);
      }),
  );

  it('transact() respects a living holder of which the start is not known, as with Deno', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD.replace('999999999:1:', `${process.pid}::`), path('.x.json.lock'));
      const result = await run(fileHost(path('x.json'), { patience: 100 }))({ side: requires, intent: nothing })();
      assert.ok(result._tag === 'Left' && result.left._tag === 'HostError' && result.left.reason === 'busy');
    }));

  it('transact() respects a holder in another container', onLinux, () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD.replace('1::', '1:42:'), path('.x.json.lock'));
      const result = await run(fileHost(path('x.json'), { patience: 100 }))({ side: requires, intent: nothing })();
      assert.ok(result._tag === 'Left' && result.left._tag === 'HostError' && result.left.reason === 'busy');
    }));

  it('transact() writes nothing when its lock was taken away, and leaves that of a successor', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      const react = async () => {
        await unlink(path('.x.json.lock'));
        await symlink(DEAD, path('.x.json.lock'));
        return intentOf(requestClientCert('c'));
      };
      const result = await run(fileHost(path('x.json')))({ side: requires, intent: nothing, react })();
      assert.ok(
        result._tag === 'Left' && result.left._tag === 'HostError' && result.left.reason === 'changed-meanwhile',
      );
      assert.equal(await readFile(path('x.json'), 'utf8'), JSON.stringify(PROVIDED));
      assert.equal(await readlink(path('.x.json.lock')), DEAD);
    }));

  it('transact() removes what a killed writer left, also when there is nothing to write', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await ask(path('x.json'), 'c');
      await writeFile(path('.x.json.new'), 'SECRET');
      await ask(path('x.json'), 'c');
      assert.deepEqual(await readdir(path('.')), ['x.json']);
    }));

  it('transact() keeps the habits of the text, and what others remember', () =>
    inFolder(async (path) => {
      const memory = { flags: [], digests: {}, note: 'kept' };
      const lines = JSON.stringify({ ...PROVIDED, memory }, null, 2).replaceAll('\n', '\r\n');
      await writeFile(path('x.json'), `\ufeff${lines}\r\n`);
      await ask(path('x.json'), 'c');
      const text = await readFile(path('x.json'), 'utf8');
      assert.ok(text.startsWith('\ufeff{\r\n  "side"') && text.endsWith('}\r\n') && !/[^\r]\n/.test(text));
      assert.equal(JSON.parse(text.slice(1)).memory.note, 'kept');
    }));

  it('transact() keeps the owner of the file', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      // Only root can give files away; for others the owner is their own before and after.
      if (process.getuid?.() === 0) await chown(path('x.json'), 12_345, 12_345);
      const { uid, gid } = await stat(path('x.json'));
      await ask(path('x.json'), 'c');
      const after = await stat(path('x.json'));
      assert.deepEqual([after.uid, after.gid], [uid, gid]);
    }));

  it('transact() respects a holder on another machine', () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD.replace(hostname(), 'elsewhere.example'), path('.x.json.lock'));
      const result = await run(fileHost(path('x.json'), { patience: 100 }))({ side: requires, intent: nothing })();
      assert.ok(result._tag === 'Left' && result.left._tag === 'HostError' && result.left.reason === 'busy');
      assert.match(await readlink(path('.x.json.lock')), /elsewhere/);
    }));

  it('loses nothing when many ask at once, in this process and in others, and a dead one held the lock', {
    timeout: 600_000,
  }, () =>
    inFolder(async (path) => {
      await writeFile(path('x.json'), JSON.stringify(PROVIDED));
      await symlink(DEAD, path('.x.json.lock'));
      const here = ['a', 'b', 'c', 'd', 'e', 'f'];
      const elsewhere = [['g', 'h', 'i'], ['j', 'k', 'l'], ['m', 'n', 'o']];
      const children = elsewhere.map((names) =>
        ended(start('test/adapters/reading/asking.ts', [path('x.json'), ...names]))
      );
      await Promise.all(here.map((name) => ask(path('x.json'), name)));
      for (const { code, stderr } of await Promise.all(children)) assert.equal(code, 0, stderr);
      assert.deepEqual(await requestedIn(path('x.json')), [...here, ...elsewhere.flat()]);
      assert.deepEqual(await readdir(path('.')), ['x.json']);
    }));

  it('leaves a whole file behind, whenever it is killed', { timeout: 600_000 }, () =>
    inFolder(async (path) => {
      // Large enough for many kills to fall into the writing.
      const filler = 'x'.repeat(2_000_000);
      for (let round = 0; round < 20; round++) {
        await writeFile(path('x.json'), JSON.stringify({ ...PROVIDED, filler }));
        const child = start('test/adapters/reading/asking.ts', [path('x.json'), 'c', 'forever']);
        const end = ended(child);
        // Every third is killed while it starts, the others amid their writing.
        if (round % 3 > 0) await new Promise((resolve) => child.stdout?.once('data', resolve));
        await sleep(Math.random() * 100);
        child.kill('SIGKILL');
        await end;
        assert.ok(await isWhole(path('x.json')), `round ${round}`);
        await ask(path('x.json'), 'afterwards');
        assert.ok((await requestedIn(path('x.json'))).includes('afterwards'), `round ${round}`);
        assert.deepEqual(await readdir(path('.')), ['x.json'], `round ${round}`);
      }
    }));
});
