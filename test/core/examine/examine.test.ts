/**
 * Examinations of exchanges with certificates of our own making: a good one without findings, and one for each thing that can be
 * wrong with it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import {
  allFindings,
  examine,
  exchangesOfProvider,
  exchangesOfRequirer,
  study,
  type UnitExchange,
} from '../../../core/examine/mod.ts';
import {
  type CaPair,
  type CertType,
  generateKey,
  issue,
  issueRoot,
  type PrivateKey,
  type Terms,
} from '../../../core/x509/mod.ts';
import type { Databag, RelationId, UnitName } from '../../../mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import { HOSTILE } from '../../hostile.ts';
import { decoded, documentOf, input, relation } from '../../world.ts';

const NOW = '2026-11-24T00:00:00Z' as Timestamp;

const right = async <A>(
  work: () => Promise<{ _tag: 'Right'; right: A } | { _tag: 'Left'; left: unknown }>,
): Promise<A> => {
  const result = await work();
  if (result._tag === 'Left') throw new Error(`not made: ${JSON.stringify(result.left)}`);
  return result.right;
};

const terms = (notBefore = '2026-01-01', notAfter = '2027-12-31'): Terms => ({
  notBefore: new Date(notBefore),
  notAfter: new Date(notAfter),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
});

const root = async (commonName: string): Promise<CaPair & { readonly certificate: string }> => {
  const key = await right(generateKey());
  return { key, certificate: await right(issueRoot({ commonName, key }, terms('2025-01-01', '2036-01-01'))) };
};

interface Made {
  readonly cert: string;
  readonly key: PrivateKey;
}

let authority: CaPair & { readonly certificate: string };
let other: CaPair & { readonly certificate: string };
let key: PrivateKey;

const made = async (
  sans: ReadonlyArray<string>,
  by = authority,
  when = terms(),
  certType: CertType = 'server',
): Promise<Made> => ({
  cert: await right(issue({ certType, commonName: 'web.example', sans, holder: { key } }, by, when)),
  key,
});

const ASKED = {
  unit_name: 'web_0',
  common_name: 'web.example',
  sans: '["web.example", "10.0.0.7"]',
  certificate_name: 'n',
};
const NAMES = ['web.example', '10.0.0.7'];

const publishing = ({ cert, key }: Made, ca: string | null = authority.certificate) => ({
  ...(ca === null ? {} : { ca }),
  'web_0.server.cert': cert,
  'web_0.server.key': key,
});

/** What a test changes of an exchange; units are named by plain text. */
type Change = Omit<Partial<UnitExchange>, 'providers'> & {
  readonly providers?: Readonly<Record<string, Databag>> | null;
};

const exchange = (change: Change): UnitExchange => ({
  relationId: 'certificates:3' as RelationId,
  requirer: 'web/0' as UnitName,
  asked: ASKED,
  providers: {},
  ...change,
});

const found = async (...exchanges: ReadonlyArray<UnitExchange>): Promise<ReadonlyArray<string>> =>
  allFindings(await examine({ exchanges, now: NOW })()).map(({ code }) => code);

