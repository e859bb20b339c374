/**
 * A charm is upgraded from the Python library to ours and back, on the same bags and secrets: neither writes a byte, and everybody has
 * what he had.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { atRest } from './lives.ts';
import { meet, type Meeting, type Mode, type Peer } from './meeting.ts';
import type { PeerCharm } from './charm.ts';
import { type Version, withoutPython } from './python.ts';

/** The charm has other code now, and nothing of what is published or had has changed. */
const upgraded = async (meeting: Meeting, charm: PeerCharm, peer: Peer): Promise<void> => {
  const { juju } = meeting;
  const [before, had] = [meeting.published, juju.unitsOf('web').map((unit) => meeting.has(unit))];
  const hooks = juju.hooks.length;
  await meeting.upgrade(charm, peer);
  await atRest(meeting, `${charm} is ${peer}`);
  assert.deepEqual(meeting.published, before, `${charm} is ${peer}: not a byte`);
  assert.deepEqual(juju.unitsOf('web').map((unit) => meeting.has(unit)), had);
  const writes = juju.hooks.slice(hooks).flatMap(({ calls }) => calls).filter(({ tool }) => tool === 'relation-set');
  assert.deepEqual(writes, [], `${charm} is ${peer}: nothing is even set`);
};

/** Where an older version would not find the application's key again, it is met in mode UNIT. */
const CASES: ReadonlyArray<readonly [Version, Mode]> = [['1.8.3', 'UNIT'], ['1.12.0', 'APP'], [
  '1.12.0',
  'APP_AND_UNIT',
]];

describe('upgrades between ours and the Python library', () => {
  for (const [version, mode] of CASES) {
    it(
      `a requirer of charmlibs ${version} in mode ${mode} becomes ours and goes back`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'ours', requirer: version, mode, units: 2 }, async (meeting) => {
          await meeting.rest(() => meeting.relate());
          await atRest(meeting, 'issue');
          await upgraded(meeting, 'requirer', 'ours');
          await upgraded(meeting, 'requirer', version);
        }),
    );
  }

  it(
    'a requirer of ours becomes one of charmlibs and goes back',
    { skip: withoutPython },
    () =>
      meet({ provider: '1.12.0', requirer: 'ours', mode: 'APP_AND_UNIT' }, async (meeting) => {
        await meeting.rest(() => meeting.relate());
        await upgraded(meeting, 'requirer', '1.12.0');
        await upgraded(meeting, 'requirer', 'ours');
      }),
  );

  it(
    'a provider of charmlibs becomes ours and goes back',
    { skip: withoutPython },
    () =>
      meet({ provider: '1.12.0', requirer: 'ours' }, async (meeting) => {
        await meeting.rest(() => meeting.relate());
        await upgraded(meeting, 'provider', 'ours');
        await upgraded(meeting, 'provider', '1.12.0');
      }),
  );
});
