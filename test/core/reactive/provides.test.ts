/**
 * The provider, decision by decision, each on the smallest world that shows it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addServerCert,
  getServerRequests,
  setClientCert,
  setServerCert,
  setServerMulticerts,
} from '../../../core/reactive/python.ts';
import {
  emptyMemory,
  type Finding,
  keepWithdrawn,
  type Memory,
  newServerRequests,
  nothingToPublish,
  type Outcome,
  type PrivateKey,
  provides,
  type ProvidesIntent,
  type ProvidesView,
  type Publication,
  publish,
  refuse,
  setCa,
  setCert,
  setChain,
  type Snapshot,
} from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { decodedProvides } from '../../world.ts';

type Bag = Readonly<Record<string, string>>;

interface World {
  readonly id?: string;
  readonly local?: Bag;
  readonly remote?: Readonly<Record<string, Bag>>;
  readonly remoteApplication?: string;
}

const key = (text: string) => text as PrivateKey;

/** What the provider `easyrsa/0` sees. */
const seen = (worlds: ReadonlyArray<World>, departing?: { relationId: string; unit: string }): Snapshot =>
  decodedProvides({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'easyrsa/0',
      endpoint: 'certificates',
      ...(departing === undefined ? {} : { departing }),
      relations: worlds.map(({ id = 'certificates:3', local = {}, remote = {}, remoteApplication }) => ({
        id,
        localUnitData: local,
        remoteUnits: remote,
        ...(remoteApplication === undefined ? {} : { remoteApplication }),
      })),
    },
  }).snapshot;

const one = (remote: Readonly<Record<string, Bag>>, local: Bag = {}): Snapshot => seen([{ remote, local }]);

/** A unit that asks for collections of each kind given, by common name. */
const asking = (requests: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<string>>>>>): Bag =>
  Object.fromEntries(
    Object.entries(requests).map(([kind, byName]) => [
      kind === 'server' ? 'cert_requests' : `${kind}_cert_requests`,
      JSON.stringify(Object.fromEntries(Object.entries(byName).map(([name, sans]) => [name, { sans }]))),
    ]),
  );

const top = (commonName: string, ...sans: ReadonlyArray<string>): Bag => ({
  common_name: commonName,
  sans: JSON.stringify(sans),
});

const decide = (snapshot: Snapshot, intent: ProvidesIntent = nothingToPublish, memory: Memory = emptyMemory) =>
  provides.decide(snapshot, intent, memory);

/** Answers each new request with its own name as certificate. */
const answering = ({ view }: Outcome<ProvidesView>, ...more: ReadonlyArray<Publication>): ProvidesIntent =>
  publish(...view.newRequests.map((r) => setCert(r, `cert of ${r.commonName}`, key('SECRET'))), ...more);

/** A hook in which everything new is answered: what is published then, and what is remembered. */
const answered = (snapshot: Snapshot, memory: Memory = emptyMemory) => {
  const outcome = decide(snapshot, answering(decide(snapshot, nothingToPublish, memory)), memory);
  return { outcome, memory: outcome.memory, snapshot: snapshotAfter(snapshot, outcome.writes) };
};

/** The same world later: the units ask for something else, and what was published stays. */
const later = (before: Snapshot, remote: Readonly<Record<string, Bag>>): Snapshot =>
  one(remote, before.relations[0]?.localUnitData);

const codes = ({ findings }: { readonly findings: ReadonlyArray<Finding> }) => findings.map(({ code }) => code);
const keysOf = ({ relations }: Snapshot) => Object.keys(relations[0]?.localUnitData ?? {}).sort();
const told = ({ view }: Outcome<ProvidesView>) =>
  view.allRequests.map(({ commonName, isHandled, cert }) =>
    `${commonName} ${isHandled ? 'handled' : 'new'} ${cert ?? '-'}`
  );
const flags = ({ memory }: Outcome<ProvidesView>) => memory.flags.map((flag) => flag.replace('certificates.', ''));

