/**
 * ML-DSA (RFC 9881): read everywhere; made, signed with and verified where the runtime has it, and said plainly where it has not.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { answerRequests, createAuthority, openAuthority, openPolicy } from '../../../core/authority/mod.ts';
import { describe as read, generateKey, judge, type JudgeInput } from '../../../core/x509/mod.ts';
import { readPem, writePem } from '../../../core/x509/pem.ts';
import { emptyMemory, nothingToPublish, provides } from '../../../mod.ts';
import { decodedProvides } from '../../world.ts';
import { issueAll, right, verdictOf } from './cases.ts';
import * as f from './forge.ts';

const SETS = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;

const { published: { 'ml-dsa-mldsa65': published } } = JSON.parse(
  readFileSync(new URL('../../data/x509-faults.json', import.meta.url), 'utf8'),
);

const INPUT: JudgeInput = {
  ...published,
  certType: 'server',
  names: { commonName: 'web.example', sans: ['web.example'] },
  chain: null,
  now: null,
};

/** The seed of a key that was made here: the last 32 bytes of its PKCS#8. */
const seedOf = (key: string): Uint8Array => readPem(key).blocks[0]?.bytes.slice(-32) ?? new Uint8Array();

describe('ML-DSA', () => {
  let isThere: boolean;
  before(async () => {
    isThere = (await generateKey('ML-DSA-44')())._tag === 'Right';
  });

  it('is described on every runtime', () => {
    const [certificate] = read(INPUT.certificate).certificates;
    assert.deepEqual(certificate?.publicKey, { kind: 'ml-dsa', parameterSet: 'ML-DSA-65' });
    assert.deepEqual(certificate?.signatureAlgorithm, { name: 'ML-DSA-65' });
  });

  it('is judged where the runtime can, and else it is not judged, which is no refusal', async () => {
    const { verdict, faults } = await judge(INPUT)();
    assert.equal(verdict, isThere ? 'good' : 'not-judged');
    const codes = faults.map(({ code }) => code);
    assert.deepEqual(codes, isThere ? [] : ['key-unsupported', 'key-unsupported']);
  });

  it('is verified, and refused where a bit is changed', async () => {
    if (!isThere) return assert.equal((await generateKey('ML-DSA-65')())._tag, 'Left');
    const [block] = readPem(published.certificate).blocks;
    assert.ok(block);
    const changed = block.bytes.map((byte, i) => (i === block.bytes.length - 9 ? byte ^ 1 : byte));
    assert.equal(await verdictOf({ certificate: changed, ca: published.ca }), 'signature-invalid@0');
    assert.equal(await verdictOf({ certificate: block.bytes, ca: published.ca }), 'ok 2');
  });

  for (const set of SETS) {
    it(`${set} is issued, from a request and for a key, or the runtime is said not to have it`, async () => {
      if (!isThere) return assert.deepEqual(await generateKey(set)(), { _tag: 'Left', left: 'key-unsupported' });
      const { root, middle, certificate, key, asked } = await issueAll(set, 'server');
      assert.equal(await verdictOf({ certificate, chain: middle, ca: root, purpose: 'server' }), 'ok 3');
      const judgement = await judge({
        certificate,
        key,
        chain: middle,
        ca: root,
        certType: 'server',
        names: asked,
        now: null,
      })();
      assert.deepEqual(judgement.faults, []);
      assert.deepEqual(read(certificate).certificates[0]?.keyUsage, ['digitalSignature']);
    });
  }

  it('has private keys as a seed, or as a seed with the expanded key; the expanded key alone is of no use to WebCrypto', async () => {
    const made = await generateKey('ML-DSA-44')();
    const seed = made._tag === 'Right' ? seedOf(made.right) : new Uint8Array(32);
    const [version, algorithm] = [f.der(2, 0), f.der(0x30, f.oid('2.16.840.1.101.3.4.3.17'))];
    const keyOf = (choice: f.Der): string => writePem('PRIVATE KEY', f.der(0x30, version, algorithm, f.der(4, choice)));
    const judged = async (key: string): Promise<ReadonlyArray<string>> =>
      (await judge({ ...INPUT, key })()).faults.filter(({ code }) => code.startsWith('key-')).map(({ code }) => code);
    const fits = isThere ? ['key-mismatch'] : ['key-mismatch', 'key-unsupported'];
    assert.deepEqual(await judged(keyOf(f.der(0x80, seed))), fits);
    assert.deepEqual(await judged(keyOf(f.der(0x30, f.der(4, seed), f.der(4, new Uint8Array(2560))))), fits);
    assert.equal((await judged(keyOf(f.der(4, new Uint8Array(2560)))))[0], 'key-unsupported');
    assert.equal((await judged(keyOf(f.der(0x80, seed.subarray(1)))))[0], 'key-unreadable');
  });

  it('is a kind of key that an authority issues', async () => {
    const moment = {
      now: new Date('2026-11-25T12:00:00Z'),
      random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
    };
    const authority = right(await openAuthority(right(await createAuthority({ commonName: 'Test CA' }, moment)()))());
    const { snapshot } = decodedProvides({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'ca/0',
        endpoint: 'certificates',
        relations: [{
          id: 'certificates:3',
          localUnitData: {},
          remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } },
        }],
      },
    });
    const policy = { ...openPolicy, kinds: { ...openPolicy.kinds, server: { days: 30, keys: 'ML-DSA-65' as const } } };
    const { view } = provides.decide(snapshot, nothingToPublish, emptyMemory);
    const { answers, refusals } = await answerRequests({ authority, policy, moment }, view)();
    if (!isThere) {
      assert.deepEqual(refusals.map(({ reason }) => reason), ['this runtime makes no keys of the kind ML-DSA-65']);
      return;
    }
    const [answer] = answers;
    assert.ok(answer !== undefined && 'cert' in answer && typeof answer.cert === 'string');
    assert.deepEqual(read(answer.cert).certificates[0]?.publicKey, { kind: 'ml-dsa', parameterSet: 'ML-DSA-65' });
  });
});
