/**
 * Tools as processes: what goes in, what comes out, and what ends those that misbehave.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Ending, processTools } from '../../../adapters/charm/mod.ts';
import { inFolder } from '../../command.ts';
import { PATIENCE } from '../../patience.ts';

/** Runs a shell script as a tool. */
const running = (script: string, input?: string, timeout = PATIENCE, maxOutput = 2 ** 26): Promise<Ending> =>
  inFolder((path) => {
    writeFileSync(path('tool'), `#!/bin/sh\n${script}\n`);
    chmodSync(path('tool'), 0o755);
    const call = { tool: path('tool'), args: ['a b', '', '-c'], ...(input === undefined ? {} : { input }) };
    return processTools({ timeout, maxOutput })(call);
  });

const MEGABYTES = 'é'.repeat(2_500_000);

describe('processTools()', () => {
  it('processTools() gives arguments as they are, and takes all that is printed', async () => {
    const script = 'printf "%s|" "$#" "$@"; cat; echo words >&2; exit 3';
    assert.deepEqual(await running(script), {
      _tag: 'exited',
      code: 3,
      stdout: '3|a b||-c|',
      stderr: 'words\n',
    });
  });

  it('processTools() writes and reads more than a pipe or an argument list holds', async () => {
    assert.deepEqual(await running('wc -c | tr -d " "', MEGABYTES), {
      _tag: 'exited',
      code: 0,
      stdout: '5000000\n',
      stderr: '',
    });
    const ending = await running('head -c 5000000 /dev/zero | tr "\\0" x');
    assert.equal(ending._tag === 'exited' && ending.stdout.length, 5_000_000);
  });

  it('processTools() hears a tool that fails before it reads its input', async () => {
    const expected = { _tag: 'exited', code: 2, stdout: '', stderr: 'ERROR no\n' };
    assert.deepEqual(await running('echo ERROR no >&2; exit 2', MEGABYTES), expected);
    assert.deepEqual(await running('echo ERROR no >&2; exit 2', 'short'), expected);
  });

  it('processTools() kills a tool that hangs', async () => {
    const killed = { _tag: 'killed', why: 'timeout' };
    assert.deepEqual(await running('exec sleep 3600', undefined, 100), killed);
    assert.deepEqual(await running('exec sleep 3600', 'input', 100), killed);
  });

  it(
    'processTools() waits no longer than a tool may take for what it left behind',
    { timeout: PATIENCE },
    async () => {
      const killed = { _tag: 'killed', why: 'timeout' };
      // What is left behind ends before the test's own limit, but long after the tool's.
      assert.deepEqual(await running('sleep 300 & exit 0', undefined, 200), killed);
      assert.deepEqual(await running('sleep 300 & exit 0', 'input', 200), killed);
      assert.deepEqual(await running('sleep 300 & kill -9 $$', undefined, 200), killed);
    },
  );

  it('processTools() kills a tool that prints without end', async () => {
    assert.deepEqual(await running('yes', undefined, PATIENCE, 100_000), { _tag: 'killed', why: 'too much output' });
    assert.deepEqual(await running('yes', 'input', PATIENCE, 100_000), { _tag: 'killed', why: 'too much output' });
  });

  it('processTools() tells of a tool that was killed', async () => {
    assert.deepEqual(await running('kill -9 $$'), { _tag: 'killed', why: 'signal' });
    assert.deepEqual(await running('kill -9 $$', 'input'), { _tag: 'killed', why: 'signal' });
  });

  it('processTools() tells of a program that is not there, and of arguments that none can have', async () => {
    for (const input of [{}, { input: 'x' }]) {
      const run = processTools();
      assert.deepEqual(await run({ tool: 'no-such-hook-tool', args: [], ...input }), {
        _tag: 'not started',
        code: 'ENOENT',
      });
      const nul = await run({ tool: 'true', args: ['a\0b'], ...input });
      assert.equal(nul._tag, 'not started');
      const long = await run({ tool: 'true', args: ['x'.repeat(200_000)], ...input });
      assert.equal(long._tag, 'not started');
    }
  });
});