describe('examine()', () => {
  before(async () => {
    key = await right(generateKey());
    [authority, other] = await Promise.all([root('Our CA'), root('Another CA')]);
  });

  it('finds nothing wrong with what is right', async () => {
    const { examinations } = await examine({
      exchanges: [exchange({ providers: { 'ca/0': publishing(await made(NAMES)) } })],
      now: NOW,
    })();
    const [examination] = examinations;
    assert.deepEqual(
      examination?.requests.map((
        { state, answer, findings },
      ) => [state, answer?.verified, answer?.path.length, findings]),
      [['answered', true, 2, []]],
    );
    assert.deepEqual(examination?.findings, []);
  });

  it('tells which request is not answered, and which answer was not asked for', async () => {
    const asked = { ...ASKED, client_cert_requests: '{"c": {"sans": []}}' };
    assert.deepEqual(await found(exchange({ asked, providers: { 'ca/0': publishing(await made(NAMES)) } })), [
      'unanswered',
    ]);
    const { cert } = await made(NAMES);
    const beside = {
      ...publishing(await made(NAMES)),
      'web_0.processed_requests': JSON.stringify({ 'web.example': { cert, key }, 'x': { cert, key } }),
    };
    assert.deepEqual(await found(exchange({ providers: { 'ca/0': beside } })), ['unasked-answer', 'unasked-answer']);
  });

  it('tells of a unit that asks for nothing', async () => {
    const providers = { 'ca/0': { ca: authority.certificate } };
    assert.deepEqual(await found(exchange({ asked: {}, providers })), ['nothing-asked']);
  });

  it('does not guess about a side that nobody saw', async () => {
    assert.deepEqual(await found(exchange({ providers: null })), []);
    const { examinations } = await examine({
      exchanges: [exchange({ asked: null, providers: { 'ca/0': publishing(await made(NAMES)) } })],
      now: NOW,
    })();
    assert.deepEqual(examinations[0]?.requests.map(({ commonName, sans, findings }) => [commonName, sans, findings]), [[
      'web.example',
      null,
      [],
    ]]);
  });

  it('tells of names, purposes and keys that do not fit', async () => {
    const by = async (answer: Made) => await found(exchange({ providers: { 'ca/0': publishing(answer) } }));
    assert.deepEqual(await by(await made(['web.example'])), ['names-missing']);
    assert.deepEqual(await by(await made(NAMES, authority, terms(), 'client')), ['wrong-purpose']);
    assert.deepEqual(await by({ ...(await made(NAMES)), key: await right(generateKey()) }), ['key-mismatch']);
    assert.deepEqual(await by({ ...(await made(NAMES)), key: 'no key' as PrivateKey }), ['key-unusable']);
  });

  it('tells of a common name that stands in the subject only, where no client looks for it', async () => {
    const asked = { ...ASKED, sans: '[]' };
    const answer = await made([], authority, terms(), 'client');
    assert.deepEqual(await found(exchange({ asked, providers: { 'ca/0': publishing(answer) } })), [
      'name-in-subject-only',
      'wrong-purpose',
    ]);
  });

  it('tells of dates', async () => {
    const of = async (notBefore: string, notAfter: string) =>
      await found(
        exchange({ providers: { 'ca/0': publishing(await made(NAMES, authority, terms(notBefore, notAfter))) } }),
      );
    assert.deepEqual(await of('2026-01-01', '2026-11-01'), ['expired']);
    assert.deepEqual(await of('2026-12-01', '2027-11-01'), ['not-yet-valid']);
    assert.deepEqual(await of('2026-01-01', '2026-12-10'), ['ends-soon']);
  });

  it('says nothing of dates where it is not told the time', async () => {
    const expired = exchange({
      providers: { 'ca/0': publishing(await made(NAMES, authority, terms('2026-01-01', '2026-11-01'))) },
    });
    assert.deepEqual(allFindings(await examine({ exchanges: [expired], now: null })()), []);
  });

  it('tells of a CA that is not the issuer, or not there', async () => {
    const answer = await made(NAMES);
    assert.deepEqual(await found(exchange({ providers: { 'ca/0': publishing(answer, other.certificate) } })), [
      'untrusted',
    ]);
    assert.deepEqual(await found(exchange({ providers: { 'ca/0': publishing(answer, null) } })), ['no-ca']);
    assert.deepEqual(await found(exchange({ providers: { 'ca/0': publishing({ cert: 'C', key }) } })), [
      'unreadable-certificate',
    ]);
  });

  it('tells of names that units have or lack, of disagreeing providers, and of several relations', async () => {
    const providers = { 'ca/0': publishing(await made(NAMES)) };
    const { unit_name: _unitName, ...nameless } = ASKED;
    assert.deepEqual(await found(exchange({ asked: nameless, providers })), ['unit-name-missing']);
    const misnamed = exchange({ requirer: 'web/1' as UnitName, providers });
    assert.deepEqual(await found(misnamed), ['unit-name-differs']);
    assert.deepEqual(await found({ ...misnamed, requirer: 'remote-0a1b/0' as UnitName }), []);
    const two = { ...providers, 'ca/1': { ...publishing(await made(NAMES)), ca: other.certificate } };
    assert.deepEqual(await found(exchange({ providers: two })), ['providers-disagree', 'providers-disagree']);
    assert.deepEqual(
      await found(exchange({ providers }), exchange({ relationId: 'certificates:9' as RelationId, providers })),
      ['several-relations'],
    );
  });

  it('passes on what the requirer notices in broken databags', async () => {
    const broken = { ...publishing(await made(NAMES)), 'web_0.processed_requests': 'oops' };
    assert.deepEqual(await found(exchange({ providers: { 'ca/0': broken } })), ['malformed-value']);
  });

  it('comes to an end with each hostile text as a CA, a chain, a certificate, a key and a request', async () => {
    const good = publishing(await made(NAMES));
    for (const text of HOSTILE) {
      for (const bag of [{ ca: text }, { chain: text }, { 'web_0.server.cert': text }, { 'web_0.server.key': text }]) {
        await found(exchange({ providers: { 'ca/0': { ...good, ...bag } } }));
      }
      await found(
        exchange({ asked: { common_name: text, sans: text, cert_requests: text }, providers: { 'ca/0': good } }),
      );
    }
  });

  it('never holds a private key', async () => {
    const answer = await made(['web.example']);
    const examinations = await examine({
      exchanges: [exchange({ providers: { 'ca/0': { ...publishing(answer), chain: answer.key } } })],
      now: NOW,
    })();
    const body = answer.key.split('\n')[1] ?? '';
    assert.ok(body.length > 40 && !JSON.stringify(examinations).includes(body));
  });

  it('shows no private key that stands where a name should be', async () => {
    const misplaced = '-----BEGIN PRIVATE KEY-----SECRET';
    const { cert } = await made(NAMES);
    const asked = {
      ...ASKED,
      sans: JSON.stringify([misplaced]),
      client_cert_requests: JSON.stringify({ [misplaced]: { sans: [] } }),
    };
    const answers = JSON.stringify({ [misplaced]: { cert, key } });
    const published = { ...publishing(await made(NAMES)), 'web_0.processed_requests': answers };
    const providers = { 'ca/0': published, 'ca/1': { 'web_0.processed_requests': answers.replace('MII', 'MIJ') } };
    const examinations = await examine({ exchanges: [exchange({ asked, providers })], now: NOW })();
    assert.match(JSON.stringify(examinations), /<private key>/);
    assert.doesNotMatch(JSON.stringify(examinations), /SECRET/);
  });

  it('study() judges as of any moment what examine() judges then', async () => {
    const exchanges = [exchange({ providers: { 'ca/0': publishing(await made(NAMES)) } })];
    const studied = await study(exchanges)();
    for (const now of ['2025-06-01T00:00:00Z', NOW, '2027-12-15T00:00:00Z', '2029-01-01T00:00:00Z', null]) {
      const moment = now as Timestamp | null;
      assert.deepEqual(await studied.at(moment)(), await examine({ exchanges, now: moment })());
    }
    const codes = async (now: string) => allFindings(await studied.at(now as Timestamp)()).map(({ code }) => code);
    assert.deepEqual(await codes('2025-06-01T00:00:00Z'), ['not-yet-valid']);
    assert.deepEqual(await codes('2029-01-01T00:00:00Z'), ['expired']);
  });

  it('study() goes on from what an earlier one found of keys that are gone', async () => {
    const [good, bad] = [await made(NAMES), { ...(await made(['web-client'])), key: (await made(NAMES)).key }];
    const bag = (mine: typeof good, theirs: typeof good) => ({
      ...publishing(mine),
      'web_0.processed_client_requests': JSON.stringify({ 'web-client': theirs }),
    });
    const gone = 'dropped' as PrivateKey;
    const before = await study([exchange({ providers: { 'ca/0': bag(good, bad) } })])();
    const without = [exchange({ providers: { 'ca/0': bag({ ...good, key: gone }, { ...bad, key: gone }) } })];
    const { tried } = before;
    const after = await study(without, { tried })();
    assert.deepEqual(await after.at(NOW)(), await before.at(NOW)());
    assert.doesNotMatch(JSON.stringify([...tried]), /PRIVATE/);
    const found = allFindings(await (await study(without)()).at(NOW)()).map(({ code }) => code);
    assert.equal(found.filter((code) => code === 'key-unusable').length, 2, 'without it the keys are missed');
  });

  it('waits before each certificate, and ends when it is told to', async () => {
    let pauses = 0;
    const exchanges = [exchange({ providers: { 'ca/0': publishing(await made(NAMES)) } })];
    await examine({ exchanges, now: NOW }, { pause: () => Promise.resolve(void (pauses += 1)) })();
    assert.ok(pauses >= 2);
    const stop = (): never => {
      throw new Error('enough');
    };
    await assert.rejects(examine({ exchanges, now: NOW }, { pause: stop })(), /enough/);
  });

  it('reads the documents of both sides', async () => {
    const bag = publishing(await made(NAMES));
    const requirer = input({ relations: [relation({ localUnitData: ASKED, remoteUnits: { 'ca/0': bag } })] }).snapshot;
    assert.deepEqual(allFindings(await examine({ ...exchangesOfRequirer(requirer), now: NOW })()), []);
    const provider = decoded(
      documentOf({
        localUnit: 'ca/0',
        endpoint: 'client',
        relations: [relation({ localUnitData: bag, remoteUnits: { 'web/0': ASKED } })],
      }),
    ).snapshot;
    assert.deepEqual(allFindings(await examine({ ...exchangesOfProvider(provider), now: NOW })()), []);
  });

  it('gives exactly the faults of the recorded troubles, and none for what is well', async () => {
    const faultsOf = async (name: string) => {
      const { snapshot } = decoded(
        JSON.parse(readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8')),
      );
      return allFindings(await examine(exchangesOfRequirer(snapshot))()).map(({ code }) => code);
    };
    assert.deepEqual(await faultsOf('easyrsa-answered'), []);
    assert.deepEqual(await faultsOf('vault-intermediate'), []);
    // This one lacks an address that was asked for, too.
    assert.deepEqual(await faultsOf('trouble-expired'), ['names-missing', 'expired']);
    assert.deepEqual(await faultsOf('trouble-missing-sans'), ['names-missing']);
    assert.deepEqual(await faultsOf('trouble-wrong-ca'), ['untrusted']);
  });
});
