/**
 * The fake provider of the CSR protocol: what our requirer comes to on good days and on bad ones, and what goes over the wire.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  client,
  type FaultDocument,
  type FaultName,
  FAULTS_OF,
  type HttpOptions,
  type SessionDocument,
} from '../../../adapters/http/mod.ts';
import { type CSR_REQUIRES_FINDINGS, ERROR_CODES, type RequestState } from '../../../core/csr/mod.ts';
import { judge } from '../../../core/x509/mod.ts';
import { type Databag, orThrow } from '../../../mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { codesOf, first, Requirer, type RequirerOptions } from './csr-requirer.ts';
import { unhurried } from './requests.ts';

const HERE = 'http://localhost';

const NOW = '2026-11-25T10:00:00Z';

const DAY = 86_400;

const SERVER = { certType: 'server', commonName: 'web.example', sans: ['web.example', '10.0.0.7'] };
const CLIENT = { certType: 'client', commonName: 'web-client' };
const APPLICATION = { certType: 'application', commonName: 'app.example', sans: ['app.example'] };

/** A session of a server of its own, which speaks the CSR protocol. */
const session = async (wanted: Partial<SessionDocument> = {}, options: HttpOptions = {}) => {
  const { createProvider, provider } = client(HERE, { fetch: unhurried(options).fetch });
  const { id } = await orThrow(createProvider({ protocol: 'csr', now: NOW, ...wanted }));
  return provider(id);
};

type Fake = Awaited<ReturnType<typeof session>>;

const requirer = (fake: Fake, more: Partial<RequirerOptions> = {}): Promise<Requirer> =>
  Requirer.make({ fake, now: NOW, intent: { requests: [SERVER, CLIENT] }, ...more });

const refusal = (result: { readonly _tag: string; readonly left?: unknown }): string => {
  assert.equal(result._tag, 'Left');
  const { problem } = Object(result.left);
  return `${problem.status} ${problem.type.replace('/docs#', '')}`;
};

/** What a requirer comes to on a bad day. */
interface Expected {
  readonly codes: ReadonlyArray<keyof typeof CSR_REQUIRES_FINDINGS>;
  /** Of the requests for a server and for a client. */
  readonly states: readonly [RequestState, RequestState];
  /** Whether certificates are delivered, and how many are in each chain. */
  readonly delivered: readonly [boolean, number];
}

const nothing = (codes: Expected['codes'], state: RequestState = 'asked'): Expected => ({
  codes,
  states: [state, state],
  delivered: [false, 0],
});

const delivered = (codes: Expected['codes'], chain = 2, state: RequestState = 'answered'): Expected => ({
  codes,
  states: [state, state],
  delivered: [true, chain],
});

/** What our requirer finds where everything is answered with a fault. */
const FOUND: Readonly<Partial<Record<FaultName, Expected>>> = {
  'never': nothing([]),
  'late': nothing([]),
  'half-answered': { ...delivered([]), states: ['answered', 'asked'] },
  'malformed': nothing(['malformed-value']),
  'malformed-entry': nothing(['malformed-entry']),
  // Whoever has an expired certificate asks for another.
  'expired': delivered(['expired'], 2, 'missing'),
  'ends-soon': delivered([]),
  'wrong-names': delivered(['names-missing']),
  'wrong-key': nothing(['key-mismatch']),
  // Signatures are not for decide: judge() says it below.
  'wrong-ca': delivered([]),
  'reversed-chain': delivered(['chain-disordered', 'leaf-missing']),
  'leaf-missing': delivered(['leaf-missing'], 1),
  'empty-chain': delivered([], 0),
  'revoked': nothing(['certificate-revoked']),
  'denied': nothing(['request-denied'], 'denied'),
  'no-leader': nothing([]),
};

const EVERY_FAULT = Object.entries(FOUND) as ReadonlyArray<readonly [FaultName, Expected]>;

const faultDocument = (fault: FaultName): FaultDocument => fault === 'late' ? { fault, calls: 99 } : { fault };

