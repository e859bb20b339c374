/**
 * Ours meets the Python library in each mode of its requirer, with two units: the leader changes, and a unit goes. Two modes together are in
 * matrix.test.ts, where more happens.
 *
 * @module
 */
import { describe, it } from 'node:test';
import { noMoreHooks } from './hooks.ts';
import { atRest, type Hooks, lifeOfTwo, served } from './lives.ts';
import type { Mode } from './asked.ts';
import { meet } from './meeting.ts';
import { withoutPython } from './python.ts';

const PYTHON = '1.12.0';
const MODES: ReadonlyArray<Mode> = ['UNIT', 'APP'];

const known = new Map<Mode, Promise<Hooks>>();

/** What Python needs with itself, found out once. It tells what it can do, as ours does, which is a hook for each unit. */
const withItself = (mode: Mode): Promise<Hooks> => {
  const setting = { provider: PYTHON, requirer: PYTHON, mode, units: 2, providers: 2, domain: 'example' } as const;
  const hooks = known.get(mode) ?? meet(setting, (meeting) => lifeOfTwo(meeting));
  known.set(mode, hooks);
  return hooks;
};

describe('ours and the modes of the Python library', () => {
  for (const mode of MODES) {
    it(
      `our provider answers two units in mode ${mode}`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'ours', requirer: PYTHON, mode, units: 2, providers: 2 }, async (meeting) => {
          noMoreHooks(await lifeOfTwo(meeting), await withItself(mode), 'python');
        }),
    );

    it(
      `the example of a provider answers two units in mode ${mode}`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'example', requirer: PYTHON, mode, units: 2, providers: 2 }, async (meeting) => {
          await meeting.rest(() => meeting.relate());
          served(meeting, 'issue');
          await atRest(meeting, 'issue');
        }),
    );

    it(
      `two units of ours are answered by Python's provider in mode ${mode}`,
      { skip: withoutPython },
      () =>
        meet({ provider: PYTHON, requirer: 'ours', mode, units: 2, providers: 2 }, async (meeting) => {
          noMoreHooks(await lifeOfTwo(meeting), await withItself(mode), 'ours');
        }),
    );
  }
});
