/**
 * The fake provider: what it answers on good days and on bad ones, how its sessions live and end, and where its keys are.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { client, type FaultName, type HttpOptions, type LogRecord } from '../../../adapters/http/mod.ts';
import { type FaultDocument, FAULTS_OF, type SessionDocument } from '../../../adapters/http/mod.ts';
import { allFindings, examine, exchangesOfRequirer } from '../../../core/examine/mod.ts';
import type { RelationId, UnitName } from '../../../core/model/names.ts';
import type { Databag, Relation, Snapshot, Timestamp } from '../../../core/model/snapshot.ts';
import { readBundle } from '../../../core/x509/bundle.ts';
import { emptyMemory, intentOf, memoryHost, orThrow, requestServerCert, requires, run } from '../../../mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { anyText } from '../../text.ts';
import { unhurried } from './requests.ts';

const HERE = 'http://localhost';

const NOW = '2026-11-25T10:00:00Z';

/** What a unit publishes that asks for one certificate of each kind, and for a second server certificate. */
const asking = (unit = 'web/0'): Databag => ({
  unit_name: unit.replace('/', '_'),
  common_name: 'web.example',
  sans: '["10.0.0.1"]',
  cert_requests: '{"second.example": {"sans": []}}',
  client_cert_requests: '{"web-client": {"sans": []}}',
  application_cert_requests: '{"app.example": {"sans": []}}',
});

const ASKED = ['app.example', 'second.example', 'web-client', 'web.example'];

const here = (options: HttpOptions = {}) => client(HERE, { fetch: unhurried(options).fetch });

/** A session of a server of its own. */
const session = async (wanted: SessionDocument = {}, options: HttpOptions = {}) => {
  const { createProvider, provider } = here(options);
  const { id } = await orThrow(createProvider({ now: NOW, ...wanted }));
  return provider(id);
};

/** A requirer's relation on which this is published. */
const relationWith = (published: Databag, asked: Databag = {}): Relation => ({
  id: 'certificates:0' as RelationId,
  localUnitData: asked,
  localApplicationData: {},
  remoteApplicationData: {},
  remoteUnits: { ['provider/0' as UnitName]: published },
});

const snapshotOf = (relation: Relation, now: string = NOW): Snapshot => ({
  localUnit: 'web/0' as UnitName,
  endpoint: 'certificates',
  isLeader: false,
  now: now as Timestamp,
  relations: [relation],
});

/** What is wrong in the eyes of a requirer that published this and sees that. */
const codesOf = async (asked: Databag, published: Databag, now?: string): Promise<ReadonlyArray<string>> => {
  const exchanges = exchangesOfRequirer(snapshotOf(relationWith(published, asked), now));
  return [...new Set(allFindings(await examine(exchanges)()).map(({ code }) => code))].sort();
};

const serialOf = (bag: Databag): string =>
  readBundle(bag['web_0.server.cert'] ?? '').certificates[0]?.description.serialNumber ?? '';

const kindOf = async (response: Response): Promise<string> =>
  `${response.status} ${String((await response.json()).type).replace('/docs#', '')}`;

const refusal = (result: { readonly _tag: string; readonly left?: unknown }): string => {
  assert.equal(result._tag, 'Left');
  const { problem } = Object(result.left);
  return `${problem.status} ${problem.type.replace('/docs#', '')}`;
};

/** What a requirer finds wrong where everything is answered with a fault. */
const FOUND: Readonly<Partial<Record<FaultName, ReadonlyArray<string>>>> = {
  'never': ['unanswered'],
  'late': ['unanswered'],
  'half': ['incomplete-answer', 'unanswered'],
  'malformed': ['malformed-value', 'unanswered', 'unreadable-certificate'],
  'expired': ['expired'],
  'ends-soon': ['ends-soon'],
  'wrong-names': ['names-missing'],
  'wrong-key': ['key-mismatch'],
  'wrong-ca': ['untrusted'],
};

