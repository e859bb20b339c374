/**
 * What is published to everybody, and the paths above answers: each fault where it may stand, with its finding. A good world has none.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { allFindings, examine, EXAMINE_FINDINGS, type UnitExchange } from '../../../core/examine/mod.ts';
import { verdictsOf } from '../../../core/examine/verdicts.ts';
import type { CertType } from '../../../core/model/certificate.ts';
import type { Finding } from '../../../core/model/finding.ts';
import { type Fault, type FaultCode, SEVERITIES } from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';
import type { Databag, RelationId, UnitName } from '../../../mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import * as f from '../x509/forge.ts';

const NOW = '2027-01-01T00:00:00Z' as Timestamp;
const CA = [f.basic(true), f.usage(0x06)];
const KINDS: Readonly<Record<Exclude<CertType, 'application'>, ReadonlyArray<f.Der>>> = {
  server: [f.extended(f.SERVER), f.usage(0x80), f.sans('dns:web.example')],
  client: [f.extended(f.CLIENT), f.usage(0x80), f.sans('dns:web.example')],
  intermediate: [...CA, f.sans('dns:web.example')],
};

/** A root, an intermediate CA below it, and certificates of each kind below that; every one in PEM. */
interface World {
  readonly root: string;
  readonly middle: string;
  readonly leaves: Readonly<Record<keyof typeof KINDS, string>>;
  readonly key: string;
  /** The CAs' own key, which is nobody's business. */
  readonly caKey: string;
}

const keyText = async ({ privateKey }: CryptoKeyPair): Promise<string> =>
  writePem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)));

const worldWith = async (
  changes: { readonly root?: Partial<f.Make>; readonly middle?: Partial<f.Make>; readonly leaf?: Partial<f.Make> } = {},
): Promise<World> => {
  const root = { subject: f.name('Root'), keys: await f.newKeys() };
  const middle = { subject: f.name('Intermediate'), keys: await f.newKeys() };
  const keys = await f.newKeys();
  const leaf = async (extensions: ReadonlyArray<f.Der>): Promise<string> =>
    f.pem(await f.make({ subject: f.name('web.example'), keys, issuer: middle, extensions, ...changes.leaf }));
  return {
    root: f.pem(await f.make({ ...root, issuer: root, extensions: CA, ...changes.root })),
    middle: f.pem(await f.make({ ...middle, issuer: root, extensions: CA, ...changes.middle })),
    leaves: {
      server: await leaf(KINDS.server),
      client: await leaf(KINDS.client),
      intermediate: await leaf(KINDS.intermediate),
    },
    key: await keyText(keys),
    caKey: await keyText(root.keys),
  };
};

const ENTRIES = JSON.stringify({ 'web.example': { sans: ['web.example'] } });

/** How each kind is asked for, and under which key it is answered. */
const KEYS: Readonly<Record<CertType, readonly [asked: string, answered: string]>> = {
  server: ['cert_requests', 'processed_requests'],
  client: ['client_cert_requests', 'processed_client_requests'],
  application: ['application_cert_requests', 'processed_application_requests'],
  intermediate: ['intermediate_cert_requests', 'processed_intermediate_requests'],
};

const answering = (certType: CertType, cert: string, key: string): Databag => ({
  [`web_0.${KEYS[certType][1]}`]: JSON.stringify({
    [certType === 'application' ? 'app_data' : 'web.example']: { cert, key },
  }),
});

const exchangeOf = (published: Databag, certType: CertType | null = 'server'): UnitExchange => ({
  relationId: 'certificates:3' as RelationId,
  requirer: 'web/0' as UnitName,
  asked: { unit_name: 'web_0', ...(certType === null ? {} : { [KEYS[certType][0]]: ENTRIES }) },
  providers: { ['ca/0' as UnitName]: published },
});

const found = async (published: Databag, certType: CertType | null = 'server'): Promise<ReadonlyArray<Finding>> =>
  allFindings(await examine({ exchanges: [exchangeOf(published, certType)], now: NOW })());

/** The codes that are found, each once. */
const codes = async (published: Databag, certType: CertType | null = 'server'): Promise<ReadonlyArray<string>> =>
  [...new Set((await found(published, certType)).map(({ code }) => code))].sort();

const UNANSWERED = { expected: ['unanswered'] };