/** What a recorded run of the Python library left in the databags of its last step. */
const recorded = (name: string, bag: 'localUnitData' | 'localApplicationData', step = -1): Databag => {
  const { steps } = JSON.parse(
    readFileSync(new URL(`../../vectors/csr/${name}.json`, import.meta.url), 'utf8'),
  );
  return steps.at(step).result[bag]['certificates:1'];
};

/** The form of a databag's value: every byte but the content of texts and numbers; a list of several like a list of one. */
const formOf = (value = ''): string =>
  value
    .replace(/"(?:[^"\\]|\\.)*"(:?)/g, (text, colon) => (colon === '' ? '"…"' : text))
    .replace(/("…", )+"…"/g, '"…"')
    .replace(/: \d+/g, ': 0')
    .replace(/(\{.*?\})(, \{.*?\})+\]$/, '$1]');

/** What an inspection finds where everything is answered with a fault. */
const INSPECTED: Readonly<Partial<Record<FaultName, ReadonlyArray<string>>>> = {
  'never': ['unanswered'],
  'late': ['unanswered'],
  'half-answered': ['unanswered'],
  'malformed': ['malformed-value', 'unanswered'],
  'malformed-entry': ['malformed-entry', 'unanswered'],
  'expired': ['expired'],
  'ends-soon': ['ends-soon'],
  'wrong-names': ['names-missing'],
  'wrong-key': ['key-mismatch'],
  'wrong-ca': ['untrusted'],
  'reversed-chain': ['chain-disordered', 'leaf-missing'],
  'leaf-missing': ['leaf-missing'],
  'empty-chain': [],
  'revoked': ['certificate-revoked'],
  'denied': ['request-denied'],
  'no-leader': ['unanswered'],
};

/** What Juju 3 prints of a requirer's relation and of its provider's. */
const shownBy = ({ unit, unitData, seen }: Requirer): string => {
  const [bags, provider] = [{ [unit]: unitData }, seen?.unit ?? assert.fail()];
  const of = (endpoint: string, related: string, application: object, units: Readonly<Record<string, Databag>>) => ({
    'relation-info': [{
      'relation-id': 7,
      endpoint,
      'related-endpoint': related,
      'application-data': application,
      'related-units': Object.fromEntries(
        Object.entries(units).map(([name, data]) => [name, { 'in-scope': true, data }]),
      ),
    }],
  });
  return JSON.stringify({
    [unit]: of('certificates', 'clients', seen?.applicationDatabag ?? {}, { [provider]: seen?.databag ?? {} }),
    [provider]: of('clients', 'certificates', {}, bags),
  });
};

/** What is wrong with what a requirer has been given, signatures included. */
const judged = async ({ view }: ReturnType<Requirer['decide']>, ca: string): Promise<ReadonlyArray<string>> => {
  const faults = await Promise.all(
    view.requests.map(async ({ request: { certType, commonName, sans }, certificate, chain }) =>
      (await judge({
        certificate: certificate ?? '',
        certType,
        names: { commonName, sans },
        chain: chain.join('\n'),
        ca,
        now: new Date(NOW),
      })()).faults
    ),
  );
  return [...new Set(faults.flat().map(({ code }) => code))];
};

