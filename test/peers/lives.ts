/**
 * What happens to a requirer and its provider, one thing after the other: after each they come to rest, with what they ought to have. How
 * many hooks each took is what is compared.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readCertificates } from './certificates.ts';
import type { Meeting, Mode } from './meeting.ts';

/** How many hooks it took to come to rest, by what happened. */
export type Hooks = Readonly<Record<string, number>>;

const UNIT = 'web-0.example';

/** The last thing that happened left nothing to do: hooks without occasion write not a byte. */
export const atRest = async (meeting: Meeting, what: string): Promise<void> => {
  const before = meeting.published;
  await meeting.idle();
  assert.deepEqual(meeting.published, before, `${what}: at rest`);
  assert.doesNotMatch(JSON.stringify(before), /PRIVATE KEY/, `${what}: no key is published`);
};

/** The time for which certificates are issued here, and a little more. */
const LATER = (): Date => new Date(Date.now() + 100 * 86_400_000);

/** What a requirer of one unit goes through in mode UNIT; a short life ends with the first renewal. */
export const life = async (meeting: Meeting, length: 'whole' | 'short'): Promise<Hooks> => {
  const { juju } = meeting;
  const hooks: Record<string, number> = {};
  const names: Array<string> = [UNIT];
  const happens = async (what: string, happening: () => void): Promise<void> => {
    hooks[what] = await meeting.rest(happening);
  };
  const served = (what: string): void => {
    assert.deepEqual(meeting.has('web/0'), { certificates: { UNIT: [UNIT] }, denied: [] }, what);
    const { answered, asked } = readCertificates(meeting);
    assert.deepEqual([answered.length, asked], [1, 1], `${what}: one request, one answer`);
    assert.deepEqual(answered[0]?.names, [...names].sort(), `${what}: for exactly its names`);
  };

  await happens('issue', () => meeting.relate());
  served('issue');

  names.push('10.0.0.7', 'www.example');
  await happens('change of names', () => juju.configure('web', { sans: '10.0.0.7,www.example' }));
  served('change of names');

  await happens('denial', () => {
    juju.configure('ca', { deny: 'bad.example' });
    juju.configure('web', { sans: 'bad.example' });
  });
  assert.deepEqual(meeting.has('web/0').denied, [102]);
  names.splice(1, 2, 'bad.example');
  await happens('denied, then allowed', () => juju.configure('ca', { deny: '' }));
  served('denied, then allowed');
  await atRest(meeting, 'denied, then allowed');

  const before = readCertificates(meeting).answered[0]?.pem;
  await happens('renewal', () => juju.act('web/0', 'renew'));
  served('renewal');
  assert.notEqual(readCertificates(meeting).answered[0]?.pem, before, 'renewal: another certificate');
  await atRest(meeting, 'renewal');
  if (length === 'short') return hooks;

  await happens('capabilities', () => {
    juju.configure('ca', { 'allowed-domain': 'example' });
    juju.fire('ca/0', 'update-status');
  });
  served('capabilities');

  // Only the Python library keeps certificates in secrets that expire.
  await happens('expiry', () => juju.expireSecrets(LATER()));
  served('expiry');

  await happens('revocation', () => juju.act('ca/0', 'revoke-all'));
  await happens('revoked, then issued', () => juju.fire('ca/0', 'update-status'));
  served('revoked, then issued');

  await happens('change of the CA', () => juju.configure('ca', { ca: 'Another CA' }));
  served('change of the CA');
  assert.match(readCertificates(meeting).answered[0]?.issuer ?? '', /Another CA/);
  await atRest(meeting, 'change of the CA');

  await happens('relation gone', () => juju.removeRelation(meeting.relation));
  await happens('related again', () => meeting.relate());
  served('related again');
  return hooks;
};

/** What an application of two units goes through in a mode. */
export const lifeOfTwo = async (meeting: Meeting, mode: Mode): Promise<Hooks> => {
  const { juju } = meeting;
  const hooks: Record<string, number> = {};
  const happens = async (what: string, happening: () => void): Promise<void> => {
    hooks[what] = await meeting.rest(happening);
  };
  const served = (what: string, units: ReadonlyArray<string>, leader: string): void => {
    for (const unit of units) {
      const certificates = {
        ...(mode === 'UNIT' ? {} : { APP: unit === leader ? ['web.example'] : [] }),
        ...(mode === 'APP' ? {} : { UNIT: [`${unit.replace('/', '-')}.example`] }),
      };
      assert.deepEqual(meeting.has(unit), { certificates, denied: [] }, `${what}: ${unit}`);
    }
  };
  await happens('issue', () => meeting.relate());
  served('issue', ['web/0', 'web/1'], 'web/0');
  await atRest(meeting, 'issue');
  const before = meeting.published;
  await happens('change of the leader', () => juju.lead('web/1'));
  // The one that led hears of it in its next hook.
  await meeting.idle();
  served('change of the leader', ['web/0', 'web/1'], 'web/1');
  assert.deepEqual(meeting.published, before, 'a change of the leader issues nothing anew');
  const gone = await meeting.rest(() => juju.removeUnit('web/0'));
  // Python's provider looks for who is gone only here.
  hooks['unit gone'] = gone + await meeting.rest(() => juju.fire('ca/0', 'update-status'));
  const { asked, answered } = readCertificates(meeting);
  assert.equal(asked, answered.length, 'unit gone: its certificate goes, too');
  served('unit gone', ['web/1'], 'web/1');
  return hooks;
};
