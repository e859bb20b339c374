/**
 * What `any/requires` decides in worlds of one hook: evidence, verdicts and their memory, the two forms of a request, what is delivered.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { decide, type ViewOf } from '../../../core/any/mod.ts';
import type { Memory, Outcome } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { decodeInput } from '../../../core/any/mod.ts';
import {
  answering,
  asking,
  codes,
  entry,
  flagNames,
  KEYS,
  NOW,
  relation,
  unitCertificate,
  unitCsr,
  type World,
} from '../csr/world.ts';

const WEB = { requests: [{ certType: 'server', commonName: 'web.example' }] };

const documentOf = ({ intent = WEB, memory, now, keys, ...rest }: World) => ({
  side: 'any/requires' as const,
  snapshot: {
    localUnit: 'web/0',
    endpoint: 'certificates',
    relations: [relation()],
    now: now === undefined ? NOW : now,
    keys: keys ?? KEYS,
    ...rest,
  },
  intent,
  ...(memory === undefined ? {} : { memory }),
});

const decided = (world: World): Outcome<ViewOf<'any/requires'>> => {
  const result = decide(documentOf(world));
  return result._tag === 'Right' ? result.right : assert.fail(result.left.message);
};

/** The relation once a decision is applied, and what came of deciding. */
const then = (world: World) => {
  const result = decodeInput(documentOf(world));
  if (result._tag === 'Left') return assert.fail(result.left.message);
  const outcome = decided(world);
  return { outcome, relations: snapshotAfter(result.right.snapshot, outcome.writes).relations, memory: outcome.memory };
};

const spoken = ({ view }: Outcome<ViewOf<'any/requires'>>): ReadonlyArray<string> => Object.values(view.protocols);

const NAMED = { unit_name: 'web_0', common_name: 'web.example', sans: '[]', certificate_name: 'n' };
const SENT = { 'ca': 'CA', 'web_0.server.cert': 'CERT', 'web_0.server.key': 'KEY' };
const providing = (bag: Readonly<Record<string, string>>, application: Readonly<Record<string, string>> = {}) =>
  relation({ remoteUnits: { 'ca/0': bag }, remoteApplicationData: application });

