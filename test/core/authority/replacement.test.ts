/**
 * Replacing a CA: the steps, what is published in each, and that whoever trusts any of it can follow to whatever was issued.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  abortReplacement,
  announceReplacement,
  AuthorityState,
  completeReplacement,
  createAuthority,
  followGeneration,
  isDueToSign,
  openPolicy,
  type Policy,
  publishedOf,
  replacementOf,
  rotateAuthority,
  tellReplacement,
} from '../../../core/authority/mod.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import { describe as describeBundle, generateKey, issue, verify } from '../../../core/x509/mod.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const at = (days: number) => ({ now: later(days), random });
const WANTED = { commonName: 'Test CA' };

type Work<A> = () => Promise<{ _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: A }>;

const right = async <A>(work: Work<A>): Promise<A> => {
  const result = await work();
  return result._tag === 'Right' ? result.right : assert.fail(`this should work: ${JSON.stringify(result.left)}`);
};

const created = (wanted: { readonly commonName: string; readonly days?: number } = WANTED): Promise<AuthorityState> =>
  right(createAuthority(wanted, at(0)));

const subjects = (pem: string): ReadonlyArray<string> =>
  describeBundle(pem).certificates.map(({ subject, issuer }) =>
    subject.text === issuer.text ? subject.text : `${subject.text} by ${issuer.text}`
  );

/** A certificate for a server, by the CA that signs. */
const issuedBy = async (state: AuthorityState, days: number): Promise<string> =>
  right(issue(
    { certType: 'server', commonName: 'web.example', sans: [], holder: { key: await right(generateKey('P-256')) } },
    state,
    { notBefore: later(days), notAfter: later(days + 90), random },
  ));

/** Whether somebody who trusts these CAs can follow to a certificate with a chain. */
const follows = async (ca: string, certificate: string, chain: string, days: number): Promise<boolean> =>
  (await verify({ certificate, ca, ...(chain === '' ? {} : { chain }), now: later(days), purpose: 'server' })())
    ._tag === 'Right';

const never = (): boolean => false;
const policy: Policy = { ...openPolicy, announceDays: 2, overlapDays: 10 };