describe('provides.decide()', () => {
  it('publishes CA, chain and shared client certificate on every relation, before units join too', () => {
    const intent = publish(setCa('CA'), setChain('CHAIN'), setClientCert('C', key('SECRET')));
    const { writes } = decide(seen([{ id: 'certificates:10' }, { id: 'certificates:9' }]), intent);
    const set = { 'ca': 'CA', 'chain': 'CHAIN', 'client.cert': 'C', 'client.key': 'SECRET' };
    assert.deepEqual(
      writes,
      ['certificates:10', 'certificates:9'].map((relationId) => ({
        relationId,
        bag: 'unit',
        set,
        delete: [],
      })),
    );
  });

  it('takes away what is set to an empty text, and leaves what is not mentioned', () => {
    const snapshot = one({ 'web/0': {} }, { ca: 'CA', chain: 'CHAIN', own: 'x' });
    assert.deepEqual(decide(snapshot, publish(setChain(''))).writes[0]?.delete, ['chain']);
    assert.deepEqual(decide(snapshot).writes, []);
  });

  it('D8, D16: sets flags by what is new after the outcome, and none without units', () => {
    const snapshot = one({ 'web/0': { ...top('web'), ...asking({ client: { c: [] }, intermediate: { i: [] } }) } });
    assert.deepEqual(flags(decide(snapshot)), [
      'available',
      'certs.requested',
      'client.cert.requested',
      'client.certs.requested',
      'intermediate.certs.requested',
      'server.cert.requested',
      'server.certs.requested',
    ]);
    const after = answered(snapshot);
    assert.deepEqual(flags(after.outcome), ['available']);
    const alone = decide(seen([{}]), nothingToPublish, decide(snapshot).memory);
    assert.deepEqual(alone.memory.flags, []);
    assert.equal(alone.flags.clear.length, 7);
  });

  it('gives each kind its place', () => {
    const kinds = { server: { s: ['s'] }, client: { c: [] }, application: { a: [] }, intermediate: { i: [] } };
    const { snapshot } = answered(one({ 'web/0': { ...top('web', 'w'), ...asking(kinds) } }));
    assert.deepEqual({ ...snapshot.relations[0]?.localUnitData }, {
      'web_0.processed_application_requests': '{"app_data": {"cert": "cert of a", "key": "SECRET"}}',
      'web_0.processed_client_requests': '{"c": {"cert": "cert of c", "key": "SECRET"}}',
      'web_0.processed_intermediate_requests': '{"i": {"cert": "cert of i", "key": "SECRET"}}',
      'web_0.processed_requests': '{"s": {"cert": "cert of s", "key": "SECRET"}}',
      'web_0.server.cert': 'cert of web',
      'web_0.server.key': 'SECRET',
    });
  });

  it('calls a request handled for the set of SANs that was answered: order and repetition do not count', () => {
    const first = answered(one({ 'web/0': asking({ server: { s: ['a', 'b'] } }) }));
    const now = (...sans: ReadonlyArray<string>) =>
      told(decide(later(first.snapshot, { 'web/0': asking({ server: { s: sans } }) }), nothingToPublish, first.memory));
    assert.deepEqual(now('b', 'a', 'b'), ['s handled cert of s']);
    assert.deepEqual(now('a'), ['s new cert of s']);
    assert.deepEqual(now('a', 'b', 'c'), ['s new cert of s']);
  });

  it('calls a request handled again whose SANs went back to those that were answered', () => {
    const first = answered(one({ 'web/0': asking({ server: { s: ['a'] } }) }));
    const other = later(first.snapshot, { 'web/0': asking({ server: { s: ['b'] } }) });
    const { memory } = decide(other, nothingToPublish, first.memory);
    assert.deepEqual(told(decide(first.snapshot, nothingToPublish, memory)), ['s handled cert of s']);
  });

  it('calls a request new whose answer nobody remembers, as after an upgrade from Python', () => {
    const first = answered(one({ 'web/0': { ...top('web'), ...asking({ client: { c: [] } }) } }));
    assert.deepEqual(told(decide(first.snapshot)), ['web new cert of web', 'c new cert of c']);
    assert.deepEqual(decide(first.snapshot).writes, []);
  });

  it('D14: keeps the same name apart by kind, and the top level from the collection', () => {
    const unit = { ...top('x', 'top'), ...asking({ server: { x: ['s'] }, client: { x: ['c'] } }) };
    const first = answered(one({ 'web/0': unit }));
    const again = decide(first.snapshot, nothingToPublish, first.memory);
    assert.deepEqual(told(again), Array.from({ length: 3 }, () => 'x handled cert of x'));
    assert.deepEqual(again.writes, []);
  });

  it('D15: tells the application as Juju names it, and the unit as it calls itself', () => {
    const remote = { 'remote-0a/0': { unit_name: 'web-app_4', ...top('web') } };
    const named = (world: World) => decide(seen([world])).view.allRequests[0];
    assert.equal(named({ remote })?.applicationName, 'remote-0a');
    assert.equal(named({ remote, remoteApplication: 'web' })?.applicationName, 'web');
    assert.equal(named({ remote })?.unitName, 'web-app_4');
    const { snapshot } = answered(seen([{ remote }]));
    assert.deepEqual(keysOf(snapshot), ['web-app_4.server.cert', 'web-app_4.server.key']);
  });

  it('D18: withdraws the top-level answer when the request is renamed, and shows it as answer to nothing else', () => {
    const first = answered(one({ 'web/0': top('old') }));
    const renamed = later(first.snapshot, { 'web/0': top('new') });
    const outcome = decide(renamed, nothingToPublish, first.memory);
    assert.deepEqual(told(outcome), ['new new -']);
    assert.deepEqual(outcome.writes[0]?.delete, ['web_0.server.cert', 'web_0.server.key']);
    const kept = decide(renamed, publish(keepWithdrawn), first.memory);
    assert.deepEqual(told(kept), ['new new -']);
    assert.deepEqual(kept.writes, []);
  });

  it('D18: does not take the answer to another name for the one to a name that comes back', () => {
    const first = answered(one({ 'web/0': top('a') }));
    const second = answered(later(first.snapshot, { 'web/0': top('b') }), first.memory);
    const back = decide(later(second.snapshot, { 'web/0': top('a') }), nothingToPublish, second.memory);
    assert.deepEqual(told(back), ['a new -']);
    assert.deepEqual(back.writes[0]?.delete, ['web_0.server.cert', 'web_0.server.key']);
  });

  it('D18: publishes the answer to another name again where the charm gives it to the new one', () => {
    const first = answered(one({ 'web/0': top('old') }));
    const renamed = later(first.snapshot, { 'web/0': top('new') });
    const pair = first.outcome.view.allRequests[0];
    const [request] = decide(renamed, nothingToPublish, first.memory).view.newRequests;
    assert.ok(request !== undefined && pair?.cert && pair.key);
    const again = decide(renamed, publish(setCert(request, pair.cert, pair.key)), first.memory);
    assert.deepEqual(told(again), [`new handled ${pair.cert}`]);
    assert.deepEqual(keysOf(snapshotAfter(renamed, again.writes)), ['web_0.server.cert', 'web_0.server.key']);
  });

  it('remembers no more than there are answers', () => {
    const first = answered(one({ 'web/0': asking({ server: { s: [], t: [] } }) }));
    const { memory } = decide(
      later(first.snapshot, { 'web/0': asking({ server: { t: [] } }) }),
      nothingToPublish,
      first.memory,
    );
    const fresh = answered(one({ 'web/0': asking({ server: { t: [] } }) })).memory;
    assert.deepEqual(memory, fresh);
  });

  it('D20: orders requests by relation, unit, top level, kind and common name, as strings', () => {
    const unit = { ...top('z'), ...asking({ client: { c: [] }, server: { b: [], a: [] } }) };
    const { view } = decide(seen([
      { id: 'certificates:9', remote: { 'db/0': top('d') } },
      { id: 'certificates:10', remote: { 'web/2': unit, 'web/10': top('y') } },
    ]));
    assert.deepEqual(view.allRequests.map(({ commonName }) => commonName), ['y', 'z', 'a', 'b', 'c', 'd']);
  });

  it('D23: reads empty values as absent', () => {
    const remote = { 'web/0': { unit_name: '', common_name: '', sans: '["a"]', certificate_name: '' } };
    assert.deepEqual(decide(one(remote)).view.allRequests, []);
  });

  it('D26: withdraws the answers of requests that are gone, entry by entry', () => {
    const kinds = { server: { s: [], t: [] }, client: { c: [] } };
    const first = answered(one({ 'web/0': { ...top('web'), ...asking(kinds) } }));
    const outcome = decide(
      later(first.snapshot, { 'web/0': asking({ server: { t: [] } }) }),
      nothingToPublish,
      first.memory,
    );
    assert.deepEqual(outcome.writes, [{
      relationId: 'certificates:3',
      bag: 'unit',
      set: { 'web_0.processed_requests': '{"t": {"cert": "cert of t", "key": "SECRET"}}' },
      delete: ['web_0.processed_client_requests', 'web_0.server.cert', 'web_0.server.key'],
    }]);
    assert.deepEqual(codes(outcome), ['answer-withdrawn', 'answer-withdrawn', 'answer-withdrawn']);
    assert.equal(decide(later(first.snapshot, {}), publish(keepWithdrawn), first.memory).writes.length, 0);
  });

  it('D26: withdraws the answers of a unit that departs, of the last one too, and of units long gone', () => {
    const remote = { 'web/0': top('w0'), 'web/1': top('w1') };
    const first = answered(one(remote));
    const bag = first.snapshot.relations[0]?.localUnitData ?? {};
    const leaving = (units: Readonly<Record<string, Bag>>, unit: string) =>
      decide(
        seen([{ remote: units, local: bag }], { relationId: 'certificates:3', unit }),
        publish(setCa('CA')),
        first.memory,
      );
    assert.deepEqual(leaving(remote, 'web/0').writes[0]?.delete, ['web_0.server.cert', 'web_0.server.key']);
    const last = leaving({ 'web/1': top('w1') }, 'web/1');
    assert.equal(last.writes[0]?.delete.length, 4);
    assert.deepEqual(last.writes[0]?.set, {}, 'nothing is published on a relation that is gone');
    assert.deepEqual(last.memory, emptyMemory);
  });

  it('D26, D27: keeps the answer of a request that cannot be read any more', () => {
    const first = answered(one({ 'web/0': { ...top('web'), ...asking({ server: { s: [], t: [] } }) } }));
    const broken = (bag: Bag) => decide(later(first.snapshot, { 'web/0': bag }), nothingToPublish, first.memory).writes;
    assert.deepEqual(broken({ common_name: 'web', sans: '{', cert_requests: '{' }), []);
    assert.deepEqual(broken({ ...top('web'), cert_requests: '{"s": 7, "t": {"sans": []}}' }), []);
  });

  it('D27: sets a malformed request aside, with a finding, and serves all others', () => {
    const outcome = decide(one({
      'web/0': { common_name: 'x', sans: '"abc"', cert_requests: '{"a": {"sans": "abc"}, "b": {"sans": []}}' },
      'web/1': { ...top('y'), client_cert_requests: '[' },
    }));
    assert.deepEqual(told(outcome), ['b new -', 'y new -']);
    assert.deepEqual(outcome.findings.map(({ code, place }) => [code, place.unit, place.key]), [
      ['malformed-value', 'web/0', 'sans'],
      ['malformed-entry', 'web/0', 'cert_requests'],
      ['malformed-value', 'web/1', 'client_cert_requests'],
    ]);
  });

  it('answers one application certificate for all units, with the names of all', () => {
    const remote = {
      'web/0': asking({ application: { app: ['10.0.0.2'] } }),
      'web/1': asking({ application: { app: ['10.0.0.1'], other: [] } }),
      'web/2': {},
    };
    const first = decide(one(remote));
    for (const { sans } of first.view.allRequests) assert.deepEqual(sans, ['10.0.0.1', '10.0.0.2', 'app', 'other']);
    const [request] = first.view.newRequests;
    assert.ok(request !== undefined);
    const outcome = decide(one(remote), publish(setCert(request, 'C', key('SECRET'))));
    assert.deepEqual(told(outcome), ['app handled C', 'app handled C', 'other handled C']);
    assert.deepEqual(
      Object.keys(outcome.writes[0]?.set ?? {}),
      [0, 1, 2].map((n) => `web_${n}.processed_application_requests`),
    );
  });

  it('asks for an application certificate anew when a unit brings names, and gives it to one that brings none', () => {
    const first = answered(one({ 'web/0': asking({ application: { app: [] } }) }));
    const grown = (sans: ReadonlyArray<string>) =>
      decide(
        later(first.snapshot, {
          'web/0': asking({ application: { app: [] } }),
          'web/1': asking({ application: { app: sans } }),
        }),
        nothingToPublish,
        first.memory,
      );
    assert.deepEqual(told(grown([])), ['app handled cert of app', 'app handled cert of app']);
    assert.deepEqual(Object.keys(grown([]).writes[0]?.set ?? {}), ['web_1.processed_application_requests']);
    assert.deepEqual(told(grown(['x'])), ['app new cert of app', 'app new -']);
  });

  it('withdraws the application certificate from every unit only when none asks any more', () => {
    const ask = asking({ application: { app: [] } });
    const first = answered(one({ 'web/0': ask, 'web/1': ask }));
    const now = (remote: Readonly<Record<string, Bag>>) =>
      decide(later(first.snapshot, remote), nothingToPublish, first.memory).writes;
    assert.deepEqual(now({ 'web/0': {}, 'web/1': ask }), []);
    assert.equal(now({ 'web/0': {}, 'web/1': {} })[0]?.delete.length, 2);
  });

  it('publishes no answer that nobody asked for, nor half of one, and tells of both', () => {
    const snapshot = one({ 'web/0': top('web') });
    const answer = (change: object) =>
      decodedProvides({
        side: 'reactive/provides',
        snapshot,
        intent: {
          answers: [{
            relationId: 'certificates:3',
            unit: 'web/0',
            certType: 'server',
            commonName: 'web',
            cert: 'C',
            key: 'SECRET',
            ...change,
          }],
        },
      }).intent;
    for (
      const change of [{ commonName: 'x' }, { certType: 'client' }, { unit: 'web/1' }, { relationId: 'certificates:4' }]
    ) {
      const outcome = decide(snapshot, answer(change));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['unasked-answer']], JSON.stringify(change));
    }
    for (const change of [{ cert: '' }, { key: '' }]) {
      const outcome = decide(snapshot, answer(change));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['incomplete-answer']], JSON.stringify(change));
    }
  });

  it('takes away what is published for a request by an answer with neither half', () => {
    const bag = {
      'web_0.server.cert': 'A',
      'web_0.server.key': 'SECRET',
      'web_0.processed_requests': '{"b": {"cert": "B", "key": "SECRET"}, "c": {"cert": "C", "key": "SECRET"}}',
      'web_0.processed_application_requests': '{"app_data": {"cert": "D", "key": "SECRET"}}',
    };
    const asking = {
      unit_name: 'web_0',
      common_name: 'a',
      cert_requests: '{"b": {"sans": []}, "c": {"sans": []}}',
      application_cert_requests: '{"d": {"sans": []}}',
    };
    const snapshot = one({ 'web/0': asking }, bag);
    const { allRequests } = decide(snapshot, publish()).view;
    const gone = allRequests.filter(({ commonName }) => commonName !== 'c');
    const outcome = decide(snapshot, publish(...gone.map((request) => setCert(request, '', key('')))));
    assert.deepEqual(codes(outcome), []);
    const [write] = outcome.writes;
    assert.deepEqual(JSON.parse(write?.set['web_0.processed_requests'] ?? '{}'), { c: { cert: 'C', key: 'SECRET' } });
    assert.deepEqual(write?.delete, [
      'web_0.processed_application_requests',
      'web_0.server.cert',
      'web_0.server.key',
    ]);
    const unanswered = outcome.view.allRequests.filter(({ cert, isHandled }) => cert === null && !isHandled);
    assert.deepEqual(unanswered.map(({ commonName }) => commonName), ['a', 'b', 'd']);
  });

  it('publishes no half of a shared client certificate, and takes away both', () => {
    const snapshot = one({ 'web/0': {} }, { 'client.cert': 'C', 'client.key': 'SECRET' });
    for (const [cert, half] of [['D', ''], ['', 'SECRET']] as const) {
      const outcome = decide(snapshot, publish(setClientCert(cert, key(half))));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['incomplete-answer']]);
    }
    assert.deepEqual(decide(snapshot, publish(setClientCert('', key('')))).writes[0]?.delete, [
      'client.cert',
      'client.key',
    ]);
  });

  it('tells of a refusal only where somebody asks and is not answered', () => {
    const snapshot = one({ 'web/0': top('web') });
    const [request] = decide(snapshot).view.newRequests;
    assert.ok(request !== undefined);
    const found = (...publications: ReadonlyArray<Publication>) => codes(decide(snapshot, publish(...publications)));
    assert.deepEqual(found(refuse(request, 'not here')), ['request-refused']);
    assert.deepEqual(found(refuse({ ...request, commonName: 'other' }, 'not here')), ['unasked-answer']);
    assert.deepEqual(found(refuse(request, 'not here'), setCert(request, 'C', key('SECRET'))), []);
  });

  it('shows no key that stands where the name of a unit should be', () => {
    const name = '-----BEGIN PRIVATE KEY-----SECRET';
    const local = {
      [`${name}.server.cert`]: 'C',
      [`${name}.processed_requests`]: '[',
      'web_9.processed_requests': '{',
    };
    const outcome = decide(
      one({ 'web/0': { unit_name: name, ...top('web'), ...asking({ server: { s: [] } }) } }, local),
    );
    assert.deepEqual(codes(outcome), ['unit-name-unfit', 'answer-withdrawn', 'answer-withdrawn', 'answer-withdrawn']);
    const after = answered(one({ 'web/0': { unit_name: name, ...top('web') } }));
    assert.doesNotMatch(JSON.stringify([outcome.findings, after.outcome.findings, after.memory]), /SECRET/);
  });

  it('answers under a name whoever is really called so, else who says so first, and sets the other aside', () => {
    const remote = { 'web/0': { unit_name: 'web_1', ...top('a') }, 'web/1': { unit_name: 'web_1', ...top('b') } };
    assert.deepEqual(told(decide(one(remote))), ['b new -']);
    assert.deepEqual(codes(decide(one(remote))), ['unit-name-taken']);
    const strangers = { 'r/0': { unit_name: 'x_0', ...top('a') }, 'r/1': { unit_name: 'x_0', ...top('b') } };
    assert.deepEqual(told(decide(one(strangers))), ['a new -']);
  });

  it('answers under its name in Juju whatever unit calls itself what Juju calls no unit (D29)', () => {
    const unfit = [
      'web\u00001_1',
      'web\uff0e1_1',
      '\uff04web_1',
      'web.1_1',
      '$web_1',
      'Web_1',
      'web_1\n',
      ' web_1',
      'web_',
      '_1',
      'web',
      'web_-1',
      'web_01',
      'web_1_2',
      'web/1/2',
      'w\u00e9b_1',
      'w\ud83d\ude00b_1',
      '\ud800_1',
      '__proto__',
      'constructor',
      `${'w'.repeat(1_000_000)}_1`,
    ];
    for (const name of unfit) {
      const snapshot = one({ 'web/1': { unit_name: name, ...top('a'), ...asking({ client: { c: [] } }) } });
      assert.deepEqual(codes(decide(snapshot)), ['unit-name-unfit'], name);
      const { outcome } = answered(snapshot);
      const written = Object.keys(outcome.writes[0]?.set ?? {});
      assert.deepEqual(written.filter((key) => key.startsWith('web_1.')).length, 3, JSON.stringify(outcome.writes));
      assert.deepEqual(written.filter((key) => !/^[a-z0-9_.-]+$/.test(key)), []);
    }
    for (const name of ['web_1', 'web/1', 'remote-0123456789abcdef0123456789abcdef/12', '0ad_0']) {
      const snapshot = one({ 'web/7': { unit_name: name, ...top('a') } });
      assert.deepEqual(codes(decide(snapshot)), []);
      assert.ok(`${name}.server.cert` in (answered(snapshot).outcome.writes[0]?.set ?? {}), name);
    }
    const both = { 'web/0': { unit_name: 'web\0_0', ...top('a') }, 'web/1': { unit_name: 'web_0', ...top('b') } };
    assert.deepEqual(told(decide(one(both))), ['a new -'], 'a name in Juju counts more than a name that is claimed');
  });

  it('reads its own broken answers as absent, and writes such a value anew only when an answer belongs there', () => {
    const local = {
      'web_0.server.cert': 'C',
      'web_0.processed_requests': '{"s": {"cert": "C"}, "t": {"cert": "C", "key": "SECRET"}}',
      'web_0.processed_client_requests': '[',
    };
    const snapshot = one({
      'web/0': { ...top('web'), ...asking({ server: { s: [], t: [] }, client: { c: [] } }) },
    }, local);
    const outcome = decide(snapshot);
    assert.deepEqual(told(outcome), ['web new -', 's new -', 't new C', 'c new -']);
    assert.deepEqual(codes(outcome).sort(), ['incomplete-answer', 'malformed-entry', 'malformed-value']);
    assert.deepEqual(outcome.writes, []);
    assert.deepEqual(told(answered(snapshot).outcome), [
      'web handled cert of web',
      's handled cert of s',
      't handled cert of t',
      'c handled cert of c',
    ]);
  });

  it('keeps what other endpoints remember', () => {
    const memory = decodedProvides({
      side: 'reactive/provides',
      snapshot: seen([]),
      memory: { flags: ['other.flag'], digests: { 'other.x': 'd', 'certificates.x': 'd' } },
    }).memory;
    assert.deepEqual(decide(seen([]), nothingToPublish, memory).memory, {
      flags: ['other.flag'],
      digests: { 'other.x': 'd' },
    });
  });

  it('setServerCert() and addServerCert() answer new server requests by scope', () => {
    const snapshot = one({ 'web/0': { ...top('a'), ...asking({ server: { b: [] } }) } });
    const { view } = decide(snapshot);
    assert.deepEqual([...getServerRequests(view).keys()], ['certificates:3.web_0.a', 'certificates:3.web_0.b']);
    const outcome = decide(
      snapshot,
      publish(
        setServerCert(view, 'certificates:3.web_0.a', 'A', key('K')),
        addServerCert(view, 'certificates:3.web_0', 'b', 'B', key('K')),
        setServerCert(view, 'certificates:3.web_0.c', 'C', key('K')),
        setServerMulticerts('certificates:3.web_0'),
      ),
    );
    assert.deepEqual(told(outcome), ['a handled A', 'b handled B']);
    assert.deepEqual(newServerRequests(outcome.view), []);
  });
});