describe('any/requires', () => {
  it('tells by the provider’s databags what it speaks', () => {
    const cases: ReadonlyArray<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]> =
      [
        ['csr', {}, { capabilities: '{}' }],
        ['csr', {}, { certificates: '[]' }],
        ['csr', {}, { request_errors: '[]' }],
        ['csr', SENT, { certificates: '[]' }],
        ['reactive', { ca: 'CA' }, {}],
        ['reactive', { chain: 'CHAIN' }, {}],
        ['reactive', { 'client.cert': 'C' }, {}],
        ['reactive', { 'client.key': 'K' }, {}],
        ['reactive', { 'other_7.server.cert': 'C' }, {}],
        ['reactive', { 'other_7.processed_client_requests': '{}' }, {}],
        ['reactive', { ca: 'CA' }, { certificates: '{' }],
        ['unknown', {}, {}],
        ['unknown', { 'ingress-address': '10.0.0.1', 'ca': '' }, { capabilities: '', other: 'x' }],
        ['unknown', { 'web_0.processed_requests': '[' }, {
          certificates: '{',
          capabilities: '[]',
          request_errors: 'null',
        }],
      ];
    for (const [expected, unit, application] of cases) {
      const outcome = decided({ relations: [providing(unit, application)] });
      assert.deepEqual(spoken(outcome), [expected], JSON.stringify([unit, application]));
    }
  });

  it('keeps its verdict while values are missing, and changes it for evidence of the other kind alone', () => {
    const follow = (...worlds: ReadonlyArray<ReturnType<typeof relation>>): ReadonlyArray<string> => {
      let memory: Memory | undefined;
      return worlds.map((one) => {
        const outcome = decided({ relations: [one], ...(memory === undefined ? {} : { memory }) });
        memory = outcome.memory;
        return spoken(outcome)[0] ?? '';
      });
    };
    const [csr, both, reactive, nothing] = [
      providing({}, { certificates: '[]' }),
      providing({ ca: 'CA' }, { certificates: '[]' }),
      providing({ ca: 'CA' }),
      providing({}),
    ];
    assert.deepEqual(follow(csr, nothing, csr), ['csr', 'csr', 'csr']);
    assert.deepEqual(follow(reactive, nothing, reactive), ['reactive', 'reactive', 'reactive']);
    assert.deepEqual(follow(both, reactive, both), ['csr', 'csr', 'csr'], 'what was there before is no news');
    assert.deepEqual(follow(csr, reactive), ['csr', 'reactive'], 'what was not is');
    assert.deepEqual(follow(both, providing({ ca: 'ANOTHER' })), ['csr', 'reactive']);
    assert.deepEqual(follow(reactive, csr), ['reactive', 'csr']);
    assert.deepEqual(follow(reactive, both), ['reactive', 'csr'], 'a provider of both says so late');
    const gone = decided({ relations: [], memory: decided({ relations: [csr] }).memory });
    assert.deepEqual(Object.keys(gone.memory.digests), []);
  });

  it('writes in one form where it knows which, and not its name where that is of no use', () => {
    const set = (outcome: Outcome) => outcome.writes.flatMap((write) => Object.keys(write.set));
    assert.deepEqual(set(decided({})), ['certificate_name', 'common_name', 'sans', 'unit_name']);
    assert.deepEqual(set(decided({ relations: [providing({}, { capabilities: '{}' })] })), []);
    const made = { ...WEB, made: [unitCsr()] };
    assert.deepEqual(set(decided({ intent: made })), [
      'certificate_name',
      'certificate_signing_requests',
      'common_name',
      'sans',
      'unit_name',
    ]);
    const csr = decided({
      intent: made,
      relations: [{ ...providing({}, { capabilities: '{}' }), localUnitData: { ...NAMED, mine: 'x' } }],
    });
    assert.deepEqual(csr.writes.map(({ set: s, delete: gone }) => [Object.keys(s), gone]), [
      [['certificate_signing_requests'], ['certificate_name', 'common_name', 'sans']],
    ]);
    const reactive = decided({
      intent: made,
      relations: [{ ...providing({ ca: 'CA' }), localUnitData: asking(unitCsr()) }],
    });
    assert.deepEqual(reactive.writes[0]?.delete, ['certificate_signing_requests']);
    assert.ok(set(reactive).includes('common_name'));
    assert.deepEqual(set(decided({ intent: {}, relations: [providing({ ca: 'CA' })] })), []);
  });

  it('delivers what a provider left by name until the certificate by CSR is there, and never again', () => {
    const both = (application: Readonly<Record<string, string>>, local: Readonly<Record<string, string>>) => ({
      ...providing(SENT, application),
      localUnitData: local,
    });
    const first = then({ relations: [both({ capabilities: '{}' }, NAMED)] });
    assert.deepEqual(first.outcome.view.deliveries.map(({ protocol }) => protocol), ['reactive']);
    const bag = first.relations[0]?.localUnitData ?? {};
    assert.deepEqual(Object.keys(bag), ['unit_name']);
    const second = then({ relations: [both({ capabilities: '{}' }, bag)], memory: first.memory });
    assert.deepEqual(
      second.outcome.view.deliveries.map(({ protocol }) => protocol),
      ['reactive'],
      'its name is remembered',
    );
    const csr = unitCsr();
    const answered = answering(entry(csr, unitCertificate()));
    const third = then({ relations: [both(answered, { ...bag, ...asking(csr) })], memory: second.memory });
    assert.deepEqual(third.outcome.view.deliveries.map(({ protocol, key }) => [protocol, key]), [['csr', {
      kept: 'unit',
    }]]);
    const revoked = answering(entry(csr, unitCertificate(), { revoked: true }));
    const fourth = decided({ relations: [both(revoked, { ...bag, ...asking(csr) })], memory: third.memory });
    assert.deepEqual([fourth.view.deliveries, fourth.view.waiting.length], [[], 1]);
  });

  it('says by name what can be said so: names of all requests, without prefixes', () => {
    const outcome = decided({
      relations: [providing({ ca: 'CA' })],
      intent: {
        requests: [
          { certType: 'client', commonName: 'c', sans: ['dns:a', 'IP: 10.0.0.1', 'oid:1.2.840.1'] },
          { certType: 'client', commonName: 'c', sans: ['b', ' '], subject: { organization: 'O' } },
          { certType: 'client', commonName: 'd' },
        ],
      },
    });
    assert.equal(
      outcome.writes[0]?.set['client_cert_requests'],
      '{"c": {"sans": ["a", "10.0.0.1", "b"]}, "d": {"sans": []}}',
    );
    assert.deepEqual(codes(outcome), ['request-narrowed', 'request-narrowed']);
  });

  it('goes on in the other form where one is malformed on purpose', () => {
    const bad = { certificates: '{', request_errors: 'x', capabilities: '"' };
    const byName = decided({ relations: [{ ...providing(SENT, bad), localUnitData: NAMED }] });
    assert.deepEqual(byName.view.deliveries.map(({ protocol }) => protocol), ['reactive']);
    assert.equal(codes(byName).filter((code) => code === 'malformed-value').length, 3);
    assert.deepEqual(byName.writes, []);
    const csr = unitCsr();
    const byCsr = decided({
      relations: [{
        ...providing({ 'web_0.processed_requests': '[', 'ca': 'CA' }, answering(entry(csr, unitCertificate()))),
        localUnitData: asking(csr),
      }],
    });
    assert.deepEqual(byCsr.view.deliveries.map(({ protocol }) => protocol), ['csr']);
    assert.ok(codes(byCsr).includes('malformed-value'));
    const own = decided({ relations: [{ ...providing(SENT), localUnitData: { ...NAMED, cert_requests: '{' } }] });
    assert.deepEqual(own.view.deliveries.map(({ protocol }) => protocol), ['reactive']);
  });

  it('has the flags of either protocol, and tells which handled flags are none', () => {
    const reactive = decided({
      relations: [{ ...providing({ ...SENT, 'client.cert': 'C', 'client.key': 'K' }), localUnitData: NAMED }],
      intent: { ...WEB, handled: ['certificates.ca.changed', 'certificates.no.such'] },
    });
    assert.deepEqual(flagNames(reactive.memory), [
      'available',
      'batch.cert.available',
      'ca.available',
      'ca.changed',
      'certs.available',
      'certs.changed',
      'client.cert.available',
      'server.cert.available',
      'server.certs.available',
      'server.certs.changed',
    ]);
    assert.deepEqual(codes(reactive), ['unknown-flag']);
    const csr = unitCsr();
    const error = { csr, error: { code: 102, name: 'DOMAIN_NOT_ALLOWED', message: 'no' } };
    const denied = decided({
      relations: [{ ...providing({}, { request_errors: JSON.stringify([error]) }), localUnitData: asking(csr) }],
    });
    assert.ok(flagNames(denied.memory).includes('certs.denied'));
    assert.deepEqual(denied.view.waiting.map((one) => one.denied?.message), ['no']);
    assert.deepEqual(flagNames(decided({ relations: [], memory: denied.memory }).memory), []);
  });

  it('remembers since when each request waits, whatever becomes of its other names', () => {
    const first = decided({ now: '2026-06-01T00:00:00Z' });
    const renamed = { requests: [{ ...WEB.requests[0], sans: ['b'] }, { certType: 'client', commonName: 'c' }] };
    const second = decided({ now: '2026-06-02T00:00:00Z', memory: first.memory, intent: renamed });
    assert.deepEqual(second.view.waiting.map(({ since }) => since), ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z']);
    const strange = {
      flags: [],
      digests: { 'certificates.any.waiting': 'x y:z 0:99999999999999', 'certificates.any.spoken/certificates:3': '::' },
    };
    assert.deepEqual(decided({ memory: strange }).view.waiting.map(({ since }) => since), [NOW]);
    assert.deepEqual(decided({ relations: [] }).view.waiting.map(({ since }) => since), [null]);
    assert.deepEqual(codes(decided({ relations: [] })), ['no-relation']);
  });

  it('does not say that there is no relation while the last unit leaves it', () => {
    const departing = { relationId: 'certificates:3', unit: 'easyrsa/0' };
    for (const remoteUnits of [{}, { 'easyrsa/0': { ca: 'CA' } }]) {
      assert.deepEqual(codes(decided({ relations: [relation({ remoteUnits })], departing })), []);
    }
    assert.deepEqual(codes(decided({ relations: [], departing })), ['no-relation']);
  });

  it('asks one relation of several, and reads the others after it', () => {
    const [a, b] = [
      { ...providing({ ca: 'CA' }), id: 'certificates:1' },
      { ...providing(SENT), id: 'certificates:2', localUnitData: NAMED },
    ];
    const outcome = decided({ relations: [a, b] });
    assert.deepEqual(outcome.view.deliveries.map(({ relationId }) => relationId), ['certificates:2']);
    assert.equal(outcome.view.rootCaCert, 'CA');
    assert.deepEqual(outcome.writes, []);
    assert.deepEqual(codes(outcome), ['several-relations']);
    const csrThere = {
      ...providing({}, { capabilities: '{}' }),
      id: 'certificates:1',
      localUnitData: asking(unitCsr()),
    };
    const byCsr = decided({ relations: [csrThere, { ...providing({ ca: 'CA' }), id: 'certificates:0' }] });
    assert.deepEqual(byCsr.writes, [], 'the one with the CSR is asked, and it stands');
  });

  it('prints no key that was sent', () => {
    const outcome = decided({
      relations: [{ ...providing({ ...SENT, 'web_0.server.key': 'SECRET' }), localUnitData: NAMED }],
    });
    assert.deepEqual(outcome.view.deliveries[0]?.key, { sent: 'SECRET' });
    assert.doesNotMatch(inspect(outcome.view, { depth: 9 }), /SECRET/);
    assert.doesNotMatch(JSON.stringify([outcome.memory, outcome.findings, outcome.flags]), /SECRET/);
  });
});

