/**
 * The rules of the CSR protocol's requirer, sentence by sentence (docs/csr-protocol.md).
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { about } from './about.ts';
import { certificatePem, CLIENT, csrPem, ecKey, extended, extension, ROOT, rsaKey, SERVER } from './forge.ts';
import {
  afterRequires,
  answering,
  APP_KEY,
  asking,
  codes,
  complaintOf,
  csrsIn,
  decideRequires,
  entry,
  first,
  flagNames,
  ID,
  kept,
  KEYS,
  refusing,
  relation,
  requiresDocument,
  requiresInput,
  UNIT_KEY,
  unitCertificate,
  unitCsr,
  WEB,
  type World,
} from './world.ts';
import { snapshotAfter } from '../../../adapters/port.ts';

/** A world in which `web.example` is asked for with these CSRs, and the provider says this. */
const asked = (csrs: ReadonlyArray<string | readonly [string, boolean]>, published = {}, more: World = {}): World => ({
  relations: [relation({ localUnitData: asking(...csrs), remoteApplicationData: published })],
  intent: WEB,
  ...more,
});

const server = (more: Readonly<Record<string, unknown>> = {}) => ({
  requests: [{ certType: 'server', commonName: 'web.example', ...more }],
});

const statesOf = (world: World): ReadonlyArray<string> =>
  decideRequires(world).view.requests.map(({ state, why }) => (why === null ? state : `${state} ${why}`));

/** What stands in the unit's bag of the first relation once the decision is applied. */
const published = (world: World): ReadonlyArray<string> => csrsIn(afterRequires(world)[0]?.localUnitData);

