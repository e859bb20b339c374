/**
 * What an authority refuses of a certificate request, with which code, and what it publishes of its policy.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { answerCsrs, openAuthority, openPolicy, type Policy } from '../../../core/authority/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { describe as describeBundle, generateKey, makeRequest, type PrivateKey } from '../../../core/x509/mod.ts';
import { csrPem, ecKey, extended, rsaKey } from '../csr/forge.ts';
import { asking, providesInput, relation, type WorldRelation } from '../csr/world.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { at, newKey, NOW, Pair, right } from './csr-world.ts';

const pair = await Pair.make();
const key = await newKey();

/** A CSR of ours with a signature that holds. */
const csrFor = (commonName: string, sans: ReadonlyArray<string> = [], own: PrivateKey = key): Promise<string> =>
  right(makeRequest({ commonName, sans, key: own }));

const intentFor = async (
  requests: ReadonlyArray<string | readonly [string, boolean]>,
  policy: Partial<Policy> = {},
  change: Partial<WorldRelation> = {},
) => {
  const authority = await right(openAuthority(pair.state));
  const world = {
    now: NOW.toISOString(),
    relations: [relation({ remoteUnits: { 'web/0': asking(...requests) }, ...change })],
  };
  const { view } = providesInput(world).decided();
  const intent = await answerCsrs({ authority, policy: { ...openPolicy, ...policy }, moment: at(NOW) }, view)();
  // What it wants is decoded as any document is, and leads to no finding.
  const { findings } = providesInput({ ...world, intent: JSON.parse(JSON.stringify(intent)) }).decided();
  return { intent, findings };
};

const refusedWith = async (csr: string, policy: Partial<Policy> = {}, isCa = false) => {
  const { intent } = await intentFor([[csr, isCa]], policy);
  assert.equal(intent.answers.length + intent.refusals.length, 1);
  const [refusal] = intent.refusals;
  return refusal === undefined ? null : [refusal.code, refusal.name, refusal.message];
};

const NARROW = { allowedNames: ['.example', '10.0.0.0/8', 'web.single'] };

