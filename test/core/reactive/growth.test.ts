/**
 * Deciding takes time in proportion to the document, on either side: many units, many requests, many relations, and what they share.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide as decideDocument } from '../../../mod.ts';
import { assertLinear } from '../../growth.ts';

const decide = (document: unknown) => decideDocument(document);

const isRight = <A extends { readonly _tag: string }>(result: A): result is Extract<A, { readonly _tag: 'Right' }> =>
  result._tag === 'Right';

type Bag = Readonly<Record<string, string>>;

const counted = <A>(size: number, each: number, make: (i: number) => A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(1, Math.floor(size / each)) }, (_, i) => make(i));

const object = <A>(entries: ReadonlyArray<readonly [string, A]>): Readonly<Record<string, A>> =>
  Object.fromEntries(entries);

const json = (value: unknown): string => JSON.stringify(value);

const document = (side: string, relations: ReadonlyArray<unknown>, more = {}) => ({
  side,
  snapshot: { localUnit: side === 'reactive/provides' ? 'ca/0' : 'web/0', endpoint: 'certificates', relations },
  ...more,
});

const provided = (remoteUnits: Readonly<Record<string, Bag>>, localUnitData: Bag = {}, intent = {}) =>
  document('reactive/provides', [{ id: 'certificates:3', localUnitData, remoteUnits }], { intent });

const required = (remoteUnits: Readonly<Record<string, Bag>>, localUnitData: Bag = {}, intent = {}) =>
  document('reactive/requires', [{ id: 'certificates:3', localUnitData, remoteUnits }], { intent });

const units = (size: number, each: number, bag: (i: number) => Bag) =>
  object(counted(size, each, (i) => [`web/${i}`, bag(i)] as const));

const applicationOf = (i: number): Bag => ({ application_cert_requests: json({ [`app${i}`]: { sans: [`h${i}`] } }) });

const answer = (i: number, certType: string, commonName: string) => ({
  relationId: 'certificates:3',
  unit: `web/${i}`,
  certType,
  commonName,
  cert: `C${i}`,
  key: `K${i}`,
});

const PROVIDED: Readonly<Record<string, (size: number) => unknown>> = {
  'units of an application': (size) => provided(units(size, 80, applicationOf)),
  'units of an application, each answered': (size) =>
    provided(units(size, 160, applicationOf), {}, {
      answers: counted(size, 160, (i) => answer(i, 'application', `app${i}`)),
    }),
  'a unit with many names for its application': (size) =>
    provided({
      'web/0': {
        application_cert_requests: json(object(counted(size, 20, (i) => [`app${i}`, { sans: [] }] as const))),
      },
      'web/1': applicationOf(1),
    }),
  'units with a common name': (size) => provided(units(size, 80, (i) => ({ common_name: `h${i}`, sans: '["a"]' }))),
  'units that are answered': (size) =>
    provided(
      units(size, 200, (i) => ({ common_name: `h${i}` })),
      object(counted(size, 200, (i) => [`web_${i}.server.cert`, 'C'] as const)),
      { answers: counted(size, 200, (i) => answer(i, 'server', `h${i}`)) },
    ),
  'units that share a name': (size) => provided(units(size, 60, () => ({ unit_name: 'web_0', common_name: 'a' }))),
  'requests of a unit': (size) =>
    provided({ 'web/0': { cert_requests: json(object(counted(size, 24, (i) => [`h${i}`, { sans: [] }] as const))) } }),
  'malformed requests of a unit': (size) =>
    provided({ 'web/0': { cert_requests: json(object(counted(size, 14, (i) => [`h${i}`, 1] as const))) } }),
  'SANs of a request': (size) =>
    provided({ 'web/0': { common_name: 'a', sans: json(counted(size, 9, (i) => `h${i}`)) } }),
  'answers to nobody': (size) =>
    provided({}, object(counted(size, 40, (i) => [`web_${i}.processed_requests`, '{}'] as const))),
  'answers whose request is gone': (size) =>
    provided({ 'web/0': { cert_requests: '{"a": {}}' } }, {
      'web_0.processed_requests': json(object(counted(size, 40, (i) => [`h${i}`, { cert: 'C', key: 'K' }] as const))),
    }),
  'answers and refusals that nobody asked for': (size) =>
    provided({ 'web/0': {} }, {}, {
      answers: counted(size, 200, (i) => answer(i, 'server', `h${i}`)),
      refusals: counted(size, 200, (i) => ({
        relationId: 'certificates:3',
        unit: 'web/0',
        certType: 'client',
        commonName: `h${i}`,
        reason: 'r',
      })),
    }),
  'relations': (size) =>
    document(
      'reactive/provides',
      counted(size, 120, (i) => ({
        id: `certificates:${i}`,
        localUnitData: {},
        remoteUnits: { 'web/0': { common_name: 'a' } },
      })),
    ),
};

const REQUIRED: Readonly<Record<string, (size: number) => unknown>> = {
  'provider units': (size) =>
    required(units(size, 90, (i) => ({ 'web_0.server.cert': `C${i}`, 'web_0.server.key': 'K', ca: 'A' })), {
      common_name: 'a',
    }),
  'halves of provider units': (size) => required(units(size, 60, () => ({ 'client.cert': 'C' })), {}),
  'broken answers of provider units': (size) =>
    required(units(size, 60, () => ({ 'web_0.processed_requests': '{"a": 1}' })), {}),
  'answers of a provider unit': (size) =>
    required({
      'ca/0': {
        'web_0.processed_requests': json(object(counted(size, 40, (i) => [`h${i}`, { cert: 'C', key: 'K' }]))),
      },
    }),
  'requests': (size) =>
    required({ 'ca/0': {} }, { cert_requests: json(object(counted(size, 100, (i) => [`old${i}`, { sans: [] }]))) }, {
      requests: counted(size, 100, (i) => ({ certType: 'server', commonName: `h${i}`, sans: ['a'] })),
      withdraw: counted(size, 100, (i) => ({ certType: 'server', commonName: `old${i}` })),
    }),
  'requests beside what is malformed': (size) =>
    required({ 'ca/0': {} }, { cert_requests: json(object(counted(size, 60, (i) => [`h${i}`, 1]))) }, {
      withdraw: counted(size, 60, (i) => ({ certType: 'server', commonName: `h${i}` })),
    }),
  'relations': (size) =>
    document(
      'reactive/requires',
      counted(size, 160, (i) => ({
        id: `certificates:${i}`,
        localUnitData: { common_name: 'a' },
        remoteUnits: { 'ca/0': { 'web_0.server.cert': 'C', 'web_0.server.key': 'K' } },
      })),
      {
        intent: { withdraw: counted(size, 160, (i) => ({ certType: 'client', commonName: `h${i}` })) },
        memory: {
          flags: counted(size, 160, (i) => `other.${i}`),
          digests: object(counted(size, 160, (i) => [`certificates.answer/["certificates:${i}","ca/0"]`, 'a:b'])),
        },
      },
    ),
};

describe('decide(), however large the document', () => {
  for (const [side, shapes] of [['reactive/provides', PROVIDED], ['reactive/requires', REQUIRED]] as const) {
    it(`takes time in proportion to it, on the side ${side}`, { timeout: 600_000 }, async () => {
      for (const [name, make] of Object.entries(shapes)) {
        assert.ok(isRight(decide(make(1_000))), name);
        await assertLinear(name, { make, work: decide });
      }
    });
  }

  it('shares what the units of an application want together', () => {
    const result = decide(provided(units(20_000, 80, applicationOf)));
    assert.ok(isRight(result) && 'allRequests' in result.right.view);
    const { allRequests, newRequests } = result.right.view;
    assert.equal(allRequests.length, 250);
    assert.equal(new Set([...allRequests, ...newRequests].map(({ sans }) => sans)).size, 1);
  });

  it('gives an application the last of several answers, once, for all its units', () => {
    const asking = units(240, 80, applicationOf);
    const result = decide(provided(asking, {}, { answers: [0, 1, 2].map((i) => answer(i, 'application', `app${i}`)) }));
    assert.ok(isRight(result));
    assert.deepEqual(
      Object.values(result.right.writes[0]?.set ?? {}),
      Array.from({ length: 3 }, () => '{"app_data": {"cert": "C2", "key": "K2"}}'),
    );
    assert.deepEqual(result.right.findings, []);
  });
});
