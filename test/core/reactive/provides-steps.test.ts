/**
 * Places of the provider at which a small slip would lose or leak an answer, each on the smallest world that shows it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  emptyMemory,
  keepWithdrawn,
  type Memory,
  nothingToPublish,
  type PrivateKey,
  provides,
  type ProvidesIntent,
  publish,
  setCert,
  type Snapshot,
} from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { decodedProvides } from '../../world.ts';

type Bag = Readonly<Record<string, string>>;

const seen = (remoteUnits: Readonly<Record<string, Bag>>, localUnitData: Bag = {}, departing?: string): Snapshot =>
  decodedProvides({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'ca/0',
      endpoint: 'certificates',
      ...(departing === undefined ? {} : { departing: { relationId: 'certificates:3', unit: departing } }),
      relations: [{ id: 'certificates:3', localUnitData, remoteUnits }],
    },
  }).snapshot;

const decide = (snapshot: Snapshot, intent: ProvidesIntent = nothingToPublish, memory: Memory = emptyMemory) =>
  provides.decide(snapshot, intent, memory);

/** What is published and remembered once everything new has this certificate and key. */
const given = (snapshot: Snapshot, cert: string, key: string, memory: Memory = emptyMemory) => {
  const { view } = decide(snapshot, nothingToPublish, memory);
  // The test's own word for a key.
  const outcome = decide(
    snapshot,
    publish(...view.newRequests.map((r) => setCert(r, cert, key as PrivateKey))),
    memory,
  );
  const local = snapshotAfter(snapshot, outcome.writes).relations[0]?.localUnitData ?? {};
  return { outcome, local, memory: outcome.memory };
};

const entry = (cert: string, key = 'K'): string => JSON.stringify({ a: { cert, key } });

