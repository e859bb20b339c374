/**
 * Commands that follow a change: how they are run, ended and told of.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { nodeAccounts } from '../../../adapters/install/accounts.ts';
import { excerptOf, nodeCommands } from '../../../adapters/install/command.ts';
import type { Argv } from '../../../adapters/install/entry.ts';
import { inFolder } from '../../command.ts';
import { anyText } from '../../text.ts';
import { newKey } from './authority.ts';

const failure = async (argv: Argv, seconds = 300): Promise<string> => {
  const result = await nodeCommands(argv, seconds);
  assert.ok(result._tag === 'Left', 'it succeeded');
  return result.left;
};

const script = (text: string, ...args: ReadonlyArray<string>): Argv => ['sh', '-c', text, ...args];

describe('nodeCommands()', () => {
  it('nodeCommands() hands arguments over as they are, for no shell sees them', () =>
    inFolder(async (path) => {
      const file = path('$(id) *;"\' x');
      assert.equal((await nodeCommands(['touch', file], 300))._tag, 'Right');
      assert.ok(existsSync(file));
    }));

  it('nodeCommands() tells how a program ended, with the end of what it printed', async () => {
    assert.equal(
      await failure(script('echo "web.conf:3: no such file" >&2; exit 7')),
      'sh failed: it ended with exit code 7 (web.conf:3: no such file)',
    );
    assert.equal(await failure(script('kill -9 $$')), 'sh failed: it was ended by SIGKILL');
    assert.equal(
      await failure(['no-such-program-anywhere']),
      'no-such-program-anywhere failed: there is no such program on PATH',
    );
    const long = await failure(script('i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done; exit 1'));
    assert.ok(long.length < 500 && long.includes('line 19999') && !long.includes('line 100\\'), long);
    assert.match(await failure(script('printf "a\\033[31mb\\nc"; exit 1')), /\(a\\u001b\[31mb\\u000ac\)$/);
  });

  it('nodeCommands() says so where a file is no program', () =>
    inFolder(async (path) => {
      writeFileSync(path('plain'), 'text');
      chmodSync(path('plain'), 0o644);
      assert.match(await failure([path('plain')]), /failed: it is not executable$/);
    }));

  it(
    'nodeCommands() ends a program that takes too long, and what it started',
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        const argv = script(`(while :; do echo x >> "$0"; sleep 0.1; done) & echo started; sleep 60`, path('alive'));
        // On a machine that is busy, it may be ended before it has said anything.
        assert.match(await failure(argv, 1), /^sh failed: it took longer than 1 s and was ended(?: \(started\))?$/);
        const size = () => existsSync(path('alive')) ? statSync(path('alive')).size : 0;
        let isQuiet = false;
        for (let look = 0; look < 50 && !isQuiet; look += 1) {
          const before = size();
          await sleep(500);
          isQuiet = size() === before;
        }
        assert.ok(isQuiet, 'its child lives on');
      }),
  );

  it(
    'nodeCommands() does not wait for a child that was left behind with the output open',
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        assert.equal(
          (await nodeCommands(script('sleep 300 & echo $! > "$0"; exit 0', path('pid')), 250))._tag,
          'Right',
        );
        process.kill(Number(readFileSync(path('pid'), 'utf8')), 'SIGKILL');
      }),
  );

  it('nodeCommands() has no input to wait for', { timeout: 600_000 }, async () => {
    assert.equal((await nodeCommands(['cat'], 300))._tag, 'Right');
  });

  it('nodeCommands() never tells a key that a program prints, whole or in part', () =>
    inFolder(async (path) => {
      const key = await newKey();
      writeFileSync(path('key'), key);
      const body = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
      for (
        const text of [
          'cat "$0"; exit 1',
          'cat "$0" >&2; exit 1',
          'cat "$0"; head -c 200000 /dev/zero | tr "\\0" "y "; exit 1',
          'tail -n +2 "$0"; exit 1',
          'tail -n +2 "$0" | tr -d "\\n"; exit 1',
          'printf "key: "; sed -n 2p "$0"; exit 1',
        ]
      ) {
        const told = await failure(script(text, path('key')));
        for (const line of body) assert.ok(!told.includes(line), told);
        assert.doesNotMatch(told, /BEGIN|PRIVATE KEY/);
      }
    }));

  it('nodeCommands() tells what a program printed to the log alone, where there are keys, and hides them there', () =>
    inFolder(async (path) => {
      const key = await newKey();
      writeFileSync(path('key'), key);
      for (
        const print of [
          'grep -v -- - "$0" | fold -w 20',
          'grep -v -- - "$0" | fold -w 12 | tac | nl',
          'grep -v -- - "$0" | tr +/ -_',
          'grep -v -- - "$0" | base64 -d | od -An -tx1',
          'grep -v -- - "$0" | base64 -d | od',
          'base64 "$0" | fold -w 30',
          'od -An -tx1 "$0" | tr a-f A-F | tr " " :',
          'od -c "$0"; cat "$0" | tail -n 2 | rev',
        ]
      ) {
        const lines: Array<string> = [];
        const hearing = { keys: [key], log: (line: string) => void lines.push(line) };
        const result = await nodeCommands(script(`echo hello; ${print}; echo bye; exit 1`, path('key')), 300, hearing);
        assert.deepEqual(result, { _tag: 'Left', left: 'sh failed: it ended with exit code 1' }, print);
        const [line = ''] = lines;
        assert.match(line, /^sh printed: .*bye$/, print);
        const [told, body] = [line.replace(/[^A-Za-z0-9+/]/g, ''), key.split('\n').slice(1, -2).join('')];
        for (let at = 0; at + 12 <= body.length; at += 1) assert.ok(!told.includes(body.slice(at, at + 12)), line);
      }
    }));

  it('excerptOf() tells nothing of an output with a key', () => {
    assert.equal(excerptOf('reading -----BEGIN PRIVATE KEY----- SECRET'), '<private key>');
    assert.equal(excerptOf(`wrong: ${'QUJD'.repeat(16)} in /etc/web/tls.key`), 'wrong: … in /etc/web/tls.key');
  });

  it('excerptOf() is one short line, whatever a program printed', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 2_000 }), (output) => {
        const told = excerptOf(output);
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(told, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        assert.ok(told.length <= 300 * 6 + 40);
      }),
    );
  });

  it('nodeAccounts knows users and groups by name and number, and says where there is none', async () => {
    assert.equal(await nodeAccounts.numberOf('user', 'root'), 0);
    assert.equal(await nodeAccounts.numberOf('group', 'root'), 0);
    assert.equal(await nodeAccounts.numberOf('user', '4711'), 4711);
    assert.equal(await nodeAccounts.numberOf('group', 'no-such-group'), null);
    assert.equal(await nodeAccounts.numberOf('user', 'roo'), null);
  });
});