describe('the fake provider of the CSR protocol', () => {
  it('answers with certificates that hold, with their CA and what it can, and with the same when it is asked again', async () => {
    const fake = await session();
    const web = await requirer(fake);
    const outcome = await web.rest();
    const { view, findings } = outcome;
    assert.deepEqual([view.requests.map(({ state }) => state), findings], [['answered', 'answered'], []]);
    assert.equal(view.capabilities?.supportsIpSans, true);
    const { ca, protocol, requests } = await orThrow(fake.read);
    assert.deepEqual([view.rootCaCert, protocol], [ca.trim(), 'csr']);
    assert.deepEqual(requests.map(({ unit, certType, state, fault }) => [unit, certType, state, fault]), [
      ['web/0', 'server', 'answered', null],
      ['web/0', 'client', 'answered', null],
    ]);
    assert.deepEqual(await judged(outcome, ca), []);
    const before = web.seen;
    await web.look();
    assert.deepEqual(web.seen, before);
    assert.deepEqual([before?.databag, before?.unit], [{}, 'provider/0']);
  });

  for (const [fault, { codes, states, delivered: [isDelivered, links] }] of EVERY_FAULT) {
    it(`does wrong with the fault ${fault} as our requirer sees it, and does well again once it is lifted`, async () => {
      const fake = await session({ faults: [faultDocument(fault)] });
      const web = await requirer(fake);
      await web.hook();
      const outcome = web.decide();
      assert.deepEqual(codesOf(outcome), codes);
      assert.deepEqual(outcome.view.requests.map(({ state }) => state), states);
      assert.deepEqual([first(outcome).certificate !== null, first(outcome).chain.length], [isDelivered, links]);
      await orThrow(fake.faults([]));
      const good = await web.rest();
      assert.deepEqual([codesOf(good), good.view.requests.map(({ state }) => state)], [[], ['answered', 'answered']]);
      assert.deepEqual(await judged(good, (await orThrow(fake.read)).ca), []);
    });

    it(`shows something else with the fault ${fault}, changes nothing, and shows the same again once it is lifted`, async () => {
      const fake = await session();
      const [web, api] = [await requirer(fake), await requirer(fake, { unit: 'api/0' })];
      await Promise.all([web.rest(), api.rest()]);
      const [good, others] = [web.seen, api.seen];
      const { requests } = await orThrow(fake.faults([faultDocument(fault)]));
      await web.look();
      const bad = web.seen;
      await web.look();
      assert.deepEqual(web.seen, bad, 'the same wrong answer');
      // What was published before stays while there is no leader.
      const isShown = fault !== 'no-leader';
      assert.equal(requests.some((request) => request.fault === fault), isShown);
      assert.equal(bad?.applicationDatabag['certificates'] !== good?.applicationDatabag['certificates'], isShown);
      assert.equal(bad?.applicationDatabag['capabilities'], good?.applicationDatabag['capabilities']);
      await orThrow(fake.faults([]));
      await Promise.all([web.look(), api.look()]);
      assert.deepEqual(web.seen?.applicationDatabag, good?.applicationDatabag);
      assert.deepEqual(api.seen?.applicationDatabag, others?.applicationDatabag);
    });
  }

  /** What an inspection over HTTP says of a requirer with a fault. */
  const inspected = async (fault: FaultDocument) => {
    const { createProvider, provider, inspect } = client(HERE, {
      fetch: unhurried({ now: () => new Date(NOW) }).fetch,
    });
    const { id } = await orThrow(createProvider({ protocol: 'csr', now: NOW, faults: [fault] }));
    const web = await requirer(provider(id));
    await web.hook();
    return (await orThrow(inspect(shownBy(web)))).examinations;
  };

  for (const [fault] of EVERY_FAULT) {
    it(`is inspected with the fault ${fault}, from what juju show-unit prints`, async () => {
      const found = (await inspected(faultDocument(fault))).flatMap(({ findings, requests }) => [
        ...findings,
        ...requests.flatMap((request) => request.findings),
      ]);
      assert.deepEqual([...new Set(found.map(({ code }) => code))].sort(), INSPECTED[fault]);
    });
  }

  it('is inspected where it denies, with the code and the words of the provider', async () => {
    const [examination, ...others] = await inspected({ fault: 'denied', code: 102, commonName: SERVER.commonName });
    const { requests = [], requirer: unit, protocol } = examination ?? {};
    assert.deepEqual([others, unit, protocol], [[], 'web/0', 'csr']);
    const [denied, ...answered] = [...requests].sort((a, b) => (a.state > b.state ? -1 : 1));
    assert.deepEqual([denied?.state, answered.map(({ state }) => state)], ['denied', ['answered']]);
    const [told] = denied?.findings ?? [];
    assert.match(told?.message ?? '', /102.*domain_not_allowed/);
  });

  it('knows every fault that it describes for this protocol', () => {
    assert.deepEqual([...FAULTS_OF.csr].sort(), Object.keys(FOUND).sort());
  });

  it('has a CA that does not sign what it shows, with the fault wrong-ca', async () => {
    const fake = await session({ faults: [{ fault: 'wrong-ca' }] });
    const web = await requirer(fake);
    await web.hook();
    assert.deepEqual(await judged(web.decide(), (await orThrow(fake.read)).ca), ['key-identifier-mismatch']);
  });

  it('refuses with the code of a fault, and says it to the requirer with name and message', async () => {
    const codes = [...Object.entries(ERROR_CODES), ['other', 150] as const, ['other', undefined] as const];
    for (const [name, code] of codes) {
      const fake = await session({ faults: [{ fault: 'denied', ...(code === undefined ? {} : { code }) }] });
      const web = await requirer(fake);
      await web.hook();
      const { state, denied } = first(web.decide());
      assert.deepEqual([state, denied?.code, denied?.name], ['denied', code ?? 999, name]);
      assert.match(denied?.message ?? '', /denied by the fake provider/);
      assert.equal((await web.rest()).writes.length, 0, 'what is denied stays as it was asked for');
    }
  });

  it('refuses with a reason and a code what its policy does not allow', async () => {
    const fake = await session({ policy: { allowedNames: ['web.example'], certTypes: ['server'] } });
    const cases = [
      [{ ...SERVER, sans: ['10.0.0.7'] }, 101],
      [{ ...SERVER, sans: ['web.test'] }, 102],
      [{ ...SERVER, sans: ['*.web.example'] }, 103],
      [CLIENT, 999],
      [{ ...SERVER, sans: ['web.example'] }, undefined],
    ] as const;
    for (const [i, [request, code]] of cases.entries()) {
      const web = await requirer(fake, { unit: `web/${i}`, intent: { requests: [request] } });
      const { view } = await web.rest();
      assert.equal(view.requests[0]?.denied?.code, code);
      const { requests } = await orThrow(fake.read);
      assert.equal(requests.find(({ unit }) => unit === web.unit)?.state, code === undefined ? 'answered' : 'refused');
    }
  });

  it('does wrong to those requests only that a fault names, keeps the text of the others, and the first that fits counts', async () => {
    const fake = await session();
    const web = await requirer(fake, { isLeader: true, intent: { requests: [SERVER, CLIENT, APPLICATION] } });
    await web.rest();
    const entries = (): ReadonlyArray<string> =>
      (web.seen?.applicationDatabag['certificates'] ?? '').match(/\{[^{}]*\}/g) ?? [];
    const [before] = [entries()];
    await orThrow(fake.faults([
      { fault: 'revoked', certType: 'application', unit: 'web/0' },
      { fault: 'empty-chain', certType: 'application' },
      { fault: 'denied', commonName: 'web-client' },
    ]));
    await web.look();
    const { view } = web.decide();
    assert.deepEqual(view.requests.map(({ state, chain }) => [state, chain.length]), [
      ['answered', 2],
      ['denied', 0],
      // The application asks, not one of its units.
      ['answered', 0],
    ]);
    assert.deepEqual([before.length, entries().filter((entry) => before.includes(entry)).length], [3, 1]);
  });

  it('answers an application for all of its units, and asks nobody but its leader for what it publishes', async () => {
    const fake = await session();
    const intent = { requests: [APPLICATION] };
    const leader = await requirer(fake, { isLeader: true, intent });
    const { view } = await leader.rest();
    const { databag } = fake;
    const seen = await orThrow(databag('web/1', {}));
    assert.equal(seen.applicationDatabag['certificates'], leader.seen?.applicationDatabag['certificates']);
    assert.match(seen.applicationDatabag['certificates'] ?? '', /BEGIN CERTIFICATE/);
    assert.deepEqual((await orThrow(fake.read)).requests.map(({ unit, certType }) => [unit, certType]), [[
      null,
      'application',
    ]]);
    assert.equal(first({ view } as never).state, 'answered');
    const withdrawn = await orThrow(databag('web/0', {}, {}));
    assert.deepEqual(Object.keys(withdrawn.applicationDatabag), ['capabilities']);
  });

  it('is late by calls of who asks, and by seconds of its clock', async () => {
    const byCalls = await session({ faults: [{ fault: 'late', calls: 2 }] });
    const [web, api] = [await requirer(byCalls), await requirer(byCalls, { unit: 'api/0' })];
    await Promise.all([web.hook(), api.hook()]);
    const answers: Array<boolean> = [];
    for (const unit of [api, web, web]) {
      await unit.look();
      answers.push('certificates' in (unit.seen?.applicationDatabag ?? {}));
    }
    assert.deepEqual(answers, [false, false, true]);
    const bySeconds = await session({ faults: [{ fault: 'late', seconds: 60 }] }, { now: () => new Date(NOW) });
    const slow = await requirer(bySeconds);
    await slow.hook();
    for (const [seconds, state] of [[59, 'asked'], [1, 'answered']] as const) {
      await orThrow(bySeconds.advance(seconds));
      await slow.look();
      assert.equal(first(slow.decide()).state, state);
    }
  });

  it('answers a renewal beside the certificate that it renews, and withdraws that one once it is asked for no more', async () => {
    const fake = await session();
    const web = await requirer(fake, { intent: { requests: [SERVER] } });
    const old = first(await web.rest());
    assert.ok(old.renewAt !== null && old.certificate !== null);
    await orThrow(fake.advance(82 * DAY));
    web.now = (await orThrow(fake.read)).now;
    await orThrow(fake.faults([{ fault: 'late', calls: 1 }]));
    await web.hook();
    const renewing = first(web.decide());
    assert.deepEqual([renewing.state, renewing.certificate], ['renewing', old.certificate]);
    const renewed = first(await web.rest());
    assert.equal(renewed.state, 'answered');
    assert.notEqual(renewed.certificate, old.certificate);
    assert.equal(web.seen?.applicationDatabag['certificates']?.match(/certificate_signing_request/g)?.length, 1);
  });

  it('issues anew below a new CA, in a chain that leads to the former one', async () => {
    const fake = await session();
    const web = await requirer(fake, { intent: { requests: [SERVER] } });
    const before = await web.rest();
    const { ca } = await orThrow(fake.rotate);
    const after = await web.rest();
    assert.notEqual(first(after).certificate, first(before).certificate);
    assert.equal(first(after).ca, ca.trim());
    assert.equal(after.view.rootCaCert, before.view.rootCaCert);
    assert.deepEqual([codesOf(after), await judged(after, after.view.rootCaCert ?? '')], [[], []]);
  });

  it('answers nobody while it has no leader, and then another unit does, which issues nothing anew', async () => {
    const fake = await session();
    const web = await requirer(fake);
    await web.rest();
    const good = web.seen;
    await orThrow(fake.faults([{ fault: 'no-leader' }]));
    const late = await requirer(fake, { unit: 'web/1' });
    await late.hook();
    assert.deepEqual(late.decide().view.requests.map(({ state }) => state), ['asked', 'asked']);
    assert.deepEqual(
      (await orThrow(fake.read)).requests.map(({ unit, state, fault }) => [unit, state, fault]),
      [
        ['web/0', 'answered', null],
        ['web/0', 'answered', null],
        ['web/1', 'unanswered', 'no-leader'],
        ['web/1', 'unanswered', 'no-leader'],
      ],
    );
    await orThrow(fake.databag('web/0', {}));
    await web.look();
    assert.deepEqual(web.seen, good, 'nothing is withdrawn either');
    await orThrow(fake.faults([]));
    await web.look();
    assert.equal(web.seen?.unit, 'provider/1');
    assert.ok(
      web.seen.applicationDatabag['certificates']?.startsWith(
        good?.applicationDatabag['certificates']?.slice(0, -1) ?? '?',
      ),
    );
    assert.deepEqual((await late.rest()).view.requests.map(({ state }) => state), ['answered', 'answered']);
  });

  it('withdraws what a unit was answered that leaves, and has a relation for each application', async () => {
    const fake = await session();
    const [web, other, api] = [
      await requirer(fake),
      await requirer(fake, { unit: 'web/1' }),
      await requirer(fake, { unit: 'api/0' }),
    ];
    for (const one of [web, other, api]) await one.rest();
    await web.look();
    const count = (bag: Databag | undefined): number => bag?.['certificates']?.match(/"certificate":/g)?.length ?? 0;
    assert.deepEqual([count(web.seen?.applicationDatabag), count(api.seen?.applicationDatabag)], [4, 2]);
    assert.deepEqual([web.seen?.relationId, api.seen?.relationId], ['certificates:0', 'certificates:1']);
    assert.equal(count((await orThrow(fake.depart('web/1'))).applicationDatabag), 2);
    const gone = await orThrow(fake.depart('web/0'));
    assert.deepEqual([gone.relationId, gone.applicationDatabag], [null, {}]);
  });

  it('writes the bytes that the Python library writes', async () => {
    const fake = await session();
    const web = await requirer(fake, { intent: { requests: [SERVER] } });
    await web.rest();
    const formsWith = async (...faults: ReadonlyArray<FaultDocument>): Promise<Databag> => {
      await orThrow(fake.faults(faults));
      await web.look();
      const bag = web.seen?.applicationDatabag ?? {};
      return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, formOf(value)]));
    };
    const issued = formOf(recorded('provides-issues', 'localApplicationData')['certificates']);
    assert.match(
      issued,
      /^\[\{"ca": "…", "certificate_signing_request": "…", "certificate": "…", "chain": \["…"\]\}\]$/,
    );
    assert.equal((await formsWith())['certificates'], issued);
    for (
      const fault of ['wrong-names', 'wrong-key', 'wrong-ca', 'expired', 'reversed-chain', 'malformed-entry'] as const
    ) {
      assert.equal((await formsWith({ fault }))['certificates'], issued, fault);
    }
    const revoked = recorded('provides-revokes-all', 'localApplicationData')['certificates'];
    assert.equal((await formsWith({ fault: 'revoked' }))['certificates'], formOf(revoked));
    const denied = recorded('provides-success-then-error', 'localApplicationData');
    const forms = await formsWith({ fault: 'denied', code: 102 });
    assert.deepEqual([forms['certificates'], forms['request_errors']], [undefined, formOf(denied['request_errors'])]);
  });

  it('answers every request that the Python library makes', async () => {
    const recordings = [
      ['requires-unit-first-request', 'web/0'],
      ['requires-ecdsa-first-request', 'web/1'],
      ['requires-rsa-3072-first-request', 'web/2'],
      ['requires-no-common-name', 'web/3'],
      ['requires-two-requests', 'web/4'],
      ['requires-ca-request', 'web/5'],
      ['requires-app-and-unit-leader', 'api/0'],
    ] as const;
    const fake = await session();
    for (const [name, unit] of recordings) {
      const [bag, application] = [recorded(name, 'localUnitData'), recorded(name, 'localApplicationData')];
      const { relationId } = await orThrow(fake.databag(unit, bag, application));
      const asked = (await orThrow(fake.read)).requests.filter((request) =>
        request.relationId === relationId && (request.unit === unit || unit === 'api/0')
      );
      assert.ok(
        asked.length > 0 && asked.every(({ state }) => state === 'answered'),
        `${name}: ${JSON.stringify(asked)}`,
      );
    }
  });

  it('says where a mistake is: faults of the other protocol, a code without a denial, somebody named for everybody', async () => {
    const { fetch } = unhurried();
    const send = async (method: string, path: string, body: unknown): Promise<string> => {
      const init = { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await fetch(new Request(`${HERE}/provider${path}`, init));
      const { errors = [] } = await response.json();
      return [response.status, ...errors.map((error: { readonly path: string }) => error.path)].join(' ');
    };
    const mistakes: ReadonlyArray<readonly [unknown, string]> = [
      [{ protocol: 'csr', faults: [{ fault: 'never' }, { fault: 'half' }] }, 'faults[1].fault'],
      [{ faults: [{ fault: 'revoked' }] }, 'faults[0].fault'],
      [{ protocol: 'csr', faults: [{ fault: 'never', code: 101 }] }, 'faults[0].code'],
      [{ protocol: 'csr', faults: [{ fault: 'denied', code: 99 }] }, 'faults[0].code'],
      [{ protocol: 'csr', faults: [{ fault: 'no-leader', unit: 'web/0' }] }, 'faults[0].unit'],
      [{ protocol: 'acme' }, 'protocol'],
    ];
    for (const [wanted, path] of mistakes) assert.equal(await send('POST', '', wanted), `422 ${path}`);
    await send('POST', '', { id: 'reactive' });
    await send('POST', '', { id: 'csr', protocol: 'csr' });
    assert.equal(await send('PUT', '/reactive/faults', { faults: [{ fault: 'denied' }] }), '422 faults[0].fault');
    assert.equal(await send('PUT', '/csr/faults', { faults: [{ fault: 'half' }] }), '422 faults[0].fault');
    assert.equal(
      await send('POST', '/csr/databag', { unit: 'web/0', databag: {}, applicationDatabag: { x: 7 } }),
      '422 applicationDatabag.x',
    );
    assert.equal(await send('POST', '/csr/databag', { unit: 'web/0', databag: {} }), '200');
  });

  it('holds no more than it may, the databags of applications included', async () => {
    const fake = await session({}, { limits: { sessionRequests: 2, sessionBytes: 8_000 } });
    const web = await requirer(fake);
    await web.rest();
    const more = await requirer(fake, { unit: 'web/1' });
    assert.equal(refusal(await fake.databag('web/1', {}, { x: 'x'.repeat(8_000) })()), '422 session-full');
    await assert.rejects(() => more.hook(), /requests: 2/);
    assert.equal((await orThrow(fake.read)).requests.length, 2);
  });

  it('has no private key in anything that it says', async () => {
    const told: Array<string> = [];
    const server = unhurried({ log: (record) => told.push(JSON.stringify(record)) });
    const { createProvider, provider } = client(HERE, {
      fetch: async (request) => {
        const response = await server.fetch(request);
        told.push(await response.clone().text());
        return response;
      },
    });
    for (const [fault] of EVERY_FAULT) {
      const { id } = await orThrow(createProvider({ id: fault, protocol: 'csr', faults: [faultDocument(fault)] }));
      const fake = provider(id);
      const web = await requirer(fake);
      await web.hook();
      for (const call of [fake.rotate, fake.advance(1), fake.read, fake.faults([])]) await orThrow(call);
      await orThrow(fake.depart('web/0'));
    }
    assert.ok(told.length > 100 && told.some((text) => text.includes('BEGIN CERTIFICATE')));
    assert.doesNotMatch(told.join('\n'), /PRIVATE KEY/);
  });

  it('answers whatever databags it is sent, and goes on', async () => {
    const fake = await session({ faults: [{ fault: 'malformed', certType: 'client' }, { fault: 'leaf-missing' }] });
    const web = await requirer(fake);
    await web.rest();
    const good = web.unitData['certificate_signing_requests'] ?? '';
    const keys = fc.constantFrom('certificate_signing_requests', 'certificates', 'request_errors', '__proto__');
    const values = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.constantFrom(...HOSTILE),
      fc.nat({ max: good.length }).map((at) => good.slice(0, at)),
      fc.constant(good),
    );
    const bags = fc.array(fc.tuple(keys, values), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));
    const units = fc.constantFrom('web/0', 'web/1', 'api/0');
    await fc.assert(
      fc.asyncProperty(units, bags, fc.option(bags, { nil: undefined }), async (unit, bag, application) => {
        const answer = await fake.databag(unit, bag, application)();
        assert.ok(answer._tag === 'Right' || refusal(answer) === '422 session-full');
      }),
      runs(60),
    );
    const api = await requirer(fake, { unit: 'db/0', intent: { requests: [SERVER] } });
    assert.deepEqual(codesOf(await api.rest()), ['leaf-missing']);
  });
});
