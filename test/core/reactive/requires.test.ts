/**
 * The requirer by the decisions of docs/reactive-protocol.md section 8, each shown on the smallest world.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideInput, emptyMemory, type Outcome, type RequiresView, serverCertsMap } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import {
  answers,
  decoded,
  documentOf,
  flagNames,
  input,
  relation,
  remembering,
  topAnswer,
  type World,
} from '../../world.ts';

const decide = (world: World): Outcome<RequiresView> => decideInput(input(world));

/** The outcome of a second hook, on what the first one led to, with something changed meanwhile. */
const next = (world: World, first: Outcome<RequiresView>, change: Partial<World> = {}): Outcome<RequiresView> => {
  const { snapshot } = input(world);
  const { relations } = snapshotAfter(snapshot, first.writes);
  return decideInput(decoded(documentOf({ ...world, relations, memory: first.memory, intent: {}, ...change })));
};

const server = (commonName: string, sans: ReadonlyArray<string> = []) => ({ certType: 'server', commonName, sans });
const codes = (outcome: Outcome): ReadonlyArray<string> => outcome.findings.map(({ code }) => code);
const setBy = (outcome: Outcome): Readonly<Record<string, string>> => outcome.writes[0]?.set ?? {};
const names = (outcome: Outcome<RequiresView>): ReadonlyArray<string> =>
  outcome.view.serverCerts.map((c) => c.commonName);

const provider = (
  bag: Readonly<Record<string, string>>,
  localUnitData: Readonly<Record<string, string>> = {},
): World => ({
  relations: [relation({ localUnitData, remoteUnits: { 'easyrsa/0': bag } })],
});

