/**
 * What the inspector page keeps of what it reads, without a browser.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { read, type Reading, withoutKeys } from '../../../adapters/inspector/reading.ts';
import { assertLinear } from '../../growth.ts';
import { testAuthority } from '../install/authority.ts';
import { allFindings } from '../../../core/examine/mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';

const CLOCK = '2026-11-25T00:00:00Z' as Timestamp;

const real = (name: string) => JSON.parse(readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8'));

const textOf = (text: string, name = 'units.yaml') => ({ name, bytes: new TextEncoder().encode(text) });

const kept = (texts: ReadonlyArray<{ readonly bytes: Uint8Array }>): string =>
  texts.map(({ bytes }) => new TextDecoder().decode(bytes)).join('\n');

const reading = async (before: Reading | null, ...texts: ReadonlyArray<string>): Promise<Reading> => {
  const result = await read(before, texts.map((text) => textOf(text)), CLOCK, () => Promise.resolve())();
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

const codesOf = async ({ study }: Reading): Promise<ReadonlyArray<string>> =>
  allFindings(await study.at(CLOCK)()).map(({ code }) => code);

/** What `juju show-unit` would print for either side of a recorded relation, in a form of one's choice. */
const shown = (name: string, write: (value: unknown) => string): readonly [requirer: string, provider: string] => {
  const { localUnit, relations: [{ localUnitData, remoteUnits }] } = real(name).snapshot;
  const [provider = '', published] = Object.entries(remoteUnits)[0] ?? [];
  const entry = (endpoint: string, related: string, unit: string, data: unknown) => ({
    'relation-info': [{
      'relation-id': 41,
      endpoint,
      'related-endpoint': related,
      'related-units': { [unit]: { 'in-scope': true, data } },
    }],
  });
  return [
    write({ [localUnit]: entry('certificates', 'client', provider, published) }),
    write({ [provider]: entry('client', 'certificates', localUnit, localUnitData) }),
  ];
};

const FORMS: Readonly<Record<string, (value: unknown) => string>> = {
  'JSON': JSON.stringify,
  'indented JSON': (value) => JSON.stringify(value, null, 2),
  'YAML with blocks': (value) => stringify(value, { lineWidth: 0, blockQuote: 'literal' }),
  'YAML in quotes': (value) => stringify(value, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 60 }),
};

/** A provider whom one unit asks for a certificate. */
const provider = () => ({
  side: 'reactive/provides',
  snapshot: {
    localUnit: 'ca/0',
    endpoint: 'certificates',
    relations: [{
      id: 'certificates:3',
      localUnitData: {},
      remoteUnits: { 'web/0': { common_name: 'web.example', sans: '[]', unit_name: 'web_0' } },
    }],
  },
});

