/**
 * The keyring: CSRs for what is missing, in the form of the Python library.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { makeCsr } from '../../../core/keyring/csr.ts';
import { makeMissing, renewalDelay } from '../../../core/keyring/keyring.ts';
import { contentOf } from '../../../core/csr/content.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { generateKey, type KeyAlgorithm, type PrivateKey, readRequest } from '../../../core/x509/mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import type { UnitName } from '../../../mod.ts';
import {
  answering,
  asking,
  csrsIn,
  decideRequires,
  entry,
  first,
  kept,
  relation,
  UNIT_KEY,
  unitCertificate,
  unitCsr,
} from '../csr/world.ts';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const newKey = async (algorithm: KeyAlgorithm): Promise<PrivateKey> => {
  const key = await generateKey(algorithm)();
  if (key._tag === 'Left') throw new Error(key.left);
  return key.right;
};

const valueOf = <A>(result: { readonly _tag: 'Left' } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (result._tag === 'Left') throw new Error('not made');
  return result.right;
};

const recording = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/csr/${name}.json`, import.meta.url), 'utf8')).steps[0].result;

describe('the keyring', () => {
  it('makes the very bytes of the Python library, with the same RSA key and identifier', async () => {
    const { localUnitData, secrets } = recording('requires-unit-first-request');
    const [theirs = ''] = csrsIn(localUnitData['certificates:1']);
    const known = textsOnce().csr(theirs);
    const identifier = known?.csr.subject.attributes.find(({ type }) => type === '2.5.4.45')?.value ?? null;
    const content = known?.content;
    if (content === undefined) throw new Error('the recording has no CSR');
    const ours = await makeCsr({ content, certType: 'server', key: secrets[0].content['private-key'], identifier })();
    assert.equal(valueOf(ours), theirs);
  });

  it('makes the very bytes for every field too, but for the order of SANs', async () => {
    const { localUnitData, secrets } = recording('requires-every-field');
    const [theirs = ''] = csrsIn(localUnitData['certificates:1']);
    const known = textsOnce().csr(theirs);
    if (known === null) throw new Error('the recording has no CSR');
    const identifier = known.csr.subject.attributes.find(({ type }) => type === '2.5.4.45')?.value ?? null;
    const key = secrets[0].content['private-key'];
    const ours = textsOnce().csr(
      valueOf(await makeCsr({ content: known.content, certType: 'server', key, identifier })()),
    );
    assert.deepEqual(ours?.content, known.content);
    assert.equal(ours?.csr.subject.text, known.csr.subject.text);
    assert.equal(ours?.csr.der.length, known.csr.der.length);
  });

  it('signs with RSA, P-256 and P-384, and with nothing else', async () => {
    const content = contentOf({ commonName: 'web', sans: ['b', 'a', '10.0.0.7', '1.2.840.1'], uniqueIdentifier: true });
    for (const algorithm of ['RSA-2048', 'P-256', 'P-384'] as const) {
      const key = await newKey(algorithm);
      const csr = valueOf(await makeCsr({ content: valueOf(content), certType: 'client', key, identifier: 'x' })());
      const read = await readRequest(csr)();
      assert.deepEqual(
        read._tag === 'Right' && read.right.sans.map(({ value }) => value),
        ['1.2.840.1', '10.0.0.7', 'a', 'b'],
        `the signature of ${algorithm} holds, and SANs are in order`,
      );
      assert.deepEqual(textsOnce().csr(csr)?.csr.extendedKeyUsage, ['clientAuth']);
    }
    for (
      const [key, fault] of [[await newKey('P-521'), 'key-unsupported'], [
        'no key' as PrivateKey,
        'key-unreadable',
      ]] as const
    ) {
      const made = await makeCsr({ content: valueOf(content), certType: 'server', key, identifier: null })();
      assert.deepEqual(made, { _tag: 'Left', left: fault });
    }
  });

  it('makes what is missing, each once, and `decide` takes it', async () => {
    const key = await newKey('P-256');
    const requests = [
      { certType: 'server', commonName: 'a', sans: ['::1', 'x'], subject: { country: 'SE', organization: 'ö' } },
      { certType: 'server', commonName: 'a', sans: ['x', '::1'], subject: { country: 'SE', organization: 'ö' } },
      { certType: 'client', commonName: 'b', uniqueIdentifier: false },
      { certType: 'intermediate', commonName: 'c' },
      { certType: 'application', commonName: 'd' },
      { certType: 'server', sans: ['ü'] },
    ];
    const world = { keys: null, isLeader: true, intent: { requests } };
    const { made } = valueOf(
      await makeMissing(decideRequires(world).view, { keys: { unit: key, application: null }, random })(),
    );
    assert.equal(made.length, 3);
    const outcome = decideRequires({ ...world, intent: { requests, made } });
    assert.deepEqual(
      outcome.view.requests.map(({ state }) => state),
      ['asked', 'asked', 'asked', 'asked', 'missing', 'impossible'],
    );
  });

  it('lets a renewal wait for its turn, and one that the charm wants never', async () => {
    const key = await newKey('P-256');
    const requests = [{ certType: 'server', commonName: 'web.example' }];
    const csr = unitCsr();
    const world = {
      keys: [kept(UNIT_KEY)],
      relations: [relation({
        localUnitData: asking(csr),
        remoteApplicationData: answering(entry(csr, unitCertificate())),
      })],
      intent: { requests },
    };
    const at = async (now: string, intent: unknown = { requests }) => {
      const { view } = decideRequires({ ...world, now, intent });
      const spread = { unit: 'web/7' as UnitName, now: now as Timestamp };
      return valueOf(await makeMissing(view, { keys: { unit: key, application: null }, random, spread })());
    };
    const due = await at('2026-11-25T12:00:00Z');
    assert.equal(due.made.length, 0);
    const until = due.until ?? '';
    assert.ok(until > '2026-11-25T12:00:00Z' && until < '2026-11-29T12:00:00Z', until);
    const turn = await at(until);
    assert.deepEqual([turn.made.length, turn.until], [1, null]);
    const wanted = await at('2026-06-01T00:00:00Z', { requests, renew: requests });
    assert.equal(wanted.made.length, 1);
  });

  it('spreads renewals of units over a hundredth of the life, always the same for one', () => {
    const request = first(decideRequires({ intent: { requests: [{ certType: 'server', commonName: 'a' }] } }));
    const delays = Array.from({ length: 200 }, (_, i) => renewalDelay(`web/${i}` as UnitName, request, 1_000_000));
    assert.ok(delays.every((delay) => delay >= 0 && delay <= 10_000));
    assert.ok(new Set(delays.map((delay) => Math.floor(delay / 1000))).size === 10, 'in every tenth of it');
    assert.equal(renewalDelay('web/7' as UnitName, request, 1_000_000), delays[7]);
  });
});