describe('replacing a CA', () => {
  it('announceReplacement() publishes a CA of another name as trusted, and lets the present one sign', async () => {
    const before = await created();
    const state = await right(announceReplacement(before, WANTED, at(1)));
    const { ca, chain } = publishedOf(state, later(1));
    assert.deepEqual([subjects(ca), chain], [['CN=Test CA', 'CN=Test CA G2'], '']);
    assert.deepEqual([state.certificate, state.key], [before.certificate, before.key]);
    const again = await right(announceReplacement(state, WANTED, at(2)));
    assert.equal(again, state, 'one is announced at a time');
  });

  it('isDueToSign() waits for every requirer or for the time of the policy', async () => {
    const state = await right(announceReplacement(await created(), WANTED, at(0)));
    const due = [0, 1.9, 2].map((days) => isDueToSign(state, policy, later(days), never));
    assert.deepEqual(due, [false, false, true]);
    const asked: Array<string> = [];
    const hasHeard = (since: Date) => asked.push(since.toISOString()) > 0;
    assert.ok(isDueToSign(state, policy, later(1), hasHeard));
    assert.deepEqual(asked, [NOW.toISOString()]);
    assert.ok(!isDueToSign(await created(), policy, later(9), () => true), 'nothing is announced');
  });

  it('completeReplacement() has the new CA sign, certified by the former one, which stays trusted to the overlap’s end', async () => {
    const first = await created();
    const announced = await right(announceReplacement(first, WANTED, at(0)));
    const state = await right(completeReplacement(announced, 10, at(2)));
    assert.deepEqual([state.certificate, state.next], [announced.next?.certificate, null]);
    const { ca, chain } = publishedOf(state, later(3));
    assert.deepEqual(subjects(ca), ['CN=Test CA', 'CN=Test CA G2'], 'who reads the first alone knows it already');
    assert.deepEqual(subjects(chain), ['CN=Test CA G2 by CN=Test CA']);
    const after = publishedOf(state, later(12));
    assert.deepEqual(after, { ca: state.certificate, chain }, 'what the former CA certified stays a while longer');
    assert.deepEqual(publishedOf(state, later(22)), { ca: state.certificate, chain: '' });

    const [old, anew] = [await issuedBy(first, 1), await issuedBy(state, 3)];
    assert.ok(await follows(ca, old, '', 3), 'what is still in use');
    assert.ok(await follows(ca, anew, chain, 3));
    assert.ok(await follows(first.certificate, anew, chain, 3), 'who knows the former CA alone');
    assert.ok(await follows(state.certificate, anew, chain, 3), 'who knows the new CA alone');
    assert.ok(!await follows(first.certificate, anew, '', 3), 'the former CA did not sign it');
  });

  it('rotateAuthority() does it at once, any number of times, and the chain leads from each to the one before', async () => {
    const first = await created();
    let state = first;
    for (const days of [1, 2, 3]) state = await right(rotateAuthority(state, WANTED, 10, at(days)));
    const { ca, chain } = publishedOf(state, later(4));
    assert.deepEqual(subjects(ca), ['CN=Test CA', 'CN=Test CA G2', 'CN=Test CA G3', 'CN=Test CA G4']);
    assert.deepEqual(subjects(chain), [
      'CN=Test CA G4 by CN=Test CA G3',
      'CN=Test CA G3 by CN=Test CA G2',
      'CN=Test CA G2 by CN=Test CA',
    ]);
    const certificate = await issuedBy(state, 4);
    assert.ok(await follows(first.certificate, certificate, chain, 4));
    assert.deepEqual(subjects(publishedOf(state, later(12.5)).ca), ['CN=Test CA G3', 'CN=Test CA G4']);
    assert.deepEqual(subjects(publishedOf(state, later(22.5)).chain), ['CN=Test CA G4 by CN=Test CA G3']);
  });

  it('rotateAuthority() leaves nothing of a CA whose overlap is none, as for a key that others know', async () => {
    const state = await right(rotateAuthority(await created(), WANTED, 0, at(1)));
    assert.deepEqual(publishedOf(state, later(1)), { ca: state.certificate, chain: '' });
  });

  it('completeReplacement() keeps no former CA beyond its own end, and needs no certificate of one that has ended', async () => {
    const short = await right(announceReplacement(await created({ commonName: 'Short', days: 5 }), WANTED, at(1)));
    const state = await right(completeReplacement(short, 30, at(2)));
    const [former] = state.retired;
    assert.deepEqual([former?.until, former?.cross?.until], [later(3.5).toISOString(), later(5).toISOString()]);
    const late = await right(completeReplacement(short, 30, at(6)));
    assert.equal(late.retired[0]?.cross, null);
    assert.deepEqual(publishedOf(late, later(6)), { ca: late.certificate, chain: '' });
  });

  it('replacementOf() has the new CA sign early where the present one is near its end', async () => {
    const state = await right(announceReplacement(await created({ commonName: 'Short', days: 3 }), WANTED, at(1)));
    const long = { ...policy, announceDays: 30 };
    assert.deepEqual(replacementOf(state, long, later(1)), {
      phase: 'announced',
      signsAt: later(2).toISOString(),
    });
  });

  it('abortReplacement() takes an announced CA back before it signs, and no other', async () => {
    const state = await created();
    assert.deepEqual(abortReplacement(state), { _tag: 'Left', left: 'nothing-announced' });
    const announced = await right(announceReplacement(state, WANTED, at(0)));
    const aborted = abortReplacement(announced);
    assert.ok(aborted._tag === 'Right');
    assert.deepEqual(publishedOf(aborted.right, later(1)), publishedOf(state, later(1)));
    const next = await right(announceReplacement(aborted.right, WANTED, at(2)));
    assert.deepEqual(subjects(next.next?.certificate ?? ''), ['CN=Test CA G3'], 'no name is used for two keys');
    const done = await right(completeReplacement(announced, 10, at(2)));
    assert.deepEqual(abortReplacement(done), { _tag: 'Left', left: 'nothing-announced' });
  });

  it('followGeneration() announces what a higher number asks for, and takes it back when the number is put back', async () => {
    const follow = (state: AuthorityState, generation: number) =>
      right(followGeneration(state, generation, WANTED, at(1)));
    const first = await created();
    assert.equal(await follow(first, 1), first);
    const announced = await follow(first, 2);
    assert.equal(announced.next?.generation, 2);
    assert.equal(await follow(announced, 2), announced);
    assert.equal((await follow(announced, 1)).next, null);
    const done = await right(completeReplacement(announced, 10, at(2)));
    assert.equal(await follow(done, 2), done);
    assert.equal(await follow(done, 1), done, 'what signs cannot be taken back');
    assert.ok((await follow(done, 3)).next !== null);
    const aborted = abortReplacement(announced);
    assert.ok(aborted._tag === 'Right');
    assert.equal(await follow(aborted.right, 2), aborted.right, 'an aborted number is dealt with');
    const due = await right(announceReplacement(first, WANTED, at(1)));
    assert.equal(await follow(due, 1), due, 'a replacement that nobody asked for by number is none of its business');
  });

  it('tellReplacement() says where it stands, with times', async () => {
    const state = await right(announceReplacement(await created(), WANTED, at(0)));
    const told = (kept: AuthorityState, days: number) => tellReplacement(replacementOf(kept, policy, later(days)));
    assert.match(told(state, 0) ?? '', /trusted beside.*2026-11-27T12:00:00/);
    const done = await right(completeReplacement(state, 10, at(2)));
    assert.match(told(done, 3) ?? '', /former one is trusted until 2026-12-07T12:00:00/);
    assert.equal(told(done, 13), null);
  });

  it('AuthorityState reads what earlier versions kept, and what this one keeps in each step', async () => {
    const state = await created();
    const { certificate, key } = state;
    const former = { certificate, until: '2026-12-25T12:00:00Z' };
    const read = decodeWith(AuthorityState)({ certificate, key, retired: [former] });
    assert.ok(read._tag === 'Right');
    const upgraded = read.right;
    assert.deepEqual(publishedOf(upgraded, NOW).chain, '', 'a former CA certifies nothing');
    const next = await right(announceReplacement(upgraded, WANTED, at(0)));
    assert.deepEqual(subjects(next.next?.certificate ?? ''), ['CN=Test CA G3'], 'two are known already');
    const done = await right(completeReplacement(next, 10, at(1)));
    for (const kept of [next, done]) {
      const again = decodeWith(AuthorityState)(JSON.parse(JSON.stringify(kept)));
      assert.deepEqual(again._tag === 'Right' && { ...again.right }, JSON.parse(JSON.stringify(kept)));
    }
    assert.equal(decodeWith(AuthorityState)({ ...JSON.parse(JSON.stringify(state)), version: 4 })._tag, 'Left');
  });

  it('names a new CA within the 64 characters that there are', async () => {
    const commonName = 'ä'.repeat(64);
    const state = await right(announceReplacement(await created({ commonName }), { commonName }, at(0)));
    assert.deepEqual(subjects(state.next?.certificate ?? ''), [`CN=${'ä'.repeat(61)} G2`]);
  });
});