describe('csr/requires', () => {
  const csr = unitCsr();
  const certificate = unitCertificate();

  it('asks the keyring for a CSR and publishes what it made', () => {
    const world = asked([]);
    assert.deepEqual(statesOf(world), ['missing new']);
    assert.deepEqual(decideRequires(world).writes, []);
    const made = decideRequires({
      ...world,
      intent: { ...WEB, made: [`\ufeffhello\r\n${csr.replaceAll('\n', '\r\n')}`] },
    });
    assert.deepEqual(made.writes, [{ relationId: ID, bag: 'unit', set: asking(csr), delete: [] }]);
    const { state, csr: shown, keyName } = first(made);
    assert.deepEqual([state, shown, keyName], ['asked', csr, 'unit']);
  });

  it('delivers a certificate that answers its CSR', () => {
    const { view } = decideRequires(asked([csr], answering(entry(csr, certificate))));
    assert.deepEqual(view.requests[0], {
      request: { certType: 'server', commonName: 'web.example', sans: [], uniqueIdentifier: true },
      relationId: ID,
      bag: 'unit',
      state: 'answered',
      why: null,
      csr,
      keyName: 'unit',
      certificate,
      ca: ROOT,
      chain: [certificate, ROOT],
      renewAt: '2026-11-25T12:00:00Z',
      denied: null,
    });
    assert.deepEqual([view.rootCaCert, view.rootCaChain], [ROOT, ROOT]);
  });

  it('touches only the keys of the protocol (C1), and leaves what fits as it is, byte for byte', () => {
    const odd = `[ {"ca" :false,"x": 1.0, "certificate_signing_request": ${JSON.stringify(csr)}} ]`;
    const localUnitData = { 'egress-subnets': '10.0.0.0/8', certificate_signing_requests: odd };
    const world: World = { relations: [relation({ localUnitData })], intent: WEB };
    assert.deepEqual(decideRequires(world).writes, []);
    const other = csrPem({ key: UNIT_KEY, commonName: 'b' });
    const intent = { requests: [...WEB.requests, { certType: 'server', commonName: 'b' }], made: [other] };
    assert.deepEqual(decideRequires({ ...world, intent }).writes[0]?.set, {
      certificate_signing_requests: `[{"ca" :false,"x": 1.0, "certificate_signing_request": ${
        JSON.stringify(csr)
      }}, {"certificate_signing_request": ${JSON.stringify(other)}, "ca": false}]`,
    });
  });

  about('keys', (it) => {
    const older = ecKey(5);
    const rotated = [kept(UNIT_KEY, 'new'), kept(older, 'old')];
    const oldCsr = csrPem({ key: older });
    const oldCertificate = certificatePem({ key: older });

    it('keeps a CSR of an older key while it is answered, until the new pair is there', () => {
      const answered = answering(entry(oldCsr, oldCertificate));
      const world = asked([oldCsr], answered, { keys: rotated });
      const before = first(decideRequires(world));
      assert.deepEqual([before.state, before.why, before.keyName], ['missing', 'other-key', 'old']);
      assert.equal(before.certificate, oldCertificate);
      const made = { ...world, intent: { ...WEB, made: [csr] } };
      const renewing = first(decideRequires(made));
      assert.deepEqual([renewing.state, renewing.csr, renewing.keyName], ['renewing', csr, 'old']);
      assert.deepEqual(published(made), [oldCsr, csr]);
      const both = asked([oldCsr, csr], answering(entry(oldCsr, oldCertificate), entry(csr, certificate)), {
        keys: rotated,
      });
      assert.deepEqual([first(decideRequires(both)).state, first(decideRequires(both)).keyName], ['answered', 'new']);
      assert.deepEqual(published(both), [csr]);
    });

    it('withdraws a CSR of an older key that is not answered, or whose certificate does not count', () => {
      const revoked = answering(entry(oldCsr, oldCertificate, { revoked: true }));
      for (const said of [{}, revoked]) {
        const world = asked([oldCsr], said, { keys: rotated });
        assert.deepEqual(statesOf(world), ['missing other-key']);
        assert.deepEqual(published(world), []);
      }
    });

    it('withdraws a CSR whose key nobody keeps', () => {
      const lost = csrPem({ key: ecKey(77) });
      const world = asked([lost], answering(entry(lost, certificatePem({ key: ecKey(77) }))));
      assert.deepEqual(statesOf(world), ['missing other-key']);
      assert.deepEqual(published(world), []);
    });

    it('judges by content alone where nothing is known of keys, and finds none in an empty list', () => {
      const world = asked([csr], answering(entry(csr, certificate)));
      const unknown = first(decideRequires({ ...world, keys: null }));
      assert.deepEqual([unknown.state, unknown.keyName], ['answered', null]);
      assert.deepEqual(statesOf({ ...world, keys: [] }), ['missing other-key']);
    });

    it('takes a CSR that was made only under the key in force', () => {
      const outcome = decideRequires(asked([], {}, { keys: rotated, intent: { ...WEB, made: [oldCsr] } }));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['made-unused']]);
      const none = decideRequires(asked([], {}, { keys: [], intent: { ...WEB, made: [csr] } }));
      assert.deepEqual([none.writes, codes(none)], [[], ['made-unused']]);
    });
  });

  about('states', (it) => {
    it('tells why a CSR is missing: new, changed, renewal', () => {
      assert.deepEqual(statesOf(asked([])), ['missing new']);
      const changed = asked([csr], {}, { intent: server({ sans: ['b'] }) });
      assert.deepEqual(statesOf(changed), ['missing changed']);
      assert.deepEqual(published(changed), []);
      const due = asked([csr], answering(entry(csr, certificate)), { now: '2026-11-25T12:00:00Z' });
      assert.deepEqual(statesOf(due), ['missing renewal']);
      assert.equal(first(decideRequires(due)).certificate, certificate);
      assert.deepEqual(statesOf({ ...due, now: '2026-11-25T11:59:59Z' }), ['answered']);
      assert.deepEqual(statesOf({ ...due, now: '2028-01-01T00:00:00Z' }), ['missing renewal'], 'expired too (C14)');
    });

    it('renews beside the old certificate, and withdraws the old CSR once the new one is answered', () => {
      const next = unitCsr();
      const due = asked([csr], answering(entry(csr, certificate)), { now: '2026-12-01T00:00:00Z' });
      const made = { ...due, intent: { ...WEB, made: [next] } };
      assert.deepEqual([statesOf(made), published(made)], [['renewing'], [csr, next]]);
      assert.equal(first(decideRequires(made)).certificate, certificate);
      const later = unitCertificate({ from: '2026-12-01T00:00:00Z', to: '2027-12-01T00:00:00Z' });
      const answered = asked([csr, next], answering(entry(csr, certificate), entry(next, later)));
      assert.deepEqual([statesOf(answered), published(answered)], [['answered'], [next]]);
      assert.equal(first(decideRequires(answered)).certificate, later);
    });

    it('is denied while the CSR is refused and there is no certificate', () => {
      const error = refusing(csr, { reason: '', provider: 'acme' });
      const outcome = decideRequires(asked([csr], { request_errors: JSON.stringify([error]) }));
      const { state, denied } = first(outcome);
      assert.equal(state, 'denied');
      assert.deepEqual(denied, {
        code: 102,
        name: 'DOMAIN_NOT_ALLOWED',
        message: 'no',
        reason: '',
        provider: 'acme',
        endpoint: null,
      });
      assert.deepEqual([codes(outcome), published(asked([csr], { request_errors: JSON.stringify([error]) }))], [
        ['request-denied'],
        [csr],
      ]);
      const described = JSON.stringify([{ certificate_signing_request: csr, error: error.error }]);
      assert.equal(first(decideRequires(asked([csr], { request_errors: described }))).state, 'denied', 'C5');
    });

    it('makes no third CSR for a renewal that is refused', () => {
      const next = unitCsr();
      const world = asked([csr, next], {
        ...answering(entry(csr, certificate)),
        request_errors: JSON.stringify([refusing(next)]),
      }, { now: '2026-12-30T00:00:00Z' });
      const { state, denied, certificate: old } = first(decideRequires(world));
      assert.deepEqual([state, denied?.code, old], ['renewing', 102, certificate]);
      assert.deepEqual(published(world), [csr, next]);
    });

    it('tells a certificate and an error for the same CSR, both', () => {
      const outcome = decideRequires(asked([csr], {
        ...answering(entry(csr, certificate)),
        request_errors: JSON.stringify([refusing(csr)]),
      }));
      assert.deepEqual([first(outcome).state, first(outcome).denied?.code], ['answered', 102]);
      assert.ok(codes(outcome).includes('answered-and-refused'));
    });

    it('finds impossible what no CSR can say, and goes on with the others', () => {
      const impossible = [
        { commonName: 'ü'.repeat(33) },
        { commonName: 'a'.repeat(65) },
        { commonName: '\ud800' },
        { commonName: 'a', subject: { country: 'SWE' } },
        { commonName: 'a', subject: { country: 'ÅÄ' } },
        { commonName: 'a', subject: { emailAddress: 'ü@a' } },
        { commonName: 'a', sans: ['bücher.example'] },
        { commonName: 'a', sans: ['10.0.0.256'] },
        { commonName: 'a', sans: ['10.0.0.0/8'] },
        { commonName: 'a', sans: ['fe80::1%eth0'] },
        { commonName: 'a', sans: ['ip:web'] },
        { commonName: 'a', sans: ['oid:web'] },
        {},
        { sans: [' ', 'dns:'] },
        { sans: ['a.example'], uniqueIdentifier: false },
        { subject: { organization: 'o' } },
      ];
      const requests = [...impossible, { commonName: 'web.example' }].map((one) => ({ certType: 'server', ...one }));
      const outcome = decideRequires({ intent: { requests } });
      assert.deepEqual(
        outcome.view.requests.map(({ state }) => state),
        [...impossible.map(() => 'impossible'), 'missing'],
      );
      assert.deepEqual(
        outcome.findings.map(({ code, severity }) => `${code} ${severity}`),
        impossible.map(() => 'request-impossible error'),
      );
      const possible = [{ commonName: 'ü'.repeat(32) }, { sans: ['a.example'] }, {
        sans: ['a'],
        subject: { locality: 'l' },
        uniqueIdentifier: false,
      }];
      const all = possible.map((one) => ({ certType: 'server', ...one }));
      assert.deepEqual(statesOf({ intent: { requests: all } }), possible.map(() => 'missing new'));
    });

    it('is unrelated without a relation, and nothing is missing', () => {
      const outcome = decideRequires({ relations: [], intent: { ...WEB, made: [csr] } });
      assert.deepEqual([first(outcome).state, first(outcome).relationId], ['unrelated', null]);
      assert.deepEqual(codes(outcome), ['no-relation', 'made-unused']);
    });

    it('does not say that there is no relation while the last unit leaves it', () => {
      const departing = { relationId: 'certificates:3', unit: 'easyrsa/0' };
      for (const remoteUnits of [{}, { 'easyrsa/0': {} }]) {
        const outcome = decideRequires({ relations: [relation({ remoteUnits })], departing, intent: WEB });
        assert.ok(!codes(outcome).includes('no-relation'));
      }
      assert.ok(codes(decideRequires({ relations: [], departing, intent: WEB })).includes('no-relation'));
    });
  });

  about('which relation', (it) => {
    const other = relation({ id: 'certificates:9' });

    it('asks on the one that carries CSRs while it has units, else on the first with units, else on the first', () => {
      const carrying = relation({ id: 'certificates:9', localUnitData: asking(csr) });
      assert.equal(first(decideRequires({ relations: [relation(), carrying], intent: WEB })).relationId, carrying.id);
      const alone = { ...carrying, remoteUnits: {} };
      assert.equal(first(decideRequires({ relations: [relation(), alone], intent: WEB })).relationId, ID);
      const empty = relation({ remoteUnits: {} });
      assert.equal(first(decideRequires({ relations: [empty, other], intent: WEB })).relationId, other.id);
      assert.equal(first(decideRequires({ relations: [empty], intent: WEB })).relationId, ID);
    });

    it('withdraws CSRs on others, and tells that there are several', () => {
      const relations = [
        relation({ localUnitData: asking(csr) }),
        relation({ id: 'certificates:9', localUnitData: asking(csr) }),
      ];
      const outcome = decideRequires({ relations, intent: WEB });
      assert.deepEqual(outcome.writes, [
        { relationId: 'certificates:9', bag: 'unit', set: {}, delete: ['certificate_signing_requests'] },
      ]);
      assert.deepEqual(codes(outcome), ['several-relations']);
    });

    it('stays where it asked when a request changes', () => {
      const world: World = {
        relations: [relation(), relation({ id: 'certificates:9', localUnitData: asking(csr) })],
        intent: server({ sans: ['b'] }),
      };
      const input = requiresInput(world);
      const outcome = input.decided();
      assert.deepEqual([first(outcome).relationId, first(outcome).why], ['certificates:9', 'changed']);
      const { relations } = snapshotAfter(input.snapshot, outcome.writes);
      const made = csrPem({ key: UNIT_KEY, sans: ['dns:b'] });
      const second = decideRequires({
        // What a snapshot holds is what a document holds.
        relations: JSON.parse(JSON.stringify(relations)),
        memory: outcome.memory,
        intent: { ...server({ sans: ['b'] }), made: [made] },
      });
      assert.deepEqual(second.writes.map(({ relationId }) => relationId), ['certificates:9']);
    });
  });

  about('the application’s request', (it) => {
    const intent = { requests: [{ certType: 'application', commonName: 'web.example' }] };
    const appCsr = csrPem({ key: APP_KEY });
    const appCertificate = certificatePem({ key: APP_KEY });
    const leading = (more: Partial<Parameters<typeof relation>[0]> = {}, isLeader = true): World => ({
      isLeader,
      intent,
      relations: [relation({ localApplicationData: asking(appCsr), ...more })],
    });

    it('stands in the application’s bag, which only the leader reads and writes', () => {
      assert.deepEqual(statesOf(leading()), ['asked']);
      const fresh = decideRequires({ isLeader: true, intent: { ...intent, made: [appCsr] } });
      assert.deepEqual(fresh.writes, [{ relationId: ID, bag: 'application', set: asking(appCsr), delete: [] }]);
      const follower = decideRequires({ ...leading({}, false), intent: {} });
      assert.deepEqual(follower.writes, [], 'a follower withdraws nothing');
      const gone = decideRequires({ ...leading(), intent: {} });
      assert.deepEqual(gone.writes.map(({ bag, delete: keys }) => [bag, keys]), [
        ['application', ['certificate_signing_requests']],
      ]);
    });

    it('is answered on other units by an echoed CSR of that content and the application’s key', () => {
      const follow = (said: Readonly<Record<string, string>>, keys: ReadonlyArray<unknown> | null = KEYS) =>
        first(decideRequires({ intent, keys, relations: [relation({ remoteApplicationData: said })] }));
      const got = follow(answering(entry(unitCsr(), certificate), entry(appCsr, appCertificate)));
      assert.deepEqual([got.state, got.csr, got.certificate, got.keyName, got.bag], [
        'answered',
        appCsr,
        appCertificate,
        'app',
        'application',
      ]);
      assert.deepEqual([follow({}).state, follow({}).csr], ['asked', null]);
      assert.equal(follow(answering(entry(csr, certificate))).state, 'asked', 'another key');
      assert.equal(follow(answering(entry(appCsr, appCertificate)), [kept(UNIT_KEY)]).state, 'asked', 'no key');
      assert.equal(follow(answering(entry(appCsr, appCertificate)), null).state, 'answered', 'nothing known of keys');
      const denied = follow({ request_errors: JSON.stringify([refusing(appCsr)]) });
      assert.deepEqual([denied.state, denied.csr, denied.denied?.code], ['denied', appCsr, 102]);
      const far = decideRequires({
        intent,
        relations: [
          relation(),
          relation({
            id: 'certificates:9',
            remoteApplicationData: answering(entry(appCsr, appCertificate)),
          }),
        ],
      });
      assert.deepEqual([first(far).state, first(far).relationId], ['answered', 'certificates:9']);
    });

    it('is never missing on other units, not even when it is due', () => {
      const world: World = {
        intent,
        now: '2026-12-30T00:00:00Z',
        relations: [relation({ remoteApplicationData: answering(entry(appCsr, appCertificate)) })],
      };
      assert.deepEqual(statesOf(world), ['answered']);
      assert.equal(decideRequires(world).until, '2027-01-01T00:00:00Z');
    });
  });

  about('content', (it) => {
    /** Whether a CSR is kept for a request. */
    const fits = (
      request: Readonly<Record<string, unknown>>,
      csr: Parameters<typeof unitCsr>[0],
      ca = false,
    ): boolean => {
      const pem = unitCsr(csr);
      const world = asked([[pem, ca]], {}, {
        intent: { requests: [{ commonName: 'web.example', certType: 'server', ...request }] },
      });
      return published(world).length === 1 && statesOf(world)[0] === 'asked';
    };

    it('is the same whatever the order, the blanks, the repeats and the form of addresses', () => {
      const names = ['dns:b', 'ip:0a000007', 'dns:a', `ip:20010db8${'0'.repeat(22)}07`, 'id:1.2.840.113549'];
      const sans = [' a ', 'b', 'a', '10.0.0.7', '2001:DB8:0:0::7', '1.2.840.113549', 'ip:10.0.0.7', ''];
      assert.ok(fits({ sans }, { sans: names }));
      assert.ok(!fits({ sans: sans.slice(1, 2) }, { sans: names }));
      assert.ok(!fits({ sans: ['A'] }, { sans: ['dns:a'] }), 'DNS names are compared as they stand');
      assert.ok(fits({ sans: ['oid:1.2.3.4'] }, { sans: ['id:1.2.3.4'] }));
      assert.ok(!fits({ sans: ['1.2.3.4'] }, { sans: ['id:1.2.3.4'] }), 'without a prefix it is an address');
      assert.ok(fits({ sans: ['dns:10.0.0.7'] }, { sans: ['dns:10.0.0.7'] }));
      assert.ok(fits({ sans: ['::ffff:1.2.3.4'] }, { sans: ['ip:00000000000000000000ffff01020304'] }));
    });

    it('takes empty for absent, in the name and in the subject', () => {
      assert.ok(fits({ commonName: '', sans: ['a'] }, { commonName: '', sans: ['dns:a'] }));
      assert.ok(fits({ subject: { organization: '', country: '' } }, {}));
      assert.ok(
        fits({ subject: { organization: 'o', country: 'SE' } }, { subject: { '2.5.4.6': 'SE', '2.5.4.10': 'o' } }),
      );
      assert.ok(!fits({ subject: { organization: 'o' } }, {}));
      assert.ok(!fits({}, { subject: { '2.5.4.7': 'l' } }));
      assert.ok(fits({}, { subject: { '2.5.4.5': 'not compared' } }));
    });

    it('asks only whether there is a unique identifier', () => {
      assert.ok(fits({ uniqueIdentifier: false }, { uniqueIdentifier: null }));
      assert.ok(!fits({ uniqueIdentifier: true }, { uniqueIdentifier: null }));
      assert.ok(!fits({ uniqueIdentifier: false }, { uniqueIdentifier: 'x' }));
    });

    it('fits the kinds whose usage a CSR names, and all where it names none', () => {
      const usages = {
        server: [extended(SERVER)],
        client: [extended(CLIENT)],
        none: [],
        other: [extended('1.3.6.1.5.5.7.3.3')],
      };
      const table = Object.entries(usages).map(([name, extensions]) => [
        name,
        fits({ certType: 'server' }, { extensions }),
        fits({ certType: 'client' }, { extensions }),
        fits({ certType: 'intermediate' }, { extensions }, true),
        fits({ certType: 'intermediate' }, { extensions }, false),
      ]);
      assert.deepEqual(table, [
        ['server', true, false, true, false],
        ['client', false, true, false, false],
        ['none', true, true, true, false],
        ['other', false, false, false, false],
      ]);
    });

    it('counts a CSR without usage for the server where a client wants the same content', () => {
      const both = { requests: [{ certType: 'client', commonName: 'web.example' }, ...WEB.requests] };
      const outcome = decideRequires(asked([csr], {}, { intent: both }));
      assert.deepEqual(outcome.view.requests.map(({ state }) => state), ['missing', 'asked']);
    });

    it('lets a CSR with a critical extension beside SANs fit nothing', () => {
      assert.ok(!fits({}, { extensions: [extension('1.2.3.4', new Uint8Array([5, 0]), true)] }));
      assert.ok(fits({}, { extensions: [extension('1.2.3.4', new Uint8Array([5, 0]))] }));
    });

    it('asks once for the same request twice', () => {
      const twice = { requests: [...WEB.requests, ...WEB.requests], made: [unitCsr(), unitCsr()] };
      const outcome = decideRequires({ intent: twice });
      assert.equal(csrsIn(outcome.writes[0]?.set).length, 1);
      assert.deepEqual(outcome.view.requests.map(({ state }) => state), ['asked', 'asked']);
      assert.deepEqual(codes(outcome), ['made-unused']);
    });
  });

  about('several CSRs for one request', (it) => {
    const [one, two, three] = [unitCsr(), unitCsr(), unitCsr()];

    it('all stay while none is answered, and the last counts', () => {
      const world = asked([one, two, three]);
      assert.deepEqual([published(world), first(decideRequires(world)).csr], [[one, two, three], three]);
    });

    it('those before the latest answered one go, those after it make it renewing', () => {
      const world = asked([one, two, three], answering(entry(one, certificate), entry(two, certificate)));
      assert.deepEqual([statesOf(world), published(world)], [['renewing'], [two, three]]);
    });

    it('takes the last certificate for a CSR that fits and is not revoked, with a finding', () => {
      const [a, b, c] = [unitCertificate(), unitCertificate(), unitCertificate()];
      const outcome = decideRequires(
        asked([one], answering(entry(one, a), entry(one, b), entry(one, c, { revoked: true }))),
      );
      assert.equal(first(outcome).certificate, b);
      assert.ok(codes(outcome).includes('several-answers'));
    });

    it('withdraws all equal copies of what is not wanted (C11), whatever the form of their PEM (C12)', () => {
      assert.deepEqual(published(asked([one, `${one.replaceAll('\n', '\r\n')}\r\n`, one], {}, { intent: {} })), []);
    });
  });

  about('what does not count', (it) => {
    it('is revoked: not delivered, still asked for, and told (C13)', () => {
      const outcome = decideRequires(asked([csr], answering(entry(csr, certificate, { revoked: true }))));
      assert.deepEqual([first(outcome).state, first(outcome).certificate, codes(outcome)], ['asked', null, [
        'certificate-revoked',
      ]]);
      assert.equal(
        first(decideRequires(asked([csr], answering(entry(csr, certificate, { revoked: false }))))).state,
        'answered',
      );
    });

    it('has another key, or is a CA’s where none was asked for, or none where one was', () => {
      const foreign = decideRequires(asked([csr], answering(entry(csr, certificatePem({ key: ecKey(8) })))));
      assert.deepEqual([first(foreign).state, codes(foreign)], ['asked', ['key-mismatch']]);
      const ca = decideRequires(asked([csr], answering(entry(csr, unitCertificate({ isCa: true })))));
      assert.deepEqual([first(ca).state, codes(ca)], ['asked', ['wrong-purpose']]);
      const intent = { requests: [{ certType: 'intermediate', commonName: 'web.example' }] };
      const leaf = decideRequires(asked([[csr, true]], answering(entry(csr, certificate)), { intent }));
      assert.deepEqual([first(leaf).state, codes(leaf)], ['asked', ['wrong-purpose']]);
    });
  });

  about('made and renew', (it) => {
    it('finds a CSR that fits nothing, and says nothing of one that is published', () => {
      const foreign = unitCsr({ commonName: 'foreign' });
      const outcome = decideRequires(asked([csr], {}, { intent: { ...WEB, made: [csr, foreign] } }));
      assert.deepEqual([outcome.writes, codes(outcome)], [[], ['made-unused']]);
    });

    it('takes CSRs of one content for several kinds, each for one that is missing', () => {
      const requests = ['server', 'intermediate'].map((certType) => ({ certType, commonName: 'web.example' }));
      const made = [unitCsr(), unitCsr()];
      const outcome = decideRequires({ intent: { requests, made } });
      assert.deepEqual(outcome.writes[0]?.set, asking(made[0] ?? '', [made[1] ?? '', true]));
      assert.deepEqual(codes(outcome), []);
    });

    it('takes a CSR that stands where nobody wants it', () => {
      const localApplicationData = asking(csr);
      const world: World = {
        isLeader: true,
        relations: [relation({ localApplicationData })],
        intent: { ...WEB, made: [csr] },
      };
      assert.deepEqual(decideRequires({ ...world, keys: null }).writes, [
        { relationId: ID, bag: 'unit', set: asking(csr), delete: [] },
        { relationId: ID, bag: 'application', set: {}, delete: ['certificate_signing_requests'] },
      ]);
    });

    it('appends in the order of the requests, not of what was made', () => {
      const names = ['a', 'b', 'c'];
      const made = names.map((commonName) => unitCsr({ commonName }));
      const requests = names.map((commonName) => ({ certType: 'server', commonName }));
      const world: World = { intent: { requests, made: [...made].reverse() } };
      assert.deepEqual(published(world), made);
    });

    it('renews every request of that kind and name now, once', () => {
      const renew = [{ certType: 'server', commonName: 'web.example' }];
      const world = asked([csr], answering(entry(csr, certificate)), { intent: { ...WEB, renew } });
      assert.deepEqual(statesOf(world), ['missing renewal']);
      const next = unitCsr();
      const standing = asked([csr, next], answering(entry(csr, certificate)), { intent: { ...WEB, renew } });
      assert.deepEqual(statesOf(standing), ['renewing']);
      const stray = decideRequires(
        asked([csr], {}, { intent: { ...WEB, renew: [{ certType: 'client', commonName: 'x' }] } }),
      );
      assert.deepEqual(codes(stray), ['nothing-to-renew']);
    });

    it('does not renew what would not change: an RSA key without unique identifier (C7)', () => {
      const stuck = (key: Uint8Array<ArrayBuffer>): World => {
        const plain = csrPem({ key, uniqueIdentifier: null });
        return asked([plain], answering(entry(plain, certificatePem({ key }))), {
          keys: [kept(key)],
          intent: server({ uniqueIdentifier: false }),
          now: '2026-12-30T00:00:00Z',
        });
      };
      const rsa = decideRequires(stuck(rsaKey(3)));
      assert.deepEqual([first(rsa).state, codes(rsa), rsa.until], [
        'answered',
        ['renewal-without-change'],
        '2027-01-01T00:00:00Z',
      ]);
      assert.deepEqual(statesOf(stuck(UNIT_KEY)), ['missing renewal']);
    });

    it('refuses text that is no CSR, with its path', () => {
      const complaint = complaintOf(requiresDocument({ intent: { ...WEB, made: [csr, 'none'] } }));
      assert.equal(complaint, 'intent.made[1]: expected a certificate request in PEM, got a string of 4 characters');
    });
  });

  about('time', (it) => {
    it('counts from notBefore, in whole seconds rounded down', () => {
      const short = unitCertificate({ from: '2026-06-01T00:00:00Z', to: '2026-06-01T00:00:07Z' });
      const world = asked([csr], answering(entry(csr, short)));
      assert.equal(first(decideRequires(world)).renewAt, '2026-06-01T00:00:06Z');
      const third = { ...world, intent: { ...WEB, renewAfter: 0.7 } };
      assert.equal(first(decideRequires(third)).renewAt, '2026-06-01T00:00:04Z');
      assert.equal(
        first(decideRequires({ ...world, intent: { ...WEB, renewAfter: 1 } })).renewAt,
        '2026-06-01T00:00:07Z',
      );
    });

    it('says until when it holds', () => {
      const until = (world: World) => decideRequires(world).until;
      const world = asked([csr], answering(entry(csr, certificate)));
      assert.equal(until(world), '2026-11-25T12:00:00Z', 'the renewal of what is answered');
      assert.equal(until({ ...world, now: null }), null, 'never without a present');
      assert.equal(until(asked([csr])), null, 'nothing to wait for');
      assert.equal(
        until({ ...world, now: '2026-12-01T00:00:00Z' }),
        '2027-01-01T00:00:00Z',
        'the end of what is renewed',
      );
      assert.equal(until({ ...world, now: '2028-01-01T00:00:00Z' }), null, 'all of it is past');
      const early = unitCertificate({ from: '2026-07-01T00:00:00Z', to: '2027-07-01T00:00:00Z' });
      assert.equal(until(asked([csr], answering(entry(csr, early)))), '2026-07-01T00:00:00Z', 'the beginning');
    });

    it('decides differently at that moment', () => {
      const world = asked([csr], answering(entry(csr, certificate)));
      const moments = ['2026-05-01T00:00:00Z', '2026-12-01T00:00:00Z'];
      for (const now of moments) {
        const { until, view, findings } = decideRequires({ ...world, now });
        const then = decideRequires({ ...world, now: until });
        assert.notDeepEqual([then.view, then.findings], [view, findings]);
      }
    });

    it('refuses a part of a life that is none', () => {
      for (const renewAfter of [0.5, 0, 1.1, '0.9']) {
        assert.match(
          complaintOf(requiresDocument({ intent: { renewAfter } })),
          /^intent.renewAfter: expected a number/,
        );
      }
    });
  });

  about('malformed data', (it) => {
    const unwanted = unitCsr({ commonName: 'gone' });
    const broken = [
      'nonsense',
      'null',
      '{}',
      '[7]',
      '[{}]',
      JSON.stringify([{ ...entry(csr, certificate), revoked: 'maybe' }]),
    ];

    it('of the provider is told with its place, and withdraws nothing there, but on other relations (C2, C3)', () => {
      for (const value of broken) {
        const there = relation({
          localUnitData: asking(csr, unwanted),
          remoteApplicationData: { certificates: value },
        });
        const other = relation({ id: 'certificates:9', localUnitData: asking(unwanted) });
        const outcome = decideRequires({ relations: [there, other], intent: WEB });
        assert.deepEqual(outcome.writes.map(({ relationId }) => relationId), ['certificates:9'], value);
        const [fault] = outcome.findings.filter(({ code }) => code.startsWith('malformed-'));
        assert.equal(fault?.place.key, 'certificates', value);
        assert.equal(fault?.place.index, value.startsWith('[') ? 0 : undefined, value);
      }
    });

    it('hides no other entry, whatever is wrong with one', () => {
      const entries = [7, entry('no CSR', certificate), entry(csr, 'no certificate'), entry(csr, certificate)];
      const outcome = decideRequires(asked([csr], answering(...entries)));
      assert.equal(first(outcome).certificate, certificate);
      assert.deepEqual(
        outcome.findings.map(({ code, place }) => [code, place.index]),
        [['malformed-entry', 0], ['malformed-entry', 1], ['malformed-entry', 2]],
      );
      const beside = asked([csr], { ...answering(entry(csr, certificate)), request_errors: '{', capabilities: '[]' });
      assert.deepEqual([first(decideRequires(beside)).state, codes(decideRequires(beside))], [
        'answered',
        ['malformed-value', 'malformed-value'],
      ]);
    });

    it('leaves an unreadable CA and link of a chain out, with a finding', () => {
      const outcome = decideRequires(
        asked([csr], answering(entry(csr, certificate, { ca: '', chain: [certificate, 'x', ROOT] }))),
      );
      const { ca, chain } = first(outcome);
      assert.deepEqual([ca, chain], [null, [certificate, ROOT]]);
      assert.deepEqual(outcome.findings.map(({ code, place }) => [code, place.index]), [
        ['malformed-entry', 0],
        ['malformed-entry', 0],
      ]);
      assert.equal(outcome.view.rootCaCert, ROOT);
      const bare = decideRequires(asked([csr], answering(entry(csr, certificate, { chain: null }))));
      assert.deepEqual([first(bare).chain, bare.view.rootCaCert, bare.view.rootCaChain], [[], ROOT, null]);
    });

    it('takes an empty value for none (D23)', () => {
      const outcome = decideRequires(asked([csr], { certificates: '', request_errors: '', capabilities: '' }));
      assert.deepEqual(codes(outcome), []);
    });

    it('of the own bag: an unreadable entry goes, one without its flag gets it, others keep their text (C4)', () => {
      const value = `[{"certificate_signing_request": ${
        JSON.stringify(csr)
      }}, {"certificate_signing_request": "x", "ca": false}]`;
      const world: World = {
        relations: [relation({ localUnitData: { certificate_signing_requests: value } })],
        intent: WEB,
      };
      const outcome = decideRequires(world);
      assert.deepEqual(outcome.writes[0]?.set, asking(csr));
      assert.deepEqual(outcome.findings.map(({ code, place }) => [code, place.unit, place.index]), [
        ['malformed-entry', 'web/0', 1],
      ]);
    });

    it('of the own bag: a value that is no list is overwritten only when there is something to write', () => {
      const world: World = {
        relations: [relation({ localUnitData: { certificate_signing_requests: '{"' } })],
        intent: WEB,
      };
      assert.deepEqual(decideRequires(world).writes, []);
      assert.deepEqual(decideRequires({ ...world, intent: { ...WEB, made: [csr] } }).writes[0]?.set, asking(csr));
    });

    it('reads booleans and numbers as the Python library does', () => {
      for (const flag of ['yes', 'TRUE', 't', 1, '1', 'on']) {
        const localUnitData = {
          certificate_signing_requests: JSON.stringify([{ certificate_signing_request: csr, ca: flag }]),
        };
        const intent = { requests: [{ certType: 'intermediate', commonName: 'web.example' }] };
        assert.deepEqual(statesOf({ relations: [relation({ localUnitData })], intent }), ['asked'], String(flag));
      }
      for (const code of ['102', 102, 102.0, ' 102 ']) {
        const denied = asked([csr], { request_errors: JSON.stringify([refusing(csr, { code })]) });
        assert.equal(first(decideRequires(denied)).denied?.code, 102);
      }
    });
  });

  about('flags', (it) => {
    const flags = (world: World) => flagNames(decideRequires(world).memory);

    it('say what is there and what is new', () => {
      assert.deepEqual(flags(asked([csr])), ['available']);
      const world = asked([csr], answering(entry(csr, certificate)));
      const there = [
        'available',
        'ca.available',
        'ca.changed',
        'certs.available',
        'certs.changed',
        'server.certs.available',
        'server.certs.changed',
      ];
      assert.deepEqual(flags(world), there);
      const handled = there.filter((name) => name.endsWith('changed')).map((name) => `certificates.${name}`);
      const { memory } = decideRequires(world);
      const dealt = decideRequires({ ...world, memory, intent: { ...WEB, handled } });
      assert.deepEqual(flagNames(dealt.memory), there.filter((name) => !name.endsWith('changed')));
      const again = decideRequires({ ...world, memory: dealt.memory });
      assert.deepEqual(again.flags, { set: [], clear: [] });
      const reissued = asked([csr], answering(entry(csr, unitCertificate())), { memory: dealt.memory });
      assert.deepEqual(decideRequires(reissued).flags.set, [
        'certificates.certs.changed',
        'certificates.server.certs.changed',
      ]);
    });

    it('compare by DER, whatever the order of answers', () => {
      const names = ['a', 'b'];
      const csrs = names.map((commonName) => unitCsr({ commonName }));
      const certificates = names.map((commonName) => unitCertificate({ commonName }));
      const entries = csrs.map((one, i) => entry(one, certificates[i] ?? ''));
      const requests = names.map((commonName) => ({ certType: 'server', commonName }));
      const world = asked(csrs, answering(...entries), { intent: { requests } });
      const { memory } = decideRequires(world);
      const crlf = entries.map((one) => ({ ...one, certificate: `\n${one.certificate.replaceAll('\n', '\r\n')}\n` }));
      const reordered = asked(csrs, answering(...crlf.reverse()), {
        intent: { requests: [...requests].reverse() },
        memory,
      });
      const handled = memory.flags.filter((flag) => flag.endsWith('.changed'));
      const first = decideRequires({ ...reordered, intent: { requests: [...requests].reverse(), handled } });
      assert.deepEqual(flagNames(first.memory).filter((name) => name.endsWith('changed')), []);
    });

    it('say that a request that stands is refused', () => {
      assert.ok(flags(asked([csr], { request_errors: JSON.stringify([refusing(csr)]) })).includes('certs.denied'));
      assert.ok(
        !flags(asked([csr], { request_errors: JSON.stringify([refusing(unitCsr())]) })).includes('certs.denied'),
      );
    });

    it('find what is handled and no flag', () => {
      assert.deepEqual(codes(decideRequires({ intent: { handled: ['certificates.certs.available'] } })), [
        'unknown-flag',
      ]);
    });

    it('are gone with the relation', () => {
      const { memory } = decideRequires(asked([csr], answering(entry(csr, certificate))));
      assert.deepEqual(flagNames(decideRequires({ relations: [], intent: WEB, memory }).memory), []);
      const departing = { relationId: ID, unit: 'other/0' };
      assert.deepEqual(statesOf(asked([csr], {}, { departing })), ['unrelated']);
    });
  });

  about('capabilities and judgement', (it) => {
    it('reads capabilities, and finds a request that cannot be met before it is made', () => {
      const capabilities = {
        supports_ip_sans: false,
        supports_wildcard_dns: 'no',
        supports_ca_certificates: false,
        supports_subdomain: false,
        allowed_domains: ['example'],
        unknown: 1,
      };
      const requests = [
        { certType: 'server', commonName: 'a', sans: ['10.0.0.1'] },
        { certType: 'server', commonName: 'b', sans: ['*.example'] },
        { certType: 'server', commonName: 'c', sans: ['a.example'] },
        { certType: 'server', commonName: 'd', sans: ['example'] },
        { certType: 'intermediate', commonName: 'e' },
      ];
      const outcome = decideRequires({
        relations: [relation({ remoteApplicationData: { capabilities: JSON.stringify(capabilities) } })],
        intent: { requests },
      });
      assert.deepEqual(outcome.view.capabilities, {
        supportsIpSans: false,
        supportsWildcardDns: false,
        supportsSubdomain: false,
        supportsCaCertificates: false,
        allowedDomains: ['example'],
        providerType: null,
      });
      assert.deepEqual(
        outcome.findings.map(({ code, place }) => `${code} ${place.commonName}`),
        ['a', 'b', 'c', 'e'].map((name) => `request-unsupported ${name}`),
      );
      assert.equal(decideRequires().view.capabilities, null);
      const none = relation({ remoteApplicationData: { capabilities: '{}' } });
      assert.equal(decideRequires({ relations: [none] }).view.capabilities?.supportsIpSans, null);
    });

    it('judges names, dates, keys and the chain (C9), and delivers all the same', () => {
      const judged = (certificate: string, more: Readonly<Record<string, unknown>> = {}, now?: string) => {
        const outcome = decideRequires(
          asked([csr], answering(entry(csr, certificate, more)), now === undefined ? {} : { now }),
        );
        assert.equal(first(outcome).certificate, certificate);
        return codes(outcome);
      };
      assert.deepEqual(judged(certificate), []);
      assert.deepEqual(judged(unitCertificate({ sans: ['dns:other'], commonName: 'x' })), ['names-missing']);
      assert.deepEqual(judged(certificate, {}, '2027-02-01T00:00:00Z'), ['expired']);
      assert.deepEqual(judged(certificate, {}, '2025-02-01T00:00:00Z'), ['not-yet-valid']);
      assert.deepEqual(judged(certificate, { chain: [ROOT, certificate] }), ['leaf-missing', 'chain-disordered']);
      assert.deepEqual(judged(certificate, { chain: [ROOT] }), ['leaf-missing']);
      assert.deepEqual(judged(unitCertificate({ issuer: 'other' }), { chain: [] }), ['issuer-differs']);
      assert.deepEqual(judged(unitCertificate({ extensions: [extended(CLIENT)] })), ['wrong-purpose']);
    });
  });

  it('refuses an intent that is not right, with its path', () => {
    const complaints = [
      { requests: [{ certType: 'server', comonName: 'a' }] },
      { requests: [{ certType: 'server', commonName: 'a', sans: [7] }] },
      { requests: [{ certType: 'web', commonName: 'a' }] },
      { requests: [{ certType: 'server', subject: { org: 'a' } }] },
      { withdraw: [] },
    ].map((intent) => complaintOf(requiresDocument({ intent })).split(':')[0]);
    assert.deepEqual(complaints, [
      'intent.requests[0].comonName',
      'intent.requests[0].sans[0]',
      'intent.requests[0].certType',
      'intent.requests[0].subject.org',
      'intent.withdraw',
    ]);
    assert.match(
      complaintOf(requiresDocument({ keys: [{ owner: 'unit', name: 'k', publicKey: 'no base64!' }] })),
      /snapshot.keys\[0\].publicKey/,
    );
  });
});