describe('read()', () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it(`keeps no private key of ${form}, and still knows whose it was when the other side comes`, async () => {
      const [requirer, provider] = shown('vault-intermediate', write);
      assert.match(requirer, /PRIVATE KEY/);
      for (const [first, second] of [[requirer, provider], [provider, requirer]] as const) {
        const one = await reading(null, first);
        const both = await reading(one, second);
        for (const { texts } of [one, both]) assert.doesNotMatch(kept(texts), /PRIVATE|MIIE/);
        assert.deepEqual(await codesOf(both), []);
        assert.deepEqual([both.texts.length, both.sides.every(({ asked, published }) => asked && published)], [
          2,
          true,
        ]);
      }
    });
  }

  it('remembers that a key was the wrong one', async () => {
    const [requirer, provider] = shown('vault-intermediate', JSON.stringify);
    const output = JSON.parse(requirer);
    const other = real('easyrsa-answered').snapshot.relations[0].remoteUnits['easyrsa/0']['client.key'];
    output['keystone/0']['relation-info'][0]['related-units']['vault/0'].data['keystone_0.server.key'] = other;
    const one = await reading(null, JSON.stringify(output));
    assert.deepEqual(await codesOf(await reading(one, provider)), ['key-mismatch']);
  });

  it('puts a document in the place of what does not go with it', async () => {
    const one = await reading(null, JSON.stringify(real('trouble-expired')));
    const two = await reading(one, JSON.stringify(real('easyrsa-answered')));
    assert.equal(two.texts.length, 1);
    assert.equal(two.now, real('easyrsa-answered').snapshot.now);
    assert.deepEqual(two.flags.map(({ unit, remembered }) => [unit, remembered]), [
      ['kubernetes-control-plane/0', true],
      ['easyrsa/0', false],
    ]);
  });

  it('tells the flags of either side, with the reasons of that side', async () => {
    const { flags } = await reading(null, JSON.stringify(provider()));
    assert.deepEqual(flags.map(({ unit, remembered }) => [unit, remembered]), [['ca/0', true], ['web/0', false]]);
    const [ca, web] = flags.map((unit) => new Map(unit.flags.map(({ flag, reason }) => [String(flag), reason])));
    assert.equal(ca?.get('certificates.server.certs.requested'), 'there are new requests for server certificates');
    assert.equal(web?.get('certificates.available'), 'a provider unit is joined');
    assert.equal(web?.has('certificates.server.certs.requested'), false);
  });

  it('has the exchanges of a document of the provider', async () => {
    const { sides, study } = await reading(null, JSON.stringify(provider()));
    assert.deepEqual(sides.map(({ asked, published }) => [asked?.owner, published?.[0]?.owner]), [['web/0', 'ca/0']]);
    const { examinations: [seen] } = await study.at(CLOCK)();
    assert.deepEqual(seen?.requests.map(({ commonName, state }) => [commonName, state]), [[
      'web.example',
      'unanswered',
    ]]);
  });

  it('tells what is in the databags by key and purpose, without values', async () => {
    const { sides } = await reading(null, JSON.stringify(real('vault-intermediate')));
    const published = sides[0]?.published?.[0]?.entries ?? [];
    assert.deepEqual(
      published.find(({ key }) => key === 'keystone_0.server.key')?.purpose,
      'its private key',
    );
    assert.equal(published.find(({ key }) => key === 'egress-subnets')?.purpose, null);
    assert.doesNotMatch(JSON.stringify(sides), /BEGIN|MII/);
  });

  it('withoutKeys() leaves nothing of a key, whole or broken, wherever it stands', () => {
    const kind = fc.stringMatching(/^[A-Z ]{0,12}$/);
    const body = fc.stringMatching(/^[A-Za-z0-9+/=\\\n "]{0,80}$/)
      // The YAML writer loses lines of nothing but spaces.
      .filter((text) => !/^ +$/m.test(text));
    fc.assert(fc.property(kind, body, fc.boolean(), body, (kind, secret, isWhole, rest) => {
      const end = isWhole ? `-----END ${kind}PRIVATE KEY-----${rest}` : '';
      const key = `-----BEGIN ${kind}PRIVATE KEY-----\nSECRET${secret}SECRET\n${end}`;
      const value = { a: `before ${key}`, [key]: [key, { b: JSON.stringify({ key }) }], other: rest };
      for (const text of [JSON.stringify(value), stringify({ 'web/0': value }, { lineWidth: 40 })]) {
        const after = kept(withoutKeys(textOf(text)));
        assert.doesNotMatch(after, /SECRET|PRIVATE KEY/);
        const { a, other } = JSON.parse(after)['web/0'] ?? JSON.parse(after);
        assert.equal(a, `before (a private key, dropped)${isWhole ? rest : ''}`);
        assert.equal(other, rest);
      }
    }));
    assert.equal(kept(withoutKeys(textOf('{"SECRET'))), '{}');
  });

  it('withoutKeys() takes time in proportion to the length', { timeout: 600_000 }, async () => {
    const shapes: Readonly<Record<string, string>> = {
      'beginnings': '-----BEGIN PRIVATE KEY-----',
      'ends': '-----END PRIVATE KEY-----',
      'beginnings of labels': '-----BEGIN A',
      'words': 'PRIVATE KEY',
      'one long word': 'A',
    };
    for (const [name, unit] of Object.entries(shapes)) {
      await assertLinear(name, {
        make: (size) => textOf(JSON.stringify({ a: `${unit.repeat(size / unit.length)} PRIVATE` })),
        work: withoutKeys,
      });
    }
  });

  it('says what is wrong with a text, and keeps what was there', async () => {
    const result = await read(null, [textOf('{"SECRET')], CLOCK, () => Promise.resolve())();
    assert.ok(result._tag === 'Left');
    assert.match(result.left.message, /units\.yaml: not valid JSON/);
    assert.doesNotMatch(result.left.message, /SECRET/);
  });

  it('reads a relation for trust, and what it keeps is read again with another text', async () => {
    const { root } = await testAuthority();
    const text = JSON.stringify({
      'web/0': {
        'relation-info': [{
          'relation-id': 7,
          endpoint: 'receive-ca',
          'related-endpoint': 'send-ca',
          'application-data': { certificates: JSON.stringify([root]), version: '1' },
          'related-units': { 'ca/0': { 'in-scope': true, data: {} } },
        }],
      },
    });
    const first = await reading(null, text);
    const trustIn = async ({ study }: Reading) => (await study.at(CLOCK)()).trust;
    assert.deepEqual((await trustIn(first)).map(({ certificates }) => certificates.length), [1]);
    const [asked] = shown('easyrsa-answered', JSON.stringify);
    const second = await reading(first, asked);
    assert.equal((await trustIn(second)).length, 1);
    assert.ok((await second.study.at(CLOCK)()).examinations.length > 0);
  });
});
