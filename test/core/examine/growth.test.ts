/**
 * Examining takes time in proportion to what there is to examine: units, chains, provider units, names, and all of them together.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  type ApplicationName,
  examine,
  type Exchange,
  exchangesOfProvider,
  exchangesOfRelation,
} from '../../../core/examine/mod.ts';
import { decodeShowUnit, exchangesOfShowUnit } from '../../../adapters/reading/show-unit.ts';
import type { Databag, RelationId, UnitName } from '../../../mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import { assertLinear } from '../../growth.ts';
import { decodedProvides } from '../../world.ts';
import { certificatePem, csrPem, ecKey, ROOT } from '../csr/forge.ts';
import * as f from '../x509/forge.ts';

const NOW = '2026-11-24T00:00:00Z' as Timestamp;

const times = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));

const list = <A>(size: number, each: number, make: (i: number) => A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(1, Math.floor(size / each)) }, (_, i) => make(i));

/** The exchanges that a provider's document shows. */
const exchangesOf = (localUnitData: Databag, remoteUnits: Readonly<Record<string, Databag>>): ReadonlyArray<Exchange> =>
  exchangesOfProvider(
    decodedProvides({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'ca/0',
        endpoint: 'certificates',
        relations: [{ id: 'certificates:3', localUnitData, remoteUnits }],
      },
    }).snapshot,
  ).exchanges;

const units = (size: number, each: number, bag: (i: number) => Databag): Readonly<Record<string, Databag>> =>
  Object.fromEntries(list(size, each, (i) => [`web/${i}`, bag(i)] as const));

const asking = (i: number): Databag => ({ unit_name: `web_${i}`, common_name: `h${i}` });

const BROKEN = '-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----\n';

/** A relation on which a requirer unit sees many provider units. */
const among = (providers: Readonly<Record<UnitName, Databag>>, asked: Databag | null): ReadonlyArray<Exchange> => [
  { relationId: 'certificates:3' as RelationId, requirer: 'web/0' as UnitName, asked, providers },
];

/** `juju show-unit` for many units of either side, each of which is related with all of the other. */
const shown = (size: number): ReadonlyArray<Exchange> => {
  const info = (endpoint: string, related: string, relatedUnits: Readonly<Record<string, unknown>>) => ({
    'relation-info': [{ 'relation-id': 3, endpoint, 'related-endpoint': related, 'related-units': relatedUnits }],
  });
  const requirers = Object.fromEntries(list(size, 160, (i) => [`web/${i}`, { data: asking(i) }] as const));
  const providers = Object.fromEntries(list(size, 160, (i) => [`ca/${i}`, { data: { ca: 'A' } }] as const));
  const output = decodeShowUnit({
    'ca/0': info('client', 'certificates', requirers),
    'web/0': info('certificates', 'client', providers),
  });
  const exchanges = output._tag === 'Right' ? exchangesOfShowUnit([output.right]) : output;
  return exchanges._tag === 'Right' ? exchanges.right : assert.fail(exchanges.left.message);
};

/** A relation in the CSR protocol, with what its application publishes. */
const inCsr = (
  remoteUnits: Readonly<Record<string, Databag>>,
  published: Databag,
  providers: Readonly<Record<UnitName, Databag>> | null = null,
): ReadonlyArray<Exchange> =>
  exchangesOfRelation({
    relationId: 'certificates:3' as RelationId,
    application: 'web' as ApplicationName,
    units: Object.entries(remoteUnits).map(([unit, bag]) => [unit as UnitName, bag] as const),
    providers,
    applications: { asked: {}, published, provider: null, isWhole: true, isAssumed: false },
  });

const csrs = (...all: ReadonlyArray<string>): Databag => ({
  certificate_signing_requests: JSON.stringify(all.map((csr) => ({ certificate_signing_request: csr, ca: false }))),
});

const CSR_KEY = ecKey(1);
const newCsr = (): string => csrPem({ key: CSR_KEY });
const CERTIFICATE = certificatePem({ key: CSR_KEY });

const answeredCsr = (csr: string) => ({
  ca: ROOT,
  certificate_signing_request: csr,
  certificate: CERTIFICATE,
  chain: [CERTIFICATE, ROOT],
});

