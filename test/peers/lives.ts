/**
 * What happens to a requirer and its provider, one thing after the other: after each they come to rest, with what they ought to have. How
 * many hooks each took is what is compared.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readCertificates } from './certificates.ts';
import { type Meeting, REFUSED } from './meeting.ts';

/** How many hooks it took to come to rest, by what happened. */
export type Hooks = Readonly<Record<string, number>>;

/** The last thing that happened left nothing to do: hooks without occasion write not a byte. */
export const atRest = async (meeting: Meeting, what: string): Promise<void> => {
  const before = meeting.published;
  await meeting.idle();
  assert.deepEqual(meeting.published, before, `${what}: at rest`);
  assert.doesNotMatch(JSON.stringify(before), /PRIVATE KEY/, `${what}: no key is published`);
};

/** Counts the hooks of what happens. */
const counting = (meeting: Meeting) => {
  const hooks: Record<string, number> = {};
  const happens = async (what: string, happening: () => void): Promise<void> => {
    hooks[what] = await meeting.rest(happening);
  };
  return { hooks, happens };
};

/** Everybody has what he asked for, and there is an answer for each request, of exactly its names. */
export const served = (meeting: Meeting, what: string, leader = 'web/0', ...more: ReadonlyArray<string>): void => {
  const units = meeting.juju.unitsOf('web');
  for (const unit of units) assert.deepEqual(meeting.has(unit), meeting.due(unit, leader), `${what}: ${unit}`);
  const { answered, asked } = readCertificates(meeting);
  const { mode, more: kinds } = meeting.asked;
  const names = [
    ...(mode === 'UNIT' ? [] : [['web.example', ...more]]),
    ...(mode === 'APP' ? [] : units.map((unit) => [`${unit.replace('/', '-')}.example`, ...more])),
    ...units.flatMap((unit) => kinds.map((kind) => [`${unit.replace('/', '-')}.${kind}.example`, ...more])),
  ].map((all) => all.sort().join()).sort();
  assert.equal(asked, names.length, `${what}: nothing else is asked for`);
  assert.deepEqual(answered.map((one) => one.names.join()).sort(), names, `${what}: for exactly its names`);
  const published = new Set(answered.map(({ pem }) => pem));
  for (const pem of units.flatMap((unit) => meeting.installed(unit))) {
    assert.ok(published.has(pem), `${what}: what is installed is what is published`);
  }
};

const one = (meeting: Meeting): string => readCertificates(meeting).answered[0]?.pem ?? '';

/** What a requirer of one unit goes through in mode UNIT; a short life ends with the first renewal. */
export const life = async (meeting: Meeting, length: 'whole' | 'short'): Promise<Hooks> => {
  const { juju } = meeting;
  const { hooks, happens } = counting(meeting);

  await happens('issue', () => meeting.relate());
  served(meeting, 'issue');

  await happens('change of names', () => juju.configure('web', { sans: '10.0.0.7,www.example' }));
  served(meeting, 'change of names', 'web/0', '10.0.0.7', 'www.example');

  await happens('denial', () => {
    meeting.judge('refuse');
    juju.configure('web', { sans: REFUSED });
  });
  assert.deepEqual(meeting.has('web/0').denied, [102]);
  assert.equal(readCertificates(meeting).answered.length, 0);
  await happens('denied, then allowed', () => meeting.judge('certify'));
  served(meeting, 'denied, then allowed', 'web/0', REFUSED);
  await atRest(meeting, 'denied, then allowed');

  const again = (what: string): void => served(meeting, what, 'web/0', REFUSED);
  const anew = async (what: string, happening: () => void): Promise<void> => {
    const before = one(meeting);
    await happens(what, happening);
    again(what);
    assert.notEqual(one(meeting), before, `${what}: another certificate`);
  };
  await anew('renewal', () => meeting.renew());
  await atRest(meeting, 'renewal');
  if (length === 'short') return hooks;

  await happens('capabilities', () => meeting.tellDomain('example'));
  again('capabilities');
  const { allowed_domains: domains } = JSON.parse(meeting.published['ca']?.['capabilities'] ?? '{}');
  assert.ok(domains.includes('example'), 'capabilities');

  await anew('expiry', () => meeting.expire());
  const revoked = one(meeting);
  const hooksOfRevocation = await meeting.rest(() => juju.act('ca/0', 'revoke-all'));
  // Ours has issued anew in the action already, Python's does so only now.
  hooks['revocation'] = hooksOfRevocation + await meeting.rest(() => juju.fire('ca/0', 'update-status'));
  again('revocation');
  assert.notEqual(one(meeting), revoked, 'revocation: another certificate');

  await anew('change of the CA', () => meeting.replaceCa());
  assert.match(readCertificates(meeting).answered[0]?.issuer ?? '', /Another CA|Our CA G2/);
  await atRest(meeting, 'change of the CA');

  await happens('relation gone', () => juju.removeRelation(meeting.relation));
  await anew('related again', () => meeting.relate());
  return hooks;
};

/** What an application of two units goes through in a mode, with two units of the provider. */
export const lifeOfTwo = async (meeting: Meeting): Promise<Hooks> => {
  const { juju } = meeting;
  const { hooks, happens } = counting(meeting);
  await happens('issue', () => meeting.relate());
  served(meeting, 'issue');
  await atRest(meeting, 'issue');
  const before = meeting.published;
  for (const leader of ['web/1', 'ca/1']) {
    const what = `${leader} leads`;
    await happens(what, () => juju.lead(leader));
    // The one that led hears of it in its next hook.
    await meeting.idle();
    served(meeting, what, 'web/1');
    assert.deepEqual(meeting.published, before, `${what}: nothing is issued anew`);
  }
  const gone = await meeting.rest(() => juju.removeUnit('web/0'));
  // Python's provider looks for who is gone only here.
  hooks['unit gone'] = gone + await meeting.rest(() => juju.fire('ca/1', 'update-status'));
  served(meeting, 'unit gone', 'web/1');
  return hooks;
};

/** What becomes of a request of a certain kind: it is answered, and renewed. */
export const lifeOfKind = async (meeting: Meeting): Promise<Hooks> => {
  const { hooks, happens } = counting(meeting);
  await happens('issue', () => meeting.relate());
  served(meeting, 'issue');
  const before = one(meeting);
  await happens('renewal', () => meeting.renew());
  served(meeting, 'renewal');
  assert.notEqual(one(meeting), before, 'renewal: another certificate');
  await atRest(meeting, 'renewal');
  return hooks;
};
