/**
 * What `any/provides` decides in worlds of one hook: one form for each request, who publishes what, and where a key may stand.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { decodeInput, type ViewOf } from '../../../core/any/mod.ts';
import type { Outcome } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { CLIENT, csrPem, extended, ROOT } from '../csr/forge.ts';
import {
  asking,
  codes,
  ID,
  NOW,
  relation,
  UNIT_KEY,
  unitCertificate,
  unitCsr,
  type WorldRelation,
} from '../csr/world.ts';

interface World {
  readonly isLeader?: boolean;
  readonly relations?: ReadonlyArray<WorldRelation>;
  readonly intent?: unknown;
  readonly memory?: unknown;
  /** What else the snapshot says. */
  readonly more?: object;
}

const documentOf = ({ isLeader = true, relations = [relation()], intent, memory, more = {} }: World) => ({
  side: 'any/provides',
  snapshot: { localUnit: 'ca/0', endpoint: 'clients', isLeader, now: NOW, relations, ...more },
  ...(intent === undefined ? {} : { intent }),
  ...(memory === undefined ? {} : { memory }),
});

const complaintOf = (intent: unknown): string => {
  const result = decodeInput(documentOf({ intent }));
  return result._tag === 'Left' ? result.left.message : 'valid';
};

/** What was decided, and the databags after it. */
const decided = (world: World) => {
  const result = decodeInput(documentOf(world));
  if (result._tag === 'Left') return assert.fail(result.left.message);
  // A document of this side.
  const outcome = result.right.decided() as Outcome<ViewOf<'any/provides'>>;
  const [after] = snapshotAfter(result.right.snapshot, outcome.writes).relations;
  return {
    outcome,
    view: outcome.view,
    unit: after?.localUnitData ?? {},
    application: after?.localApplicationData ?? {},
  };
};

const NAMED = { unit_name: 'web_0', common_name: 'web.example', sans: '["a"]' };
const asked = (bag: Readonly<Record<string, string>>, more: Partial<WorldRelation> = {}) =>
  relation({ remoteApplication: 'web', remoteUnits: { 'web/0': bag }, ...more });

const byName = (more: object = {}) => ({
  relationId: ID,
  unit: 'web/0',
  certType: 'server',
  commonName: 'web.example',
  cert: 'CERT',
  key: 'KEY',
  ...more,
});
const byCsr = (csr: string) => ({ relationId: ID, csr, certificate: unitCertificate(), ca: ROOT });
const SHARED = { globalClientCert: { cert: 'C', key: 'K' } };