describe('examine(), however much there is', () => {
  let root: string;
  let leaf: string;

  before(async () => {
    const keys = await f.newKeys();
    const issuer = { subject: f.name('Root'), keys };
    root = f.pem(await f.make({ ...issuer, issuer }));
    const names = Array.from({ length: 500 }, (_, i) => `dns:h${i}.example`);
    leaf = f.pem(await f.make({ subject: f.name('h0'), keys, issuer, extensions: [f.sans(...names)] }));
  });

  const SHAPES: Readonly<Record<string, (size: number) => ReadonlyArray<Exchange>>> = {
    'CSRs of units, all answered': (size) => {
      const made = list(size, 4_000, newCsr);
      const bags = Object.fromEntries(made.map((csr, i) => [`web/${i}`, csrs(csr)] as const));
      return inCsr(bags, { certificates: JSON.stringify(made.map(answeredCsr)) });
    },
    'CSRs of one unit, all for the same names and refused': (size) => {
      const made = list(size, 1_600, newCsr);
      const error = { code: 102, name: 'x', message: 'no' };
      return inCsr({ 'web/0': csrs(...made) }, { request_errors: JSON.stringify(made.map((csr) => ({ csr, error }))) });
    },
    'answers that nobody asked for, and broken ones': (size) =>
      inCsr({ 'web/0': csrs(newCsr()) }, {
        certificates: JSON.stringify(
          list(size, 3_000, (i) => (i % 2 === 0 ? answeredCsr(newCsr()) : { certificate: i })),
        ),
      }),
    'answers to one CSR': (size) => {
      const csr = newCsr();
      return inCsr({ 'web/0': csrs(csr) }, { certificates: JSON.stringify(list(size, 3_000, () => answeredCsr(csr))) });
    },
    'units that ask for nothing, and units of a provider that speaks both protocols': (size) =>
      inCsr(
        units(size / 2, 30, () => ({})),
        { capabilities: '{}' },
        units(size / 2, 60, (i) => ({ [`web_${i}.server.cert`]: 'A' })),
      ),
    'units': (size) => exchangesOf({}, units(size, 90, asking)),
    'units that ask for nothing': (size) => exchangesOf({ ca: root }, units(size, 30, () => ({}))),
    'units, and a chain of broken blocks': (size) =>
      exchangesOf({ ca: root, chain: times(BROKEN, size / 2) }, units(size / 2, 90, asking)),
    'units that are answered, and a chain of broken blocks': (size) => {
      const answers = list(size / 2, 800, (i) => [[`web_${i}.server.cert`, leaf], [`web_${i}.server.key`, 'K']]).flat();
      return exchangesOf(
        { ca: root, chain: times(BROKEN, size / 2), ...Object.fromEntries(answers) },
        units(size / 2, 800, asking),
      );
    },
    'units, and a CA of many certificates': (size) =>
      exchangesOf({ ca: times(root, size / 2), chain: times(root, size / 2) }, units(size / 2, 90, asking)),
    'provider units': (size) =>
      among(Object.fromEntries(list(size, 30, (i) => [`ca/${i}`, { ca: `${i}` }])), asking(0)),
    'provider units that answer otherwise': (size) =>
      among(
        Object.fromEntries(list(size, 120, (i) => [`ca/${i}`, {
          'web_0.processed_requests': `{"h${i}": {"cert": "C", "key": "K"}, "h": {"cert": "${i}", "key": "K"}}`,
        }])),
        asking(0),
      ),
    'halves of provider units, and units': (size) => {
      const providers = Object.fromEntries(list(size / 2, 50, (i) => [`ca/${i}`, { 'client.cert': 'C' }] as const));
      return list(size / 2, 50, (i) => ({
        relationId: 'certificates:3' as RelationId,
        requirer: `web/${i}` as UnitName,
        asked: asking(i),
        providers,
      }));
    },
    'names for an application that one certificate answers': (size) =>
      exchangesOf(
        { ca: root, 'web_0.processed_application_requests': JSON.stringify({ app_data: { cert: leaf, key: 'K' } }) },
        {
          'web/0': {
            unit_name: 'web_0',
            application_cert_requests: JSON.stringify(
              Object.fromEntries(list(size, 30, (i) => [`h${i}.example`, { sans: [] }] as const)),
            ),
          },
        },
      ),
    'units of either side': shown,
    'relations': (size) =>
      list(size, 100, (i) => ({
        relationId: `certificates:${i}` as RelationId,
        requirer: 'web/0' as UnitName,
        asked: asking(0),
        providers: { ['ca/0' as UnitName]: { ca: 'A' } },
      })),
  };

  it('takes time in proportion to it', { timeout: 900_000 }, async () => {
    for (const [name, make] of Object.entries(SHAPES)) {
      await assertLinear(name, { make, work: (exchanges) => examine({ exchanges, now: NOW })(), most: 400_000 });
    }
  });

  it('describes CA and chain once for all units of a relation, and tells eight faults of a long one', async () => {
    const exchanges = exchangesOf(
      {
        ca: root,
        chain: times(BROKEN, 10_000),
        'web_0.server.cert': leaf,
        'web_0.server.key': 'K',
        'web_1.server.cert': leaf.replace('MII', 'MIJ'),
        'web_1.server.key': 'K',
      },
      units(200, 100, asking),
    );
    const { examinations } = await examine({ exchanges, now: NOW })();
    const [first, second] = examinations;
    assert.ok(first && second && first.ca.length === 1);
    assert.equal(first.ca, second.ca);
    assert.equal(first.chain, second.chain);
    assert.equal(first.providers, second.providers);
    for (const { requests } of examinations) assert.ok((requests[0]?.findings.length ?? 0) < 15);
  });

  it('reads provider units in the order of their names, and tells of halves before the first pair once', async () => {
    const providers: Readonly<Record<UnitName, Databag>> = {
      ['ca/2' as UnitName]: { 'client.key': 'K' },
      ['ca/1' as UnitName]: { 'ca': root, 'client.cert': 'C', 'client.key': 'K' },
      ['ca/0' as UnitName]: { 'ca': 'not a certificate', 'client.cert': 'C' },
    };
    const exchanges = [0, 1].map((i): Exchange => ({
      relationId: 'certificates:3' as RelationId,
      requirer: `web/${i}` as UnitName,
      asked: asking(i),
      providers,
    }));
    const { examinations } = await examine({ exchanges, now: NOW })();
    const halves = examinations.map(({ findings }) =>
      findings.filter(({ code }) => code === 'incomplete-answer').map(({ place }) => `${place.unit} ${place.key}`)
    );
    assert.deepEqual(halves, [['ca/0 client.cert'], []]);
    // The first unit's CA counts, and nothing of it can be read.
    assert.deepEqual(examinations.map(({ ca }) => ca.length), [0, 0]);
    for (const { findings } of examinations) assert.ok(findings.some(({ code }) => code === 'providers-disagree'));
  });
});