describe('what an authority refuses of certificate requests', () => {
  it('an address, a domain and a wildcard outside its policy, each with its code', async () => {
    const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<unknown> | null]> = [
      ['web.example', ['web.example', '10.1.2.3', '*.web.example'], null],
      ['web.example', ['11.0.0.1'], [101, 'ip_not_allowed', 'the address "11.0.0.1" is not allowed']],
      ['web.example', ['fd00::1'], [101, 'ip_not_allowed', 'the address "fd00::1" is not allowed']],
      ['web.example', ['web.other'], [102, 'domain_not_allowed', 'the name "web.other" is not allowed']],
      ['web.example', ['*.other'], [102, 'domain_not_allowed', 'the name "*.other" is not allowed']],
    ];
    for (const [commonName, sans, expected] of cases) {
      assert.deepEqual(await refusedWith(await csrFor(commonName, sans), NARROW), expected, sans.join());
    }
    assert.deepEqual(await refusedWith(await csrFor('web.single', ['*.web.single']), NARROW), [
      103,
      'wildcard_not_allowed',
      'the wildcard "*.web.single" is not allowed',
    ]);
    assert.deepEqual(await refusedWith(await csrFor('11.0.0.1'), NARROW), [
      101,
      'ip_not_allowed',
      'the address "11.0.0.1" is not allowed',
    ]);
    assert.deepEqual((await refusedWith(await csrFor('system:admin', ['web.example']), NARROW))?.slice(0, 2), [
      102,
      'domain_not_allowed',
    ]);
    assert.deepEqual((await refusedWith(await csrFor('web.example', ['me@web.example']), NARROW))?.slice(0, 2), [
      102,
      'domain_not_allowed',
    ]);
  });

  it('a CA, a client, an unknown usage that are not issued', async () => {
    assert.deepEqual(await refusedWith(await csrFor('Sub CA'), { certTypes: ['server'] }, true), [
      999,
      'other',
      'CA certificates are not issued',
    ]);
    assert.equal(await refusedWith(await csrFor('Sub CA'), NARROW, true), null);
    const signing = csrPem({ key: ecKey(1), extensions: [extended('1.3.6.1.5.5.7.3.3')] });
    assert.deepEqual(await refusedWith(signing), [
      999,
      'other',
      'certificates for the usage codeSigning are not issued',
    ]);
    const client = csrPem({ key: ecKey(1), extensions: [extended('1.3.6.1.5.5.7.3.2')] });
    assert.deepEqual(await refusedWith(client, { certTypes: ['server'] }), [
      999,
      'other',
      'certificates of the kind client are not issued',
    ]);
  });

  it('a key that is not accepted', async () => {
    const message = (await refusedWith(csrPem({ key: rsaKey(1, 1024) })))?.[2];
    assert.match(String(message), /^the key is RSA with 1024 bits: only RSA-2048, P-256, /);
    assert.match(
      String((await refusedWith(csrPem({ key: rsaKey(1, 2048) }), { acceptedKeys: ['RSA-3072'] }))?.[2]),
      /^the key is RSA with 2048 bits/,
    );
    const rsa = await right(generateKey('RSA-3072'));
    assert.equal(await refusedWith(await csrFor('web', [], rsa)), null);
    assert.match(
      String((await refusedWith(await csrFor('web', [], rsa), { acceptedKeys: ['P-256'] }))?.[2]),
      /^the key is RSA/,
    );
    for (const algorithm of ['P-384', 'P-521', 'Ed25519'] as const) {
      assert.equal(await refusedWith(await csrFor('web', [], await newKey(algorithm))), null, algorithm);
    }
  });

  it('a signature that is not that of its key', async () => {
    assert.deepEqual(await refusedWith(csrPem({ key: ecKey(1) })), [
      999,
      'other',
      'the signature of the request is not that of its key',
    ]);
  });

  it('names that no certificate can have, and none at all', async () => {
    const broken = csrPem({ key: ecKey(1), sans: ['dns:web..example'] });
    assert.deepEqual((await refusedWith(broken))?.slice(0, 2), [102, 'domain_not_allowed']);
    const address = csrPem({ key: ecKey(1), sans: ['dns:10.0.0.7'] });
    assert.match(String((await refusedWith(address))?.[2]), /is no host name$/);
    assert.deepEqual(await refusedWith(csrPem({ key: ecKey(1), commonName: '' })), [
      999,
      'other',
      'it asks for no name',
    ]);
    const quota = { requestsPerUnit: 9, namesPerRequest: 2 };
    assert.match(String((await refusedWith(await csrFor('a', ['a', 'b']), { quota }))?.[2]), /^3 names are asked for/);
  });

  it('no more than it may tell, and revokes what counts no more beyond that', async () => {
    const quota = { requestsPerUnit: 2, namesPerRequest: 10 };
    const csrs = await Promise.all(['a.x', 'b.x', 'c.x', 'd.x', 'e.x'].map((name) => csrFor(name)));
    const { intent } = await intentFor(csrs, { quota, allowedNames: ['.y'] });
    assert.deepEqual([intent.answers.length, intent.refusals.length, intent.revoked.length], [0, 2, 0]);
    const allowed = await intentFor(csrs, { quota });
    assert.deepEqual([allowed.intent.answers.length, allowed.intent.refusals.length], [2, 2]);
    assert.equal(allowed.intent.refusals[0]?.message, '5 certificates are asked for here, and 2 may be had');
  });

  it('nothing by throwing, whatever a common name is', async () => {
    for (const commonName of HOSTILE) {
      if (typeof commonName !== 'string' || commonName.length > 1000) continue;
      const csr = csrPem({ key: ecKey(1), commonName });
      if (textsOnce().csr(csr) === null) continue;
      assert.ok((await refusedWith(csr, NARROW)) !== null);
    }
  });

  it('says what it can do as its policy has it', async () => {
    const capabilities = async (policy: Partial<Policy>) => (await intentFor([], policy)).intent.capabilities;
    assert.deepEqual(await capabilities(NARROW), {
      supportsIpSans: true,
      supportsWildcardDns: true,
      supportsSubdomain: true,
      supportsCaCertificates: true,
      allowedDomains: ['example', 'web.single'],
      providerType: 'private-ca',
    });
    assert.deepEqual(await capabilities({ allowedNames: ['web.single'], certTypes: ['server'] }), {
      supportsIpSans: false,
      supportsWildcardDns: false,
      supportsSubdomain: false,
      supportsCaCertificates: false,
      allowedDomains: ['web.single'],
      providerType: 'private-ca',
    });
  });

  it('answers CSRs of the Python library, with the subject and the names that it asks for', async () => {
    for (
      const name of [
        'requires-every-field',
        'requires-ecdsa-first-request',
        'requires-rsa-3072-first-request',
        'requires-ca-request',
      ]
    ) {
      const recorded = JSON.parse(readFileSync(new URL(`../../vectors/csr/${name}.json`, import.meta.url), 'utf8'));
      const data = recorded.steps[0].result.localUnitData['certificates:1'];
      const { intent, findings } = await intentFor([], {}, { remoteUnits: { 'web/0': data } });
      assert.deepEqual([intent.refusals, findings, intent.answers.length > 0], [[], [], true], name);
      for (const { csr, certificate } of intent.answers) {
        const known = textsOnce().csr(csr);
        const [made] = describeBundle(certificate).certificates;
        assert.equal(made?.subject.text, known?.csr.subject.text);
        assert.equal(made?.basicConstraints?.ca, name === 'requires-ca-request');
      }
    }
  });

  it('keeps what was refused as it was told, where the code is the same', async () => {
    const csr = await csrFor('web.other');
    const told = JSON.stringify([{ csr, error: { code: 102, name: 'DOMAIN_NOT_ALLOWED', message: 'no' } }]);
    const { intent } = await intentFor([csr], NARROW, { localApplicationData: { request_errors: told } });
    assert.deepEqual([intent.refusals, intent.answers], [[], []]);
  });

  it('issues for exactly the names asked for, or refuses with a reason', async () => {
    const host = fc.constantFrom('a.example', 'b.example', '*.c.example', 'a.other', '10.0.0.1', '12.0.0.1', 'fd00::1');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(host, { minLength: 1, maxLength: 4 }), async (sans) => {
        const { intent: { answers, refusals } } = await intentFor([await csrFor('web.example', sans)], NARROW);
        assert.equal(answers.length + refusals.length, 1);
        const isAllowed = sans.every((san) => san.endsWith('.example') || san.startsWith('10.'));
        assert.equal(answers.length, isAllowed ? 1 : 0);
        const [made] = describeBundle(answers[0]?.certificate ?? '').certificates;
        if (isAllowed) assert.deepEqual(new Set(made?.sans.map(({ value }) => value)), new Set(sans));
      }),
      runs(30),
    );
  });
});