describe('any/provides', () => {
  it('has a request that is made in both forms in one list, and each of the others in its own', () => {
    const bag = {
      ...asking(unitCsr(), csrPem({ key: UNIT_KEY, commonName: 'c', sans: [], extensions: [extended(CLIENT)] })),
      ...NAMED,
      cert_requests: '{"c": {"sans": []}, "web.example": {"sans": []}}',
      client_cert_requests: '{"c": {"sans": []}, "d": {"sans": []}, "__proto__": {"sans": 5}}',
    };
    const { view, outcome } = decided({ relations: [asked(bag)] });
    assert.deepEqual(view.requests.map(({ protocol, commonName }) => [protocol, commonName]), [['csr', 'web.example'], [
      'csr',
      'c',
    ]]);
    assert.deepEqual(
      view.allRequests.map(({ protocol, certType, commonName }) => [protocol, certType, commonName]),
      [['reactive', 'server', 'c'], ['reactive', 'client', 'd']],
    );
    assert.deepEqual(codes(outcome), ['malformed-entry'], 'what is malformed stays so');
    assert.deepEqual(outcome.memory.flags.map((flag) => flag.replace('clients.', '')), [
      'available',
      'certs.requested',
      'client.cert.requested',
      'client.certs.requested',
      'server.cert.requested',
      'server.certs.requested',
    ]);
  });

  it('withdraws nothing by CSR as a unit that is new in a relation, or that is being removed', () => {
    const csr = unitCsr();
    const answered = decided({ relations: [asked(asking(csr))], intent: { answers: [byCsr(csr)] } });
    const { certificates = '' } = answered.application;
    assert.match(certificates, /BEGIN CERTIFICATE/);
    const empty = relation({ remoteUnits: {}, localApplicationData: { certificates } });
    const gone = decided({ relations: [empty] });
    assert.equal(gone.application['certificates'] ?? '[]', '[]');
    for (const more of [{ created: ID }, { isLeaving: true }]) {
      const first = decided({ relations: [empty], more });
      assert.equal(first.application['certificates'], certificates, JSON.stringify(more));
      // It is remembered: Juju tells of either only once.
      const later = decided({ relations: [empty], memory: first.outcome.memory });
      assert.equal(later.application['certificates'], certificates, JSON.stringify(more));
    }
  });

  it('takes the application’s CSR for the requests of all its units', () => {
    const units = Object.fromEntries(
      ['web/0', 'web/1'].map((unit) => [unit, { application_cert_requests: '{"web.example": {"sans": []}}' }]),
    );
    const before = decided({ relations: [relation({ remoteUnits: units })] });
    assert.equal(before.view.allRequests.length, 2);
    const after = decided({ relations: [relation({ remoteUnits: units, remoteApplicationData: asking(unitCsr()) })] });
    assert.deepEqual([after.view.allRequests.length, after.view.requests.length], [0, 1]);
  });

  it('answers and refuses in both forms, from one list each', () => {
    const csr = unitCsr();
    const relations = [asked({ ...asking(csr), unit_name: 'web_0', client_cert_requests: '{"c": {"sans": []}}' })];
    const answers = [byName({ certType: 'client', commonName: 'c' }), byCsr(csr)];
    const given = decided({ relations, intent: { ca: 'CA', chain: 'CHAIN', answers, capabilities: {} } });
    assert.equal(given.unit['web_0.processed_client_requests'], '{"c": {"cert": "CERT", "key": "KEY"}}');
    assert.deepEqual([given.unit['ca'], given.unit['chain'], given.application['capabilities']], ['CA', 'CHAIN', '{}']);
    assert.match(given.application['certificates'] ?? '', /BEGIN CERTIFICATE/);
    assert.doesNotMatch(inspect(given.view, { depth: 9 }), /'KEY'/);
    const refusals = [
      { relationId: ID, unit: 'web/0', certType: 'client', commonName: 'c', reason: 'not here' },
      { relationId: ID, csr, code: 999, name: 'OTHER', message: 'not here' },
    ];
    const refused = decided({ relations, intent: { refusals } });
    assert.deepEqual(codes(refused.outcome), ['request-refused']);
    assert.match(refused.application['request_errors'] ?? '', /not here/);
  });

  it('withdraws what it answered by name when the same is asked by CSR', () => {
    const answered = { 'web_0.server.cert': 'CERT', 'web_0.server.key': 'KEY', 'ca': 'CA' };
    const { unit, outcome } = decided({
      relations: [asked({ ...NAMED, ...asking(unitCsr()) }, { localUnitData: answered })],
    });
    assert.deepEqual(Object.keys(unit), ['ca']);
    assert.deepEqual(codes(outcome), ['answer-withdrawn']);
    const kept = decided({
      relations: [asked({ ...NAMED, ...asking(unitCsr()) }, { localUnitData: answered })],
      intent: { onWithdrawal: 'keep' },
    });
    assert.equal(kept.unit['web_0.server.key'], 'KEY');
  });

  it('shares its client certificate with who speaks reactive, and with nobody else', () => {
    const has = (bag: Readonly<Record<string, string>>, more: Partial<WorldRelation> = {}, memory?: unknown) => {
      const { unit, outcome } = decided({ relations: [asked(bag, more)], intent: SHARED, memory });
      return [unit['client.key'] ?? null, outcome.memory] as const;
    };
    assert.equal(has({ unit_name: 'web_0' })[0], 'K');
    assert.equal(has(NAMED)[0], 'K');
    assert.equal(has({})[0], null);
    assert.equal(has({ ...NAMED, ...asking(unitCsr()) })[0], null);
    assert.equal(has(NAMED, { remoteApplicationData: asking(unitCsr()) })[0], null);
    assert.equal(
      has(asking(unitCsr()), { localUnitData: { 'client.cert': 'C', 'client.key': 'K' } })[0],
      null,
      'taken away',
    );
    const [, memory] = has({ ...asking(unitCsr()), unit_name: 'web_0' });
    assert.equal(has({ unit_name: 'web_0' }, {}, memory)[0], null, 'its name is left from when it asked');
    assert.equal(has(NAMED, {}, memory)[0], 'K', 'it asks by name alone');
    const half = decided({ relations: [asked(NAMED)], intent: { globalClientCert: { cert: 'C', key: '' } } });
    assert.deepEqual([half.unit['client.cert'], codes(half.outcome)], [undefined, ['incomplete-answer']]);
    const same = decided({
      relations: [asked(NAMED, { localUnitData: { 'client.cert': 'C', 'client.key': 'K' } })],
      intent: SHARED,
    });
    assert.deepEqual(same.outcome.writes, []);
  });

  it('on a unit that does not lead publishes what is for everybody, and the answers that it is given, alone', () => {
    const localUnitData = { 'ca': 'OLD', 'web_0.server.cert': 'MINE', 'web_0.server.key': 'MINE', 'mine': 'x' };
    const relations = [asked(NAMED, { localUnitData })];
    const without = decided({ isLeader: false, relations, intent: { ca: 'CA' } });
    assert.deepEqual({ ...without.unit }, { ca: 'CA', mine: 'x' });
    assert.deepEqual(codes(without.outcome), []);
    const told = decided({ isLeader: false, relations, intent: { ca: 'CA', answers: [byName()] } });
    assert.deepEqual({ ...told.unit }, {
      'ca': 'CA',
      'mine': 'x',
      'web_0.server.cert': 'CERT',
      'web_0.server.key': 'KEY',
    });
    const csr = unitCsr();
    const wrong = decided({ isLeader: false, relations: [asked(asking(csr))], intent: { answers: [byCsr(csr)] } });
    assert.deepEqual([codes(wrong.outcome), wrong.outcome.writes], [['not-leader'], []]);
  });

  it('takes intents of either form and complains with the path', () => {
    const csr = unitCsr();
    const code = { code: 1, name: 'n', message: 'm' };
    assert.equal(complaintOf({ answers: [byName(), byCsr(csr)], capabilities: null }), 'valid');
    assert.match(complaintOf({ answers: [byName(), { ...byCsr(csr), ca: 'x' }] }), /intent\.answers\[1\]\.ca/);
    assert.match(complaintOf({ answers: [byName({ cert: 7 })] }), /intent\.answers\[0\]\.cert/);
    assert.match(complaintOf({ answers: [{ ...byCsr(csr), key: 'KEY' }] }), /intent\.answers\[0\]\.key: no such field/);
    assert.match(
      complaintOf({ answers: [byName(), byCsr(csr)], refusals: [{ relationId: ID, csr, ...code }] }),
      /intent\.refusals\[0\]\.csr: .*intent\.answers\[1\]/,
    );
    assert.match(complaintOf({ anwsers: [] }), /no such field/);
  });
});