describe('the requirer', () => {
  it('D1: keeps .changed until the charm has dealt with it', () => {
    const first = decide(provider({ ca: 'CA' }));
    assert.ok(flagNames(first.memory).includes('ca.changed'));
    const second = next(provider({ ca: 'CA' }), first);
    assert.deepEqual(second.flags, { set: [], clear: [] });
    const third = next(provider({ ca: 'CA' }), second, { intent: { handled: ['certificates.ca.changed'] } });
    assert.deepEqual(third.flags, { set: [], clear: ['certificates.ca.changed'] });
    assert.deepEqual(next(provider({ ca: 'CA' }), third).flags, { set: [], clear: [] });
  });

  it('D1: announces a change that comes in the very hook in which the one before was handled', () => {
    const first = decide(provider({ ca: 'CA' }));
    const second = next(provider({ ca: 'CA' }), first, {
      ...provider({ ca: 'CA 2' }),
      intent: { handled: ['certificates.ca.changed'] },
    });
    assert.ok(flagNames(second.memory).includes('ca.changed'));
  });

  it('D1: withdraws .changed together with what it speaks of', () => {
    const second = next(provider({ ca: 'CA' }), decide(provider({ ca: 'CA' })), provider({}));
    assert.deepEqual(second.flags.clear, ['certificates.ca.available', 'certificates.ca.changed']);
  });

  it('D5: announces identical data that was lost and came back', () => {
    const world = provider({ ca: 'CA' });
    const handled = next(world, decide(world), { intent: { handled: ['certificates.ca.changed'] } });
    const lost = next(world, handled, provider({}));
    assert.ok(flagNames(next(world, lost).memory).includes('ca.changed'));
  });

  it('D2: sets client.cert.available only for a whole pair', () => {
    assert.ok(!flagNames(decide(provider({ 'client.cert': 'C' })).memory).includes('client.cert.available'));
    const whole = decide(provider({ 'client.cert': 'C', 'client.key': 'K' }));
    assert.ok(flagNames(whole.memory).includes('client.cert.available'));
    assert.deepEqual({ ...whole.view.globalClientCert }, { cert: 'C', key: 'K' });
  });

  it('D7: reads every intermediate certificate by its common name', () => {
    const bag = answers(
      { 'b CA': { cert: 'C', key: 'K' }, 'a CA': { cert: 'c', key: 'k' } },
      'processed_intermediate_requests',
    );
    assert.deepEqual(decide(provider(bag)).view.intermediateCerts.map((c) => c.commonName), ['a CA', 'b CA']);
  });

  it('D9: ignores an identical repeat, replaces other SANs, or keeps the first where the charm says so', () => {
    const published = {
      unit_name: 'web_0',
      cert_requests: '{"b": {"sans": ["x"]}}',
      common_name: 'a',
      sans: '["y"]',
      certificate_name: 'n',
    };
    const again = (requests: ReadonlyArray<unknown>, onRepeat = 'replace') =>
      decide({ ...provider({}, published), intent: { requests, onRepeat } });
    assert.deepEqual(again([server('a', ['y']), server('b', ['x'])]).writes, []);
    const replaced = again([server('a', ['z']), server('b', ['z'])]);
    assert.deepEqual(setBy(replaced), { cert_requests: '{"b": {"sans": ["z"]}}', sans: '["z"]' });
    assert.deepEqual(codes(replaced), ['sans-replaced', 'sans-replaced']);
    const ignored = again([server('a', ['z']), server('b', ['z'])], 'ignore');
    assert.deepEqual(ignored.writes, []);
    assert.deepEqual(codes(ignored), ['repeat-ignored', 'repeat-ignored']);
  });

  it('D28: leaves the same names as they are published, in whatever order and form they are asked for', () => {
    const outcome = decide({
      ...provider({}, { client_cert_requests: '{"c": {"sans": ["x", "y"]}}' }),
      intent: { requests: [{ certType: 'client', commonName: 'c', sans: ['y', 'x'] }] },
    });
    assert.equal(setBy(outcome)['client_cert_requests'], undefined);
    assert.deepEqual(codes(outcome), []);
  });

  it('D10: withdraws requests wherever they stand, and their keys with the last of them', () => {
    const published = {
      unit_name: 'web_0',
      common_name: 'a',
      sans: '[]',
      certificate_name: 'n',
      cert_requests: '{"b": {"sans": []}, "c": {"sans": []}}',
      client_cert_requests: '{"d": {"sans": []}}',
    };
    const outcome = decide({
      ...provider({}, published),
      intent: {
        withdraw: [{ certType: 'server', commonName: 'a' }, { certType: 'server', commonName: 'b' }, {
          certType: 'client',
          commonName: 'd',
        }, { certType: 'client', commonName: 'never' }],
      },
    });
    assert.deepEqual(outcome.writes, [{
      relationId: 'certificates:3',
      bag: 'unit',
      set: { cert_requests: '{"c": {"sans": []}}' },
      delete: ['certificate_name', 'client_cert_requests', 'common_name', 'sans'],
    }]);
  });

  it('D10: leaves a request in the collection when the top level falls vacant', () => {
    const published = { unit_name: 'web_0', cert_requests: '{"b": {"sans": []}}' };
    assert.deepEqual(decide({ ...provider({}, published), intent: { requests: [server('b')] } }).writes, []);
    const anew = decide({ ...provider({}, published), intent: { requests: [server('b'), server('a')] } });
    assert.equal(setBy(anew)['common_name'], 'a');
  });

  it('D10: lets the request stand that is withdrawn in the same breath', () => {
    const outcome = decide({
      intent: { requests: [server('a')], withdraw: [{ certType: 'server', commonName: 'a' }] },
    });
    assert.equal(setBy(outcome)['common_name'], 'a');
    assert.deepEqual(codes(outcome), ['withdrawn-and-requested']);
  });

  it('D11: has flags for application certificates, and certs.* do not speak of them', () => {
    const bag = answers({ app_data: { cert: 'C', key: 'K' } }, 'processed_application_requests');
    const outcome = decide(provider(bag));
    assert.deepEqual(flagNames(outcome.memory), [
      'application.certs.available',
      'application.certs.changed',
      'available',
    ]);
    assert.deepEqual(outcome.view.applicationCerts.map(({ certType, commonName }) => [certType, commonName]), [[
      'server',
      'app_data',
    ]]);
  });

  it('D13: names a certificate by unit and common name, the same every time, and keeps a name that is there', () => {
    const nameFor = (localUnit: string, commonName: string) =>
      setBy(decide({ localUnit, intent: { requests: [server(commonName)] } }))['certificate_name'] ?? '';
    const name = nameFor('web/0', 'a');
    assert.match(name, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(nameFor('web/0', 'a'), name);
    assert.equal(new Set([name, nameFor('web/1', 'a'), nameFor('web/0', 'b')]).size, 3);
    const kept = { unit_name: 'web_0', common_name: 'a', sans: '[]', certificate_name: 'first' };
    assert.deepEqual(
      decide({ ...provider({}, kept), intent: { requests: [{ ...server('a'), certificateName: 'late' }] } }).writes,
      [],
    );
  });

  it('D17: takes a certificate and its key from the same unit', () => {
    const outcome = decide({
      relations: [relation({
        localUnitData: { common_name: 'a' },
        remoteUnits: {
          'vault/0': { 'web_0.server.cert': 'C0' },
          'vault/1': { 'web_0.server.key': 'K1' },
          'vault/2': topAnswer('C2', 'K2'),
        },
      })],
    });
    assert.deepEqual(outcome.view.serverCerts.map(({ cert, key }) => [cert, key]), [['C2', 'K2']]);
    assert.deepEqual(codes(outcome), ['incomplete-answer', 'incomplete-answer']);
  });

  it("D17: does not let a value that cannot be used hide the next unit's", () => {
    for (const bad of ['oops', '[]', 'null', '{"a": {"cert": "C"}}']) {
      const outcome = decide({
        relations: [
          relation({
            remoteUnits: {
              'vault/0': { 'web_0.processed_requests': bad },
              'vault/1': answers({ a: { cert: 'C', key: 'K' } }),
            },
          }),
        ],
      });
      assert.deepEqual(names(outcome), ['a'], bad);
      assert.equal(outcome.findings[0]?.place.unit, 'vault/0');
    }
    const empty = decide({
      relations: [
        relation({ remoteUnits: { 'vault/0': answers({}), 'vault/1': answers({ a: { cert: 'C', key: 'K' } }) } }),
      ],
    });
    assert.deepEqual(names(empty), [], 'an empty object is an answer');
  });

  it("D17: does not let a value without the application's entry hide the next unit's", () => {
    const key = 'processed_application_requests';
    const remoteUnits = {
      'vault/0': answers({ other: { cert: 'C', key: 'K' } }, key),
      'vault/1': answers({ app_data: { cert: 'C1', key: 'K1' } }, key),
    };
    const outcome = decide({ relations: [relation({ remoteUnits })] });
    assert.deepEqual(outcome.view.applicationCerts.map(({ cert }) => cert), ['C1']);
    assert.deepEqual(codes(outcome), ['malformed-value']);
  });

  it('D18: does not show the old certificate as the answer to a new name', () => {
    const world = provider(topAnswer('C', 'K'));
    const first = decide({ ...world, intent: { requests: [server('old')] } });
    assert.deepEqual(names(first), ['old']);
    const renamed = next(world, first, {
      intent: { requests: [server('new')], withdraw: [{ certType: 'server', commonName: 'old' }] },
    });
    assert.deepEqual([names(renamed), codes(renamed)], [[], ['stale-answer']]);
    const { relations } = snapshotAfter(snapshotAfter(input(world).snapshot, first.writes), renamed.writes);
    const later = decideInput(decoded(documentOf({ relations, memory: renamed.memory })));
    assert.deepEqual([names(later), codes(later)], [[], ['stale-answer']]);
    const answered = decideInput(decoded(documentOf({
      relations: relations.map((r) => ({ ...r, remoteUnits: { 'easyrsa/0': topAnswer('C new', 'K new') } })),
      memory: later.memory,
    })));
    assert.deepEqual([names(answered), codes(answered)], [['new'], []]);
  });

  it('D18: remembers for which name an answer was given while the unit that gave it is away', () => {
    const seenForOld = decide(provider(topAnswer('C', 'K'), { common_name: 'old' })).memory;
    const away = decide({
      relations: [relation({ localUnitData: { common_name: 'new' }, remoteUnits: {} })],
      memory: seenForOld,
    });
    assert.deepEqual(away.memory.flags, []);
    const back = decide({ ...provider(topAnswer('C', 'K'), { common_name: 'new' }), memory: away.memory });
    assert.deepEqual([names(back), codes(back)], [[], ['stale-answer']]);
    assert.deepEqual(
      decide({ relations: [], memory: away.memory }).memory,
      emptyMemory,
      'it is forgotten with the relation',
    );
  });

  it('D18: takes an answer for an old one whichever unit publishes it then', () => {
    const seenForOld = decide(provider(topAnswer('C', 'K'), { common_name: 'old' })).memory;
    const relations = [
      relation({
        localUnitData: { common_name: 'new' },
        remoteUnits: { 'easyrsa/0': {}, 'easyrsa/1': topAnswer('C', 'K') },
      }),
    ];
    assert.deepEqual(names(decide({ relations, memory: seenForOld })), []);
  });

  it('D22: does not take an answer that nobody asked for as the one to a later request', () => {
    const unasked = decide(provider(topAnswer('C', 'K')));
    const later = decide({
      ...provider(topAnswer('C', 'K')),
      memory: unasked.memory,
      intent: { requests: [server('new')] },
    });
    assert.deepEqual([names(later), codes(later)], [[], ['stale-answer']]);
  });

  it('D18: shows the certificate again when its own name comes back', () => {
    const world = provider(topAnswer('C', 'K'), { common_name: 'new' });
    const seenForOld = decide(provider(topAnswer('C', 'K'), { common_name: 'old' })).memory;
    assert.deepEqual(names(decide({ ...world, memory: seenForOld })), []);
    assert.deepEqual(names(decide({ ...provider(topAnswer('C', 'K'), { common_name: 'old' }), memory: seenForOld })), [
      'old',
    ]);
  });

  it('D19: is not told of a change by another order of the same answers', () => {
    const one = provider(answers({ a: { cert: 'C', key: 'K' }, b: { cert: 'c', key: 'k' } }));
    const other = provider(answers({ b: { key: 'k', cert: 'c' }, a: { key: 'K', cert: 'C' } }));
    const handled = next(one, decide(one), {
      intent: { handled: ['certificates.server.certs.changed', 'certificates.certs.changed'] },
    });
    assert.deepEqual(next(one, handled, other).flags, { set: [], clear: [] });
  });

  it('D20: lists the top-level certificate first, then the others by code point', () => {
    const bag = {
      ...topAnswer('C', 'K'),
      ...answers(Object.fromEntries(['\uffee', '\u{10000}', 'b', 'B'].map((name) => [name, { cert: 'c', key: 'k' }]))),
    };
    assert.deepEqual(names(decide(provider(bag, { common_name: 'z' }))), ['z', 'B', 'b', '\uffee', '\u{10000}']);
  });

  it('D21: takes another chain for a change of the CA', () => {
    const world = provider({ ca: 'CA', chain: 'one' });
    const handled = next(world, decide(world), { intent: { handled: ['certificates.ca.changed'] } });
    assert.deepEqual(next(world, handled, provider({ ca: 'CA', chain: 'two' })).flags.set, ['certificates.ca.changed']);
  });

  it('D22: does not list a top-level answer that nobody asked for', () => {
    const outcome = decide(provider(topAnswer('C', 'K')));
    assert.deepEqual([names(outcome), codes(outcome)], [[], ['unasked-answer']]);
  });

  it('D23: takes an empty value for none, and puts a server request without a name into the collection', () => {
    const empty = decide(provider({ ca: '', chain: '', ...topAnswer('', '') }, { common_name: '' }));
    assert.deepEqual([empty.view.rootCaCert, empty.view.rootCaChain, names(empty), codes(empty)], [null, null, [], []]);
    const nameless = decide({ intent: { requests: [server('', ['x'])] } });
    assert.deepEqual(setBy(nameless), { cert_requests: '{"": {"sans": ["x"]}}', unit_name: 'web_0' });
  });

  it('D24: keeps asking the relation that carries the requests, while it has units', () => {
    const carrying = relation({
      id: 'certificates:9',
      localUnitData: { unit_name: 'web_0', client_cert_requests: '{"c": {"sans": []}}' },
    });
    const fresh = relation({ id: 'certificates:10', remoteUnits: { 'vault/0': { ca: 'CA of 10' } } });
    const intent = { requests: [{ certType: 'client', commonName: 'c' }] };
    assert.deepEqual(decide({ relations: [fresh, carrying], intent }).writes, []);
    const deserted = { ...carrying, remoteUnits: {} };
    assert.deepEqual(decide({ relations: [fresh, deserted], intent }).writes.map((w) => w.relationId), [
      'certificates:10',
    ]);
    const alone = { ...fresh, remoteUnits: {} };
    assert.deepEqual(decide({ relations: [alone, deserted], intent }).writes.map((w) => w.relationId), [
      'certificates:10',
    ]);
  });

  it('D24: does not count what is withdrawn as carried', () => {
    const nine = relation({
      id: 'certificates:9',
      localUnitData: { unit_name: 'web_0', client_cert_requests: '{"c": {"sans": []}}' },
    });
    const ten = relation({ id: 'certificates:10', localUnitData: { cert_requests: '{"s": {"sans": []}}' } });
    const withdraw = [{ certType: 'server', commonName: 's' }];
    const outcome = decide({ relations: [nine, ten], intent: { withdraw } });
    assert.deepEqual(outcome.writes.map(({ relationId, set }) => [relationId, set]), [['certificates:10', {}]]);
  });

  it('D24: reads the relation that is asked first, and names an answer by its own relation', () => {
    const carrying = relation({
      id: 'certificates:9',
      localUnitData: { common_name: 'asked of 9' },
      remoteUnits: { 'easyrsa/0': { ca: 'CA of 9' } },
    });
    const other = relation({
      id: 'certificates:10',
      localUnitData: {},
      remoteUnits: { 'vault/0': { ca: 'CA of 10', chain: 'chain of 10' } },
    });
    const { view } = decide({ relations: [other, carrying] });
    assert.deepEqual([view.rootCaCert, view.rootCaChain], ['CA of 9', 'chain of 10']);
  });

  it('D25: counts its own broken values as absent, and repairs them only when a request touches them', () => {
    const broken = {
      unit_name: 'web_0',
      cert_requests: 'oops',
      client_cert_requests: '{"c": 5, "d": {"sans": "e"}, "e": {"sans": ["x"]}}',
    };
    const idle = decide(provider({}, broken));
    assert.deepEqual(idle.writes, []);
    assert.deepEqual(codes(idle), ['malformed-value', 'malformed-entry', 'malformed-entry']);
    const touched = decide({
      ...provider({}, broken),
      intent: { requests: [{ certType: 'client', commonName: 'c' }] },
    });
    assert.deepEqual(setBy(touched), { client_cert_requests: '{"c": {"sans": []}, "e": {"sans": ["x"]}}' });
  });

  it('D25: repairs the broken SANs of the request that it repeats', () => {
    const broken = { unit_name: 'web_0', common_name: 'a', certificate_name: 'n', sans: '"x"' };
    assert.deepEqual(setBy(decide({ ...provider({}, broken), intent: { requests: [server('a')] } })), { sans: '[]' });
  });

  it('D10: withdraws a request that is malformed, too', () => {
    const published = { unit_name: 'web_0', client_cert_requests: '{"bad": 7, "c": {"sans": []}}' };
    const outcome = decide({
      ...provider({}, published),
      intent: { withdraw: [{ certType: 'client', commonName: 'bad' }] },
    });
    assert.deepEqual(setBy(outcome), { client_cert_requests: '{"c": {"sans": []}}' });
  });

  it('leaves a databag alone when an intent ends up where it was', () => {
    const published = {
      unit_name: 'web_0',
      client_cert_requests: '{"c":{"sans":["y"]}}',
      common_name: 'a',
      sans: '["y"]',
      certificate_name: 'n',
    };
    const twice = (
      certType: string,
      commonName: string,
    ) => [{ certType, commonName, sans: ['x'] }, { certType, commonName, sans: ['y'] }];
    assert.deepEqual(
      decide({ ...provider({}, published), intent: { requests: [...twice('client', 'c'), ...twice('server', 'a')] } })
        .writes,
      [],
    );
  });

  it('takes the first unit, by name as text, that has an answer', () => {
    const remoteUnits = { 'vault/2': topAnswer('C2', 'K2'), 'vault/10': topAnswer('C10', 'K10') };
    const { view } = decide({ relations: [relation({ localUnitData: { common_name: 'a' }, remoteUnits })] });
    assert.deepEqual(view.serverCerts.map(({ cert }) => cert), ['C10']);
  });

  it('tells neither content nor keys of a broken value', () => {
    const bag = {
      'web_0.processed_requests': '8675309',
      'web_0.processed_client_requests': '{"-----BEGIN PRIVATE KEY-----SECRET": {"cert": "C", "key": 8675309}}',
    };
    assert.doesNotMatch(JSON.stringify(decide(provider(bag)).findings), /8675309|SECRET/);
  });

  it('leaves JSON alone that Python would write differently but that means the same', () => {
    const published = { unit_name: 'web_0', client_cert_requests: '{"c":{"sans":null}}' };
    assert.deepEqual(
      decide({ ...provider({}, published), intent: { requests: [{ certType: 'client', commonName: 'c' }] } }).writes,
      [],
    );
  });

  it('asks before a unit has joined, and sets no flag before', () => {
    const outcome = decide({ relations: [relation({ remoteUnits: {} })], intent: { requests: [server('a')] } });
    assert.deepEqual(Object.keys(setBy(outcome)), ['certificate_name', 'common_name', 'sans', 'unit_name']);
    assert.deepEqual(outcome.flags, { set: [], clear: [] });
  });

  it('says who asks with the first request of any kind, and not before anything is asked (D30)', () => {
    const unjoined = (intent: unknown, localUnitData = {}) =>
      setBy(decide({ relations: [relation({ localUnitData, remoteUnits: {} })], intent }));
    for (const certType of ['server', 'client', 'application', 'intermediate']) {
      const asking = { requests: [{ certType, commonName: 'a', sans: [] }] };
      assert.equal(unjoined(asking)['unit_name'], 'web_0', certType);
    }
    assert.deepEqual(unjoined({ requests: [] }), {});
    // An earlier version asked without it.
    assert.deepEqual(unjoined({ requests: [] }, { client_cert_requests: '{"a": {"sans": []}}' }), {
      unit_name: 'web_0',
    });
    const withdrawn = unjoined(
      { requests: [], withdraw: [{ certType: 'client', commonName: 'a' }] },
      { client_cert_requests: '{"a": {"sans": []}}' },
    );
    assert.deepEqual(withdrawn, {});
  });

  it('does not say that there is no relation while the last unit leaves it', () => {
    const departing = { relationId: 'certificates:3', unit: 'easyrsa/0' };
    const intent = { requests: [server('a')] };
    assert.deepEqual(codes(decide({ ...provider({ ca: 'CA' }), departing, intent })), []);
    assert.deepEqual(codes(decide({ relations: [relation({ remoteUnits: {} })], departing, intent })), []);
    assert.deepEqual(codes(decide({ relations: [], departing, intent })), ['no-relation']);
  });

  it('counts a departing unit as gone, and a relation that it leaves empty too', () => {
    const relations = [relation({ remoteUnits: { 'easyrsa/0': { ca: 'CA 0' }, 'easyrsa/1': { ca: 'CA 1' } } })];
    const departing = { relationId: 'certificates:3', unit: 'easyrsa/0' };
    assert.equal(decide({ relations, departing }).view.rootCaCert, 'CA 1');
    const last = decide({
      ...provider({ ca: 'CA' }),
      departing,
      memory: remembering('available', 'ca.available'),
      intent: { requests: [server('a')] },
    });
    assert.deepEqual([last.writes, last.memory, last.view.rootCaCert], [[], emptyMemory, null]);
    assert.deepEqual(last.flags.clear, ['certificates.available', 'certificates.ca.available']);
  });

  it('clears everything of its own when no unit is joined, and keeps what others remember', () => {
    const memory = {
      flags: ['other.available', 'certificates.available', 'certificates.configured'],
      digests: { 'certificates.ca': 'x', 'other.ca': 'y' },
    };
    const outcome = decide({ relations: [], memory });
    assert.deepEqual(outcome.memory, {
      flags: ['certificates.configured', 'other.available'],
      digests: { 'other.ca': 'y' },
    });
  });

  it('says when a handled flag is none of its own', () => {
    const outcome = decide({ intent: { handled: ['certificates.ca.chnged', 'certificates.available'] } });
    assert.deepEqual(codes(outcome), ['unknown-flag', 'unknown-flag']);
  });

  it('serves __proto__ as a common name like any other', () => {
    const bag = answers(JSON.parse('{"__proto__": {"cert": "C", "key": "K"}}'));
    const { view } = decide(provider(bag));
    assert.equal(serverCertsMap(view).get('__proto__')?.cert, 'C');
    assert.equal(serverCertsMap(view).get('toString'), undefined);
  });
});
