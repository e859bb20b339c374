/**
 * Ours meets the Python library in each version, in both directions, one unit on each side: everything that can happen to a request.
 *
 * @module
 */
import { describe, it } from 'node:test';
import { noMoreHooks } from './hooks.ts';
import { type Hooks, life } from './lives.ts';
import { meet } from './meeting.ts';
import { type Version, VERSIONS, withoutPython } from './python.ts';

const lengthOf = (version: Version): 'whole' | 'short' => (version === '1.12.0' ? 'whole' : 'short');

const known = new Map<Version, Promise<Hooks>>();

/** What Python needs with itself, found out once. */
const withItself = (version: Version): Promise<Hooks> => {
  const hooks = known.get(version) ??
    meet({ provider: version, requirer: version }, (meeting) => life(meeting, lengthOf(version)));
  known.set(version, hooks);
  return hooks;
};

describe('ours and the Python library', () => {
  for (const version of VERSIONS) {
    it(`charmlibs ${version} comes to rest with itself`, { skip: withoutPython }, async () => {
      await withItself(version);
    });

    it(
      `our provider answers a requirer of charmlibs ${version}`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'ours', requirer: version }, async (meeting) => {
          noMoreHooks(await life(meeting, lengthOf(version)), await withItself(version), 'python');
        }),
    );

    it(
      `our requirer is answered by a provider of charmlibs ${version}`,
      { skip: withoutPython },
      () =>
        meet({ provider: version, requirer: 'ours' }, async (meeting) => {
          noMoreHooks(await life(meeting, lengthOf(version)), await withItself(version), 'ours');
        }),
    );
  }
});
