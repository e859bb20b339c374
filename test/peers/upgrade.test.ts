/**
 * A charm is upgraded from the Python library to ours and back, on the same bags and secrets: neither writes a byte, and everybody has
 * what he had.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Asked } from './asked.ts';
import type { PeerCharm } from './charm.ts';
import { atRest, served } from './lives.ts';
import { meet, type Meeting, type Peer } from './meeting.ts';
import { type Version, withoutPython } from './python.ts';

/** The charm has other code now, and nothing of what is published has changed. */
const upgraded = async (meeting: Meeting, charm: PeerCharm, peer: Peer): Promise<void> => {
  const { juju, published: before } = meeting;
  const hooks = juju.hooks.length;
  await meeting.upgrade(charm, peer);
  await atRest(meeting, `${charm} is ${peer}`);
  assert.deepEqual(meeting.published, before, `${charm} is ${peer}: not a byte`);
  served(meeting, `${charm} is ${peer}`);
  const writes = juju.hooks.slice(hooks).flatMap(({ calls }) => calls).filter(({ tool }) => tool === 'relation-set');
  assert.deepEqual(writes, [], `${charm} is ${peer}: nothing is even set`);
};

/** What becomes ours, and whether it goes back: 1.8.3 does not find an application's key where later versions and ours keep it. */
const CASES: ReadonlyArray<readonly [Version, Pick<Asked, 'mode'> & Partial<Asked>, 'and goes back' | 'and stays']> = [
  ['1.8.3', { mode: 'UNIT' }, 'and goes back'],
  ['1.8.3', { mode: 'APP' }, 'and stays'],
  ['1.10.1', { mode: 'APP' }, 'and goes back'],
  ['1.12.0', { mode: 'APP_AND_UNIT', keys: 'P-256' }, 'and goes back'],
];

describe('upgrades between ours and the Python library', () => {
  for (const [version, asked, then] of CASES) {
    it(
      `a requirer of charmlibs ${version} in mode ${asked.mode} becomes ours ${then}`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'ours', requirer: version, ...asked, units: 2 }, async (meeting) => {
          await meeting.rest(() => meeting.relate());
          await atRest(meeting, 'issue');
          await upgraded(meeting, 'requirer', 'ours');
          if (then === 'and goes back') await upgraded(meeting, 'requirer', version);
        }),
    );
  }

  it(
    'a requirer that has become ours renews, and goes back with what it has then',
    { skip: withoutPython },
    () =>
      meet({ provider: '1.12.0', requirer: '1.12.0' }, async (meeting) => {
        await meeting.rest(() => meeting.relate());
        await upgraded(meeting, 'requirer', 'ours');
        const { published } = meeting;
        await meeting.rest(() => meeting.expire());
        served(meeting, 'renewed');
        assert.notDeepEqual(meeting.published, published);
        const labels = meeting.juju.secrets('web').flatMap(({ label }) => label ?? []);
        assert.deepEqual(
          labels.filter((label) => /^\w+-certificate-/.test(label)),
          [],
          'the secrets of before are gone',
        );
        await upgraded(meeting, 'requirer', '1.12.0');
      }),
  );

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
    'a provider of charmlibs becomes ours with its CA, and goes back: every answer stays',
    { skip: withoutPython },
    () =>
      meet({ provider: '1.12.0', requirer: 'ours' }, async (meeting) => {
        await meeting.rest(() => meeting.relate());
        const answers = (): unknown => meeting.published['ca']?.['certificates'];
        const { juju, keptCa, published: before } = meeting;
        await upgraded(meeting, 'provider', 'ours');
        assert.equal(juju.unit('ca/0').status.status, 'blocked', 'it waits for the CA');
        assert.deepEqual((await juju.run('ca/0', 'import-ca', keptCa)).failure, null);
        await atRest(meeting, 'the provider is ours');
        assert.equal(juju.unit('ca/0').status.status, 'active');
        assert.deepEqual(answers(), before['ca']?.['certificates']);
        await meeting.rest(() => meeting.juju.configure('web', { sans: 'www.example' }));
        served(meeting, 'the provider is ours', 'web/0', 'www.example');
        const then = answers();
        await meeting.upgrade('provider', '1.12.0');
        // Python's says nothing of what it can do, and takes back what ours said.
        await meeting.idle();
        await atRest(meeting, 'the provider is 1.12.0');
        assert.deepEqual(answers(), then);
      }),
  );
});
