/**
 * trust/requires: what counts as handed out in either version, what changes, and what is said of what cannot be used.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trustRequires } from '../../../core/trust/mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { A, B, C, ca, codes, D, flagNames, ID, pems, published, relation, requiring } from './world.ts';

const reading = (remoteApplicationData: Readonly<Record<string, string>>, remoteUnits = {}) =>
  requiring({ relations: [relation({ remoteApplicationData, remoteUnits })] });

const sorted = (...certificates: ReadonlyArray<string>) => [...certificates].sort();

describe('trust/requires', () => {
  it('decide() has the leader say that it reads version 1, and nobody else', () => {
    const write = { relationId: ID, bag: 'application', set: { version: '1' }, delete: [] };
    assert.deepEqual(requiring().writes, [write]);
    assert.deepEqual(requiring({ isLeader: false }).writes, []);
    const said = relation({ localApplicationData: { version: '1', other: 'stays' } });
    assert.deepEqual(requiring({ relations: [said] }).writes, []);
    const old = relation({ localApplicationData: { version: '0' } });
    assert.deepEqual(requiring({ relations: [old] }).writes, [write]);
  });

  it('view has the certificates of version 1, sorted, each once whatever its text', () => {
    const outcome = reading(published(B, `  text\n${A.replaceAll('\n', '\r\n')}\n`, A, `${A}\n`));
    assert.deepEqual(pems(outcome), sorted(A, B));
    assert.deepEqual(outcome.view.relations, [
      { relationId: ID, application: 'other', version: 1, certificates: sorted(A, B) },
    ]);
    const [first] = outcome.view.certificates;
    assert.deepEqual(Object.keys(first ?? {}).sort(), ['isCa', 'notAfter', 'notBefore', 'pem', 'sha256', 'subject']);
    assert.deepEqual([first?.isCa, first?.notAfter], [true, '2027-01-01T00:00:00Z']);
    assert.deepEqual(codes(outcome), []);
  });

  it('view has every certificate of a text that holds several, and one that has lost its line breaks', () => {
    assert.deepEqual(pems(reading(published(`${A}\n${B}`))), sorted(A, B));
    assert.deepEqual(pems(reading(published(A.replaceAll('\n', ' ')))), [A]);
  });

  it('view has version 0 of all units, as text and as JSON, where version 1 is not there', () => {
    const units = {
      'other/0': { ca: A, certificate: B, chain: JSON.stringify([A, C]) },
      'other/1': { ca: JSON.stringify(A), certificate: JSON.stringify(A), chain: JSON.stringify([D]), version: '0' },
      'other/2': { 'ingress-address': '10.0.0.1' },
    };
    const outcome = reading({}, units);
    assert.deepEqual(pems(outcome), sorted(A, B, C, D));
    assert.deepEqual([outcome.view.relations[0]?.version, codes(outcome)], [0, []]);
    assert.deepEqual(pems(reading({}, { 'other/0': { ca: A } })), [A]);
    assert.deepEqual(pems(reading({}, { 'other/0': { chain: `${A}\n${B}` } })), sorted(A, B));
  });

  it('view has version 1 alone where both are published, also where that is empty', () => {
    const units = { 'other/0': { ca: B, certificate: B, chain: JSON.stringify([B]) } };
    assert.deepEqual(pems(reading(published(A), units)), [A]);
    assert.deepEqual(pems(reading(published(), units)), []);
    assert.deepEqual(pems(reading({ version: '1' }, units)), []);
    assert.deepEqual(pems(reading({ certificates: '[]' }, units)), []);
    assert.deepEqual(pems(reading({ version: '0' }, units)), [B], 'a provider of version 0 that says so');
  });

  it('view has the certificates of all relations together, and of an application without units', () => {
    const outcome = requiring({
      relations: [
        relation({ id: 'trust:10', remoteApplicationData: published(A, B), remoteUnits: {} }),
        relation({ remoteUnits: { 'other/0': { ca: B } } }),
      ],
    });
    assert.deepEqual(pems(outcome), sorted(A, B));
    assert.deepEqual(outcome.view.relations.map(({ relationId, version }) => [relationId, version]), [
      ['trust:10', 1],
      ['trust:4', 0],
    ]);
  });

  it('view has nothing of a unit that is departing', () => {
    const units = { 'other/0': { ca: A }, 'other/1': { ca: B } };
    const departing = { relationId: ID, unit: 'other/0' };
    const outcome = requiring({ relations: [relation({ remoteUnits: units })], departing });
    assert.deepEqual([pems(outcome), flagNames(outcome).includes('available')], [[B], true]);
  });

  it('flags tell a change once it is handled, and not another order, text or relation', () => {
    const first = reading(published(A, B));
    assert.deepEqual(flagNames(first), ['certificates.available', 'certificates.changed']);
    const handled = { handled: ['trust.certificates.changed'] };
    const next = requiring({
      relations: [relation({ remoteApplicationData: published(B), remoteUnits: { 'other/0': {} } }), {
        ...relation({ remoteApplicationData: published(`${A}\n`) }),
        id: 'trust:5',
      }],
      intent: handled,
      memory: first.memory,
    });
    assert.deepEqual(flagNames(next), ['available', 'certificates.available']);
    const other = requiring({
      relations: [relation({ remoteApplicationData: published(C) })],
      memory: next.memory,
    });
    assert.deepEqual(other.flags.set, ['trust.certificates.changed']);
  });

  it('flags tell that there are none any more, and nothing where there never were any', () => {
    const first = reading(published(A));
    const gone = requiring({ relations: [], intent: { handled: first.flags.set.slice(1) }, memory: first.memory });
    assert.deepEqual(flagNames(gone), ['certificates.changed']);
    const dealtWith = requiring({
      relations: [],
      intent: { handled: ['trust.certificates.changed'] },
      memory: gone.memory,
    });
    assert.deepEqual(flagNames(dealtWith), []);
    assert.deepEqual(flagNames(requiring({ relations: [], memory: dealtWith.memory })), []);
    assert.deepEqual(flagNames(requiring({ relations: [] })), []);
  });

  it('common() has all certificates as one text for an installation', () => {
    assert.equal(trustRequires.common(reading(published(A, B)).view)?.ca, sorted(A, B).join('\n'));
    assert.equal(trustRequires.common(reading({}).view)?.ca, null);
  });

  it('findings tell the place of what cannot be used, and the rest is used', () => {
    const outcome = reading(published(A, 7, 'SECRET', `${B}\n-----BEGIN CERTIFICATE-----\nSECRET`));
    assert.deepEqual(pems(outcome), sorted(A, B));
    assert.deepEqual(outcome.findings.map(({ code, place, message }) => [code, place.index, message]), [
      ['malformed-entry', 1, 'expected a certificate in PEM, got a number'],
      ['malformed-entry', 2, 'expected a certificate in PEM, got a string of 6 characters'],
      [
        'malformed-entry',
        3,
        `expected nothing but certificates in PEM, got something else at line ${
          B.split('\n').length + 1
        }: it is left out`,
      ],
    ]);
    assert.ok(outcome.findings.every(({ place }) => place.relationId === ID && place.key === 'certificates'));
    const values = reading({ certificates: '{"SECRET": 1}', version: '"SECRET"' });
    assert.deepEqual(values.findings.map(({ code, place }) => [code, place.key]), [
      ['malformed-value', 'version'],
      ['malformed-value', 'certificates'],
    ]);
    const unit = reading({}, { 'other/0': { ca: 'SECRET', chain: '"SECRET"', certificate: A } });
    assert.deepEqual(unit.findings.map(({ code, place }) => [code, place.unit, place.key]), [
      ['malformed-value', 'other/0', 'ca'],
      ['malformed-value', 'other/0', 'chain'],
    ]);
    assert.deepEqual(pems(unit), [A]);
    assert.doesNotMatch(JSON.stringify([outcome, values, unit].map(({ findings }) => findings)), /SECRET/);
  });

  it('findings tell of a private key, in whatever value it stands, and nothing shows it', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n';
    const worlds = [
      reading(published(`${A}\n${key}`)),
      reading(published(key)),
      reading({ certificates: key }),
      reading({}, { 'other/0': { ca: `${key}${A}` } }),
      reading({}, { 'other/0': { chain: JSON.stringify([key]) } }),
    ];
    for (const outcome of worlds) {
      assert.deepEqual(codes(outcome).filter((code) => code === 'private-key-published'), ['private-key-published']);
      assert.doesNotMatch(JSON.stringify(outcome), /U0VDUkVU|BEGIN PRIVATE/);
    }
  });

  it('findings tell of a flag that is none', () => {
    assert.deepEqual(codes(requiring({ intent: { handled: ['trust.available'] } })), ['unknown-flag']);
  });

  it('decide() takes hostile texts in every place', () => {
    for (const text of HOSTILE) {
      for (
        const bags of [
          [{ certificates: text, version: text }, {}],
          [{ certificates: JSON.stringify([text, A]) }, {}],
          [{}, { 'other/0': { ca: text, certificate: text, chain: text, version: text } }],
        ] as const
      ) {
        const [application, units] = bags;
        const outcome = reading(application, units);
        assert.ok(outcome.view.certificates.length <= 1);
      }
    }
  });

  it('view has two CAs of the same name and key as two', () => {
    assert.equal(pems(reading(published(ca(1), ca(1)))).length, 2);
  });
});