describe('provides.decide(), step by step', () => {
  const KINDS = [
    ['cert_requests', 'processed_requests'],
    ['client_cert_requests', 'processed_client_requests'],
    ['intermediate_cert_requests', 'processed_intermediate_requests'],
  ] as const;

  it('keeps the answers of a kind of which all entries are malformed', () => {
    for (const [asked, answers] of KINDS) {
      const local = { [`web_0.${answers}`]: entry('C') };
      for (const broken of ['{"a": 1}', '{"a": {"sans": 7}}', '{"a": null}']) {
        assert.deepEqual(decide(seen({ 'web/0': { [asked]: broken } }, local)).writes, [], `${asked} ${broken}`);
      }
      // An entry of another name does not keep it, and neither does one of another kind.
      const gone = [{ relationId: 'certificates:3', bag: 'unit', set: {}, delete: [`web_0.${answers}`] }];
      assert.deepEqual(decide(seen({ 'web/0': { [asked]: '{"b": 1}' } }, local)).writes, gone);
      const [other] = KINDS.filter(([key]) => key !== asked);
      assert.deepEqual(decide(seen({ 'web/0': { [other?.[0] ?? '']: '{"a": 1}' } }, local)).writes, gone);
    }
    const app = { 'web_0.processed_application_requests': '{"app_data": {"cert": "C", "key": "K"}}' };
    assert.deepEqual(decide(seen({ 'web/0': { application_cert_requests: '{"a": 1}' } }, app)).writes, []);
  });

  it('writes an answer of which only the key differs, and one of which only the certificate does', () => {
    const worlds: ReadonlyArray<readonly [Bag, Bag]> = [
      [{ common_name: 'a' }, { 'web_0.server.cert': 'C', 'web_0.server.key': 'K' }],
      [{ cert_requests: '{"a": {}}' }, { 'web_0.processed_requests': entry('C') }],
      [{ application_cert_requests: '{"a": {}}' }, {
        'web_0.processed_application_requests': '{"app_data": {"cert": "C", "key": "K"}}',
      }],
    ];
    for (const [asked, local] of worlds) {
      const snapshot = seen({ 'web/0': asked }, local);
      for (const [cert, key] of [['C', 'K2'], ['C2', 'K']] as const) {
        const texts = Object.values(given(snapshot, cert, key).local).join();
        assert.ok(texts.includes(cert) && texts.includes(key), texts);
      }
      assert.deepEqual(given(snapshot, 'C', 'K').outcome.writes, []);
    }
  });

  it('withdraws before it answers: a renamed request loses the old answer, with a finding, and has the new one', () => {
    const first = given(seen({ 'web/0': { common_name: 'old' } }), 'C1', 'K1');
    const renamed = seen({ 'web/0': { common_name: 'new' } }, first.local);
    const { outcome, local } = given(renamed, 'C2', 'K2', first.memory);
    assert.deepEqual({ ...local }, { 'web_0.server.cert': 'C2', 'web_0.server.key': 'K2' });
    assert.deepEqual(outcome.findings.map(({ code, place }) => [code, place.key]), [
      ['answer-withdrawn', 'web_0.server.cert'],
    ]);
    assert.deepEqual(outcome.view.allRequests.map(({ cert, isHandled }) => [cert, isHandled]), [['C2', true]]);
    assert.deepEqual(
      decide(seen({ 'web/0': { common_name: 'new' } }, local), nothingToPublish, outcome.memory).writes,
      [],
    );
  });

  it('answers before it spreads, and spreads before it writes and shows', () => {
    const app = { application_cert_requests: '{"a": {"sans": ["s"]}}' };
    const first = given(seen({ 'web/0': app }), 'C1', 'K1');
    const both = seen({ 'web/0': app, 'web/1': app }, first.local);
    const spread = decide(both, nothingToPublish, first.memory);
    assert.deepEqual(Object.keys(spread.writes[0]?.set ?? {}), ['web_1.processed_application_requests']);
    assert.deepEqual(spread.view.allRequests.map(({ cert, isHandled }) => [cert, isHandled]), [['C1', true], [
      'C1',
      true,
    ]]);
    assert.deepEqual(spread.memory.flags, ['certificates.available']);
  });

  it('answers a name that is asked for at top level and in the collection with the SANs of both', () => {
    const bag = {
      common_name: 'a',
      sans: '["x", "y"]',
      cert_requests: '{"a": {"sans": ["y", "z"]}, "b": {"sans": ["w"]}}',
    };
    const { view } = decide(seen({ 'web/0': bag }));
    assert.deepEqual(view.allRequests.map(({ commonName, sans }) => [commonName, [...sans].sort()]), [
      ['a', ['x', 'y', 'z']],
      ['a', ['x', 'y', 'z']],
      ['b', ['w']],
    ]);
  });

  it('publishes nothing new on a relation that is gone, and withdraws what was there', () => {
    const local = { 'ca': 'OLD', 'web_0.server.cert': 'C', 'web_0.server.key': 'K' };
    const { writes, flags } = decide(seen({ 'web/0': { common_name: 'a' } }, local, 'web/0'), {
      ...nothingToPublish,
      ca: 'NEW',
    });
    assert.deepEqual(writes, [{
      relationId: 'certificates:3',
      bag: 'unit',
      set: {},
      delete: ['web_0.server.cert', 'web_0.server.key'],
    }]);
    assert.deepEqual(flags.set, []);
    const kept = publish(keepWithdrawn);
    assert.deepEqual(decide(seen({ 'web/0': { common_name: 'a' } }, local, 'web/0'), kept).writes, []);
  });

  it('forgets for what an answer was given once it is withdrawn', () => {
    const asked = { cert_requests: '{"a": {}, "b": {}}' };
    const first = given(seen({ 'web/0': asked }), 'C', 'K');
    const digests = (memory: Memory): string => Object.values(memory.digests).join(' ');
    assert.equal(digests(first.memory).split(' ').length, 2);
    const fewer = decide(
      seen({ 'web/0': { cert_requests: '{"a": {}}' } }, first.local),
      nothingToPublish,
      first.memory,
    );
    assert.equal(digests(fewer.memory).split(' ').length, 1);
  });
});