describe('examine(): what is published', () => {
  let good: World;
  before(async () => {
    good = await worldWith();
  });

  const whole = ({ root, middle, leaves, key }: World, certType: CertType = 'server'): Databag => ({
    ca: root,
    chain: middle,
    ...answering(certType, leaves[certType === 'application' ? 'server' : certType], key),
  });

  it('finds nothing wrong where nothing is, for each kind, and also while nothing is answered', async () => {
    for (const certType of ['server', 'client', 'application', 'intermediate'] as const) {
      assert.deepEqual(await codes(whole(good, certType), certType), [], certType);
    }
    assert.deepEqual(await codes({ ca: good.root, chain: good.middle }), UNANSWERED.expected);
    assert.deepEqual(await codes({ ca: `${good.root}\n`, chain: ' \n' }), UNANSWERED.expected);
  });

  it('judges a CA by itself, answered or not', async () => {
    const { root: ended } = await worldWith({ root: { to: '2026-12-31' } });
    const { root: ending } = await worldWith({ root: { to: '2027-01-06' } });
    const { root: early } = await worldWith({ root: { from: '2027-02-01' } });
    const { root: none } = await worldWith({ root: { extensions: [f.usage(0x06)] } });
    const cases: ReadonlyArray<readonly [ca: string, codes: ReadonlyArray<string>]> = [
      [ended, ['expired']],
      [ending, ['ends-soon']],
      [early, ['not-yet-valid']],
      [none, ['path-invalid']],
      [`${good.root}${ended}`, ['ca-out-of-date']],
      [`${ended}${good.root}`, ['ca-out-of-date']],
      [`${good.root}${good.caKey}`, ['private-key-published']],
      [good.root.slice(0, 200), ['unreadable-certificate']],
      ['None', ['unreadable-certificate']],
      [JSON.stringify([good.root]), ['unreadable-certificate']],
      [good.root.replaceAll('\n', '\n  '), ['pem-form']],
    ];
    for (const [ca, expected] of cases) {
      assert.deepEqual(await codes({ ca }), [...expected, 'unanswered'].sort(), ca.slice(0, 40));
      assert.deepEqual(await codes({ ca }, null), [...expected, 'nothing-asked'].sort());
    }
  });

  it('judges a chain by itself: readable, without keys, and valid while nothing is answered', async () => {
    const ended = await worldWith({ middle: { to: '2026-12-31' } });
    const cases: ReadonlyArray<readonly [chain: string, codes: ReadonlyArray<string>]> = [
      [ended.middle, ['expired']],
      [`${ended.middle}${good.middle}`, []],
      [`${good.middle}${good.caKey}`, ['private-key-published']],
      [btoa(good.middle), ['unreadable-certificate']],
      [good.middle.replaceAll('\n', '\\n'), ['unreadable-certificate']],
      [good.middle.replaceAll('\n', '\r'), ['pem-form']],
    ];
    for (const [chain, expected] of cases) {
      assert.deepEqual(await codes({ ca: good.root, chain }), [...expected, 'unanswered'].sort());
    }
    // What is not needed may have ended long ago.
    assert.deepEqual(await codes({ ...whole(good), chain: `${ended.middle}${good.middle}` }), []);
  });

  it('judges the client certificate that all share, and an answer that nobody asked for', async () => {
    const { root, middle, leaves, key } = good;
    const ended = await worldWith({ leaf: { to: '2026-12-31' } });
    const pairs: ReadonlyArray<readonly [cert: string, key: string, codes: ReadonlyArray<string>]> = [
      [leaves.client, key, []],
      [leaves.server, key, ['wrong-purpose']],
      [leaves.client, good.caKey, ['key-mismatch']],
      [`${middle}${leaves.client}`, key, ['wrong-order']],
      ['null', key, ['unreadable-certificate']],
      [leaves.client, 'null', ['key-unusable']],
    ];
    for (const [cert, ownKey, expected] of pairs) {
      const shared = { ca: root, chain: middle, 'client.cert': cert, 'client.key': ownKey };
      assert.deepEqual(await codes(shared, null), [...expected, 'nothing-asked'].sort());
    }
    const stray = { ca: ended.root, chain: ended.middle, 'client.cert': ended.leaves.client, 'client.key': ended.key };
    assert.deepEqual(await codes(stray, null), ['expired', 'nothing-asked']);
    const first = { 'web_0.server.cert': ended.leaves.server, 'web_0.server.key': ended.key };
    assert.deepEqual(await codes({ ca: ended.root, chain: ended.middle, ...first }, null), [
      'expired',
      'unasked-answer',
    ]);
  });

  it('tells what is published to everybody once, however many units ask', async () => {
    const { root } = await worldWith({ root: { to: '2026-12-31' } });
    const providers = { ['ca/0' as UnitName]: { ca: root } };
    const exchanges = [0, 1, 2].map((i) => ({ ...exchangeOf({}), requirer: `web/${i}` as UnitName, providers }));
    const findings = allFindings(await examine({ exchanges, now: NOW })());
    assert.equal(findings.filter(({ code }) => code === 'expired').length, 1);
  });

  it('judges the whole path above each kind of answer', async () => {
    for (const certType of ['server', 'client', 'application', 'intermediate'] as const) {
      const of = async (changes: Parameters<typeof worldWith>[0]) =>
        await codes(whole(await worldWith(changes), certType), certType);
      assert.deepEqual(await of({ middle: { to: '2026-12-31' } }), ['expired'], certType);
      assert.deepEqual(await of({ middle: { to: '2027-01-06' } }), ['ends-soon']);
      assert.deepEqual(await of({ root: { to: '2027-01-06' } }), ['ends-soon']);
      assert.deepEqual(await of({ middle: { algorithm: f.ECDSA_SHA1, hash: 'SHA-1' } }), ['weak-signature']);
      const other = certType === 'client' ? f.SERVER : f.CLIENT;
      const limited = await of({ middle: { extensions: [...CA, f.extended(other)] } });
      assert.deepEqual(limited, certType === 'intermediate' ? [] : ['path-invalid']);
    }
  });

  it('tells the order of certificates, whatever stands first', async () => {
    const { root, middle, leaves, key } = good;
    for (const certType of ['server', 'client', 'application', 'intermediate'] as const) {
      const own = leaves[certType === 'application' ? 'server' : certType];
      for (const cert of [`${middle}${own}`, `${root}${middle}${own}`, `${root}${own}`]) {
        const published = { ca: root, chain: middle, ...answering(certType, cert, key) };
        assert.deepEqual(await codes(published, certType), ['wrong-order'], certType);
      }
      const right = { ca: root, ...answering(certType, `${own}${middle}${root}`, key) };
      assert.deepEqual(await codes(right, certType), []);
    }
  });

  it('reads each certificate once: fifty answers under one intermediate are 52 certificates', async () => {
    class Counting extends Map<string, never> {
      reads = 0;
      override set(key: string, value: never): this {
        this.reads += 1;
        return super.set(key, value);
      }
    }
    const root = { subject: f.name('Root'), keys: await f.newKeys() };
    const middle = { subject: f.name('Intermediate'), keys: await f.newKeys() };
    const rootPem = f.pem(await f.make({ ...root, issuer: root, extensions: CA }));
    const middlePem = f.pem(await f.make({ ...middle, issuer: root, extensions: CA }));
    const keys = await f.newKeys();
    const key = await keyText(keys);
    const answers: Record<string, unknown> = {};
    for (let i = 0; i < 50; i++) {
      const leaf = await f.make({ subject: f.name('web.example'), keys, issuer: middle, extensions: KINDS.server });
      // The intermediate stands behind each answer as well.
      answers[`web-${i}.example`] = { cert: `${f.pem(leaf)}${middlePem}`, key };
    }
    const published = { ca: rootPem, chain: middlePem, 'web_0.processed_requests': JSON.stringify(answers) };
    const shelf = new Counting();
    const { examinations } = await examine({ exchanges: [exchangeOf(published)], now: NOW }, { shelf })();
    assert.equal(examinations[0]?.requests.filter(({ answer }) => answer?.verified === true).length, 50);
    assert.equal(shelf.reads, 52);
  });

  it('has no code word and no content of values in its sentences', async () => {
    const broken = [
      'x',
      good.root.slice(0, 300),
      good.root.replace('MII', '!!!'),
      `${good.root.trimEnd()}${good.root}`,
      good.root.replace(/MII[^-]*/, '\n'),
      good.root.replace(/-----BEGIN.*\n/, ''),
      writePem('CERTIFICATE', Uint8Array.of(0x30, 0)),
      writePem('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)),
    ];
    const words =
      /unfinished|stray-end|joined at|not-base64|empty-block|no-certificate|not-a-certificate|malformed|too-large/;
    for (const text of broken) {
      for (
        const bag of [
          { ca: text },
          { ca: good.root, chain: text },
          whole({ ...good, leaves: { ...good.leaves, server: text } }),
        ]
      ) {
        const findings = await found({ ca: good.root, ...bag });
        assert.ok(findings.some(({ severity }) => severity === 'error'), text.slice(0, 40));
        for (const { message } of findings) assert.doesNotMatch(message, words);
      }
    }
  });

  it('gives each fault one code of the same severity, and words', () => {
    for (const code of Object.keys(SEVERITIES)) {
      // Every field that any fault has; a fault of each code is among these.
      const fault = {
        code: code as FaultCode,
        ...(code === 'key-unsupported' ? {} : { at: 1 }),
        ...{ about: 'a', name: 'a', source: 'ca', line: 1, index: 1, bits: 1024, hash: 'SHA-1', reason: 'empty' },
        ...{ notAfter: NOW, fault: { code: 'joined', line: 1 } },
      } as unknown as Fault;
      const [verdict, ...more] = verdictsOf([fault], { own: 'the certificate', path: [], now: new Date(NOW) });
      assert.ok(verdict !== undefined && more.length === 0, code);
      const severity = SEVERITIES[code as FaultCode];
      assert.equal(EXAMINE_FINDINGS[verdict[0]], severity === 'not-judged' ? 'warning' : severity, code);
      assert.doesNotMatch(verdict[1], /undefined|\[object/, code);
    }
  });
});