interface Recorded {
  readonly name: string;
  readonly side?: string;
  readonly steps: ReadonlyArray<{
    readonly hook: string;
    readonly snapshot: { readonly relations: ReadonlyArray<ReturnType<typeof relation>> };
    readonly result: { readonly localUnitData?: Readonly<Record<string, Readonly<Record<string, string>>>> };
  }>;
}

const recordings = (folder: string): ReadonlyArray<Recorded> =>
  readdirSync(new URL(`../../vectors/${folder}/`, import.meta.url))
    .filter((file) => file.startsWith('requires-') && file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(`../../vectors/${folder}/${file}`, import.meta.url), 'utf8')));

describe('a charm that becomes any/requires', () => {
  /** What a databag asks for by name, as an intent; null where it is malformed. */
  const askedIn = (bag: Readonly<Record<string, string>>): ReadonlyArray<object> | null => {
    try {
      const kinds = {
        cert_requests: 'server',
        client_cert_requests: 'client',
        application_cert_requests: 'application',
        intermediate_cert_requests: 'intermediate',
      };
      const top = bag['common_name'] === undefined
        ? []
        : [{ certType: 'server', commonName: bag['common_name'], sans: JSON.parse(bag['sans'] ?? '[]') }];
      return [
        ...top,
        ...Object.entries(kinds).flatMap(([key, certType]) =>
          Object.entries<{ readonly sans: ReadonlyArray<string> }>(JSON.parse(bag[key] ?? '{}'))
            .map(([commonName, { sans }]) => ({ certType, commonName, sans }))
        ),
      ];
    } catch {
      // A recording of malformed requests.
      return null;
    }
  };

  it('changes no request that Python made by name of a provider that speaks that', () => {
    let seen = 0;
    for (const { name, steps } of recordings('reactive')) {
      for (const { snapshot } of steps) {
        const relations = snapshot.relations.filter(({ localUnitData, remoteUnits }) =>
          localUnitData['unit_name'] === 'web_0' && Object.values(remoteUnits).some((bag) => (bag['ca'] ?? '') !== '')
        );
        const requests = askedIn(relations[0]?.localUnitData ?? {});
        if (relations.length !== 1 || requests === null || requests.length === 0) continue;
        const result = decide({ ...documentOf({ relations, intent: { requests } }) });
        if (result._tag === 'Left') continue;
        assert.deepEqual(result.right.writes, [], name);
        assert.deepEqual(Object.values(result.right.view.protocols), ['reactive'], name);
        seen += 1;
      }
    }
    assert.ok(seen > 20, `${seen} steps were looked at`);
  });

  it('withdraws no CSR that Python made of a provider that speaks that, and delivers what it did', () => {
    let seen = 0;
    for (const { name, steps } of recordings('csr')) {
      for (const { snapshot } of steps) {
        const spoke = snapshot.relations.filter(({ remoteApplicationData }) =>
          remoteApplicationData['certificates'] !== undefined
        );
        if (spoke.length === 0) continue;
        for (
          const intent of [{}, WEB, {
            requests: [{ certType: 'server', commonName: 'web.example', sans: ['web.example'] }],
          }]
        ) {
          const of = (side: 'any/requires' | 'csr/requires') => {
            const result = decodeInput({ side, snapshot, intent });
            return result._tag === 'Right' ? result.right.told() : assert.fail(result.left.message);
          };
          const [any, csr] = [of('any/requires'), of('csr/requires')];
          assert.deepEqual(any.outcome.writes, csr.outcome.writes, name);
          assert.deepEqual(any.deliveries, csr.deliveries, name);
          seen += 1;
        }
      }
    }
    assert.ok(seen > 20, `${seen} steps were looked at`);
  });
});