describe('the fake provider', () => {
  it('answers with certificates that hold, and with the same when it is asked again', async () => {
    const { databag } = await session();
    const first = await orThrow(databag('web/0', asking()));
    assert.deepEqual([first.unit, first.relationId, first.findings], ['provider/0', 'certificates:0', []]);
    assert.deepEqual(await codesOf(asking(), first.databag), []);
    assert.deepEqual((await orThrow(databag('web/0', asking()))).databag, first.databag);
  });

  for (const fault of Object.keys(FOUND) as ReadonlyArray<FaultName>) {
    it(`does wrong with the fault ${fault} as a requirer sees it, and does well again once it is lifted`, async () => {
      const days: FaultDocument = fault === 'late' ? { fault, calls: 99 } : { fault };
      const { databag, faults, read } = await session();
      const good = await orThrow(databag('web/0', asking()));
      const { requests } = await orThrow(faults([days]));
      assert.deepEqual(requests.map((request) => request.fault), requests.map(() => fault));
      const bad = await orThrow(databag('web/0', asking()));
      assert.deepEqual(await codesOf(asking(), bad.databag), FOUND[fault]);
      assert.deepEqual((await orThrow(databag('web/0', asking()))).databag, bad.databag, 'the same wrong answer');
      await orThrow(faults([]));
      assert.deepEqual((await orThrow(databag('web/0', asking()))).databag, good.databag);
      assert.deepEqual((await orThrow(read)).requests.map((request) => request.fault), requests.map(() => null));
    });
  }

  it('knows every fault that it describes for this protocol', () => {
    assert.deepEqual([...FAULTS_OF.reactive].sort(), Object.keys(FOUND).sort());
  });

  it('does wrong to those requests only that a fault names, and the first that fits counts', async () => {
    const { databag, read } = await session({
      faults: [
        { fault: 'never', commonName: 'second.example' },
        { fault: 'expired', certType: 'server' },
        { fault: 'wrong-ca', unit: 'web/1' },
      ],
    });
    await orThrow(databag('web/0', asking()));
    const { requests } = await orThrow(read);
    assert.deepEqual(
      Object.fromEntries(requests.map(({ commonName, fault }) => [commonName, fault])),
      { 'web.example': 'expired', 'second.example': 'never', 'web-client': null, 'app.example': null },
    );
  });

  it('is late by calls of the unit that asks', async () => {
    const { databag } = await session({ faults: [{ fault: 'late', calls: 2 }] });
    const seen: Array<boolean> = [];
    for (const unit of ['web/0', 'web/1', 'web/0', 'web/0']) {
      seen.push('web_0.server.cert' in (await orThrow(databag(unit, asking(unit)))).databag);
    }
    assert.deepEqual(seen, [false, false, false, true]);
  });

  it('is late by seconds of its clock', async () => {
    const { databag, advance } = await session({ faults: [{ fault: 'late', seconds: 60 }] }, {
      now: () => new Date(NOW),
    });
    const isAnswered = async () => 'web_0.server.cert' in (await orThrow(databag('web/0', asking()))).databag;
    assert.equal(await isAnswered(), false);
    await orThrow(advance(59));
    assert.equal(await isAnswered(), false);
    await orThrow(advance(1));
    assert.equal(await isAnswered(), true);
  });

  it('issues everything anew below a new CA, keeps the former one trusted, and has it certify the new one', async () => {
    const { databag, rotate, read } = await session();
    const before = await orThrow(databag('web/0', asking()));
    const { ca } = await orThrow(rotate);
    assert.notEqual(ca, before.databag['ca']);
    const after = await orThrow(databag('web/0', asking()));
    assert.equal(after.databag['ca'], `${before.databag['ca']}${ca}`);
    const cross = readBundle(after.databag['chain'] ?? '').certificates.map(({ description }) => description);
    assert.deepEqual(cross.map(({ subject, issuer }) => [subject.text, issuer.text]), [[
      'CN=Fake CA G2',
      'CN=Fake CA',
    ]]);
    assert.notEqual(serialOf(after.databag), serialOf(before.databag));
    assert.deepEqual(await codesOf(asking(), after.databag), []);
    assert.deepEqual((await orThrow(read)).log.map(({ did }) => did), ['created', 'databag', 'rotate', 'databag']);
  });

  it('issues anew what nears its end, but for what is to end', async () => {
    const { databag, advance, faults } = await session();
    const first = await orThrow(databag('web/0', asking()));
    await orThrow(advance(50 * 86_400));
    assert.equal(serialOf((await orThrow(databag('web/0', asking()))).databag), serialOf(first.databag));
    await orThrow(advance(20 * 86_400));
    const renewed = await orThrow(databag('web/0', asking()));
    assert.notEqual(serialOf(renewed.databag), serialOf(first.databag));
    await orThrow(faults([{ fault: 'ends-soon', days: 3 }]));
    const { now } = await orThrow(advance(4 * 86_400));
    assert.deepEqual(await codesOf(asking(), (await orThrow(databag('web/0', asking()))).databag, now), ['expired']);
  });

  it('withdraws what a unit was answered that leaves, and the relation with the last one', async () => {
    const { databag, depart } = await session();
    await orThrow(databag('web/0', asking()));
    await orThrow(databag('web/1', asking('web/1')));
    const left = await orThrow(depart('web/0'));
    const keys = Object.keys(left.databag).filter((key) => key.startsWith('web_'));
    assert.ok(keys.length > 0 && keys.every((key) => key.startsWith('web_1.')), keys.join());
    assert.deepEqual(await orThrow(depart('web/1')), {
      relationId: null,
      unit: 'provider/0',
      databag: {},
      applicationDatabag: {},
      findings: [],
    });
    assert.equal(refusal(await depart('web/1')()), '422 malformed-input');
    assert.equal((await orThrow(databag('web/1', asking('web/1')))).relationId, 'certificates:1', 'a relation is new');
  });

  it('publishes one client certificate to everybody, the same in every call, unless its policy says not to', async () => {
    const pairOf = ({ databag }: { readonly databag: Readonly<Record<string, string>> }) => [
      databag['client.cert'],
      databag['client.key'],
    ];
    const { databag } = await session();
    const web = await orThrow(databag('web/0', asking()));
    assert.deepEqual(pairOf(await orThrow(databag('api/0', asking('api/0')))), pairOf(web));
    assert.match(pairOf(web)[1] ?? '', /PRIVATE KEY/);
    const silent = await session({ policy: { sharedClient: false } });
    assert.deepEqual(pairOf(await orThrow(silent.databag('web/0', asking()))), [undefined, undefined]);
  });

  it('withdraws an answer whose request is gone', async () => {
    const { databag } = await session();
    await orThrow(databag('web/0', asking()));
    const { client_cert_requests: _gone, ...rest } = asking();
    assert.ok(!('web_0.processed_client_requests' in (await orThrow(databag('web/0', rest))).databag));
  });

  it('has a relation for each application, and one certificate for all units of an application', async () => {
    for (const faults of [[], [{ fault: 'wrong-ca' }]] as const) {
      const { databag } = await session({ faults });
      await orThrow(databag('web/0', asking()));
      const web = await orThrow(databag('web/1', asking('web/1')));
      const api = await orThrow(databag('api/0', asking('api/0')));
      const shared = 'processed_application_requests';
      assert.equal(web.databag[`web_0.${shared}`], web.databag[`web_1.${shared}`]);
      assert.deepEqual([web.relationId, api.relationId], ['certificates:0', 'certificates:1']);
      assert.notEqual(api.databag[`api_0.${shared}`], web.databag[`web_0.${shared}`]);
      assert.ok(!Object.keys(api.databag).some((key) => key.startsWith('web_')));
    }
  });

  it('does to the one answer of an application what fits its first request', async () => {
    const { databag } = await session({
      faults: [{ fault: 'never', commonName: 'a.example' }, { fault: 'half', commonName: 'b.example' }],
    });
    const asked = { unit_name: 'web_0', application_cert_requests: '{"a.example": {}, "b.example": {}}' };
    assert.deepEqual(Object.keys((await orThrow(databag('web/0', asked))).databag), [
      'ca',
      'client.cert',
      'client.key',
    ]);
  });

  it('refuses with a reason what its policy does not allow, and says which findings there were', async () => {
    const policy = { allowedNames: ['web.example', '10.0.0.0/8'], certTypes: ['server'] } as const;
    const { databag, read } = await session({ policy });
    const { findings } = await orThrow(databag('web/0', asking()));
    const refused = findings.filter(({ code }) => code === 'request-refused').map(({ place }) => place.commonName);
    assert.deepEqual([...refused].sort(), ASKED.slice(0, 3));
    const other = { unit_name: 'api_0', common_name: 'web.example', sans: '[]' };
    assert.deepEqual((await orThrow(databag('api/0', other))).findings, [], 'what another application is refused');
    const { requests, log } = await orThrow(read);
    assert.deepEqual(
      requests.filter(({ relationId: id, state }) => id === 'certificates:0' && state === 'answered').map((
        { commonName },
      ) => commonName),
      [
        'web.example',
      ],
    );
    assert.deepEqual(log.at(-1)?.findings, ['request-refused']);
  });

  it('carries a charm from its request to its certificate, and to a warning', async () => {
    const { databag } = await session({ faults: [{ fault: 'half' }] });
    const host = memoryHost({ snapshot: snapshotOf(relationWith({})), memory: emptyMemory });
    const charm = { side: requires, intent: intentOf(requestServerCert('web.example')) };
    await orThrow(run(host)(charm));
    const asked = host.state().snapshot.relations[0]?.localUnitData ?? {};
    const { databag: published } = await orThrow(databag('web/0', asked));
    host.setState((state) => ({ ...state, snapshot: snapshotOf(relationWith(published, asked)) }));
    const { findings, view } = await orThrow(run(host)(charm));
    assert.deepEqual([view.rootCaCert, view.serverCerts], [published['ca'], []]);
    assert.deepEqual(findings.map(({ code }) => code), ['incomplete-answer']);
  });

  it('answers units that come at once, each with its own', async () => {
    const { databag, read } = await session();
    const units = Array.from({ length: 12 }, (_, i) => `web/${i}`);
    await Promise.all(units.map((unit) => orThrow(databag(unit, asking(unit)))));
    const { requests, log } = await orThrow(read);
    assert.equal(requests.filter(({ state }) => state === 'answered').length, 48);
    assert.equal(log.filter(({ did }) => did === 'databag').length, 12);
  });

  it('has sessions with names that nobody can guess, or that somebody chose', async () => {
    const { createProvider, provider } = here();
    const ids = await Promise.all([1, 2, 3].map(async () => (await orThrow(createProvider())).id));
    assert.ok(ids.every((id) => /^[0-9a-f]{32}$/.test(id)) && new Set(ids).size === 3, ids.join());
    assert.equal((await orThrow(createProvider({ id: 'my-charm_1' }))).id, 'my-charm_1');
    assert.equal(refusal(await createProvider({ id: 'my-charm_1' })()), '409 session-exists');
    const both = await Promise.all([createProvider({ id: 'twin' })(), createProvider({ id: 'twin' })()]);
    assert.deepEqual(both.map(({ _tag }) => _tag).sort(), ['Left', 'Right']);
    for (const id of ['', 'a/b', '../x', 'ä', 'x'.repeat(65)]) {
      assert.equal(refusal(await createProvider({ id })()), '422 malformed-input', id);
    }
    await orThrow(provider('my-charm_1').delete);
    assert.equal(refusal(await provider('my-charm_1').read()), '404 no-session');
    assert.equal(refusal(await provider('my-charm_1').delete()), '404 no-session');
    assert.equal(refusal(await provider('__proto__').databag('web/0', {})()), '404 no-session');
  });

  it('has sessions that expire when nobody comes, and in the end in any case', async () => {
    let time = Date.parse(NOW);
    const limits = { sessionIdle: 1_000, sessionLife: 2_500, sessions: 2 };
    const { createProvider, provider } = here({ limits, now: () => new Date(time) });
    const { expires } = await orThrow(createProvider({ id: 'used' }));
    assert.equal(expires, '2026-11-25T10:00:01.000Z');
    await orThrow(createProvider({ id: 'idle' }));
    assert.equal(refusal(await createProvider()()), '503 too-many-sessions');
    time += 900;
    await orThrow(provider('used').databag('web/0', {}));
    time += 900;
    assert.equal((await orThrow(provider('used').read)).expires, '2026-11-25T10:00:02.500Z');
    assert.equal(refusal(await provider('idle').read()), '404 no-session');
    await orThrow(createProvider({ id: 'idle' }));
    time += 700;
    assert.equal(refusal(await provider('used').rotate()), '404 no-session');
    assert.equal((await provider('idle').read())._tag, 'Right');
  });

  it('has sessions that hold no more than they may', async () => {
    const limits = { sessionUnits: 2, sessionRequests: 5, sessionBytes: 1_000 };
    const { databag, read } = await session({}, { limits });
    await orThrow(databag('web/0', asking()));
    assert.equal(refusal(await databag('web/1', asking('web/1'))()), '422 session-full', 'requests');
    assert.equal(refusal(await databag('web/0', { more: 'x'.repeat(1_000) })()), '422 session-full', 'characters');
    await orThrow(databag('web/1', {}));
    assert.equal(refusal(await databag('web/2', {})()), '422 session-full', 'units');
    assert.equal((await orThrow(read)).requests.length, 4, 'what is refused leaves nothing behind');
  });

  it('gives up on work that takes too long, and keeps what was there', async () => {
    let time = Date.parse(NOW);
    let step = 0;
    const { databag, read } = await session({}, { now: () => new Date(time += step), limits: { workTime: 1_000 } });
    await orThrow(databag('web/0', {}));
    step = 400;
    assert.equal(refusal(await databag('web/0', asking())()), '503 too-much-work');
    step = 0;
    assert.deepEqual((await orThrow(read)).requests, []);
  });

  it('says where a mistake is in what a session is to be, or in its faults', async () => {
    const { createProvider, provider } = here();
    const mistakes: ReadonlyArray<readonly [unknown, string]> = [
      [{ ca: { commonName: 'x'.repeat(65) } }, 'ca.commonName'],
      [{ ca: { keys: 'RSA-512' } }, 'ca.keys'],
      [{ policy: { allowedNames: [''] } }, 'policy.allowedNames[0]'],
      [{ now: '9999-01-01T00:00:00Z' }, 'now'],
      [{ misspelt: 1 }, 'misspelt'],
      [{ faults: [{ fault: 'often' }] }, 'faults[0].fault'],
      [{ faults: [{ fault: 'late' }] }, 'faults[0]'],
      [{ faults: [{ fault: 'never', days: 1 }] }, 'faults[0].days'],
      [{ faults: [{ fault: 'never', calls: 1 }] }, 'faults[0].calls'],
      [{ faults: Array.from({ length: 101 }, () => ({ fault: 'never' })) }, 'faults'],
    ];
    const { fetch } = unhurried();
    for (const [body, path] of mistakes) {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const { status, errors } = await (await fetch(new Request(`${HERE}/provider`, init))).json();
      assert.deepEqual([status, errors.map((error: { path: string }) => error.path)], [422, [path]]);
    }
    await orThrow(createProvider({ id: 'x' }));
    for (const unit of ['', 'web', 'Web/0', 'web/x', '__proto__']) {
      assert.equal(refusal(await provider('x').databag(unit, {})()), '422 malformed-input', unit);
    }
    for (const seconds of [0, -1, 1e12]) {
      assert.equal(refusal(await provider('x').advance(seconds)()), '422 malformed-input');
    }
  });

  it('has private keys in databags, and nowhere else', async () => {
    const records: Array<LogRecord> = [];
    const server = unhurried({ log: (record) => records.push(record) });
    const told: Array<string> = [];
    const { createProvider, provider } = client(HERE, {
      fetch: async (request) => {
        const response = await server.fetch(request);
        if (!/\/(databag|depart)$/.test(request.url)) told.push(await response.clone().text());
        return response;
      },
    });
    for (const fault of Object.keys(FOUND) as ReadonlyArray<FaultName>) {
      await orThrow(createProvider({ id: fault, faults: [{ fault, ...(fault === 'late' ? { calls: 1 } : {}) }] }));
      const { databag, rotate, advance, read, faults } = provider(fault);
      const { databag: published } = await orThrow(databag('web/0', { ...asking(), SECRET: 'SECRET' }));
      if (fault === 'expired') assert.match(JSON.stringify(published), /PRIVATE KEY/);
      for (const call of [rotate, advance(1), read, faults([])]) await orThrow(call);
      await databag('SECRET', {})();
    }
    assert.ok(told.length > 40 && records.length > 60);
    assert.doesNotMatch(JSON.stringify([told, records]), /PRIVATE KEY|SECRET/);
    assert.ok(records.some(({ attributes }) => attributes['http.route'] === '/provider/:session/databag'));
  });

  it('is for those with the token, whatever they want of it', async () => {
    const { fetch } = unhurried({ token: 'open-sesame' });
    const calls = [
      ['POST', ''],
      ['GET', '/x'],
      ['DELETE', '/x'],
      ...['databag', 'depart', 'rotate', 'advance'].map((name) => ['POST', `/x/${name}`]),
      ['PUT', '/x/faults'],
    ] as const;
    for (const [method = '', path = ''] of calls) {
      assert.equal(await kindOf(await fetch(new Request(`${HERE}/provider${path}`, { method }))), '401 token-wanted');
    }
    const { createProvider } = client(HERE, { fetch, token: 'open-sesame' });
    assert.equal((await createProvider()())._tag, 'Right');
  });

  it('answers whatever databag it is sent', async () => {
    const { databag, read } = await session({
      faults: [{ fault: 'malformed', certType: 'client' }, { fault: 'half' }],
    });
    const keys = fc.constantFrom(...Object.keys(asking()), 'intermediate_cert_requests', '__proto__', 'ca');
    const values = fc.oneof(
      anyText({ maxLength: 40 }),
      fc.json({ maxDepth: 3 }),
      fc.constantFrom(...HOSTILE),
      fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }).map((names) =>
        JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans: names }])))
      ),
    );
    const bags = fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
    const units = fc.constantFrom('web/0', 'web/1', 'api/0');
    await fc.assert(
      fc.asyncProperty(units, bags, async (unit, bag) => {
        const answer = await databag(unit, bag)();
        assert.ok(answer._tag === 'Right' || refusal(answer) === '422 session-full');
      }),
      runs(60),
    );
    assert.equal((await read())._tag, 'Right');
  });
});
