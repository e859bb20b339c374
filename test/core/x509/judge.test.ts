/**
 * Judging what was published: names, keys, purposes and paths in one answer, a CA and a chain by themselves, and how grave each fault is.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import {
  describe as read,
  earliestEnd,
  type Fault,
  judge,
  judgeCa,
  judgeChain,
  type JudgeInput,
  match,
  renewalMargin,
  SEVERITIES,
  severityOf,
  weakAlong,
} from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';
import { HOSTILE } from '../../hostile.ts';
import * as f from './forge.ts';

/** What was published in faults that were measured; see faults.test.ts. */
const PUBLISHED: Readonly<Record<string, { readonly certificate: string; readonly key: string; readonly ca: string }>> =
  JSON.parse(readFileSync(new URL('../../data/x509-faults.json', import.meta.url), 'utf8')).published;

const NOW = new Date('2027-01-01T00:00:00Z');
const CA = [f.basic(true), f.usage(0x06)];
const LEAF = [f.extended(f.SERVER), f.usage(0x80), f.sans('dns:web.example')];
const NAMES = { commonName: 'web.example', sans: ['web.example'] };

const rsa = (bytes: number): f.Der =>
  f.der(
    0x30,
    f.der(0x30, f.oid('1.2.840.113549.1.1.1'), f.der(5)),
    f.der(3, 0, f.der(0x30, f.der(2, 0, new Uint8Array(bytes).fill(0xff)), f.der(2, 1, 0, 1))),
  );

const shown = (faults: ReadonlyArray<Fault>): string =>
  faults.map((fault) => `${severityOf(fault)} ${fault.code}${'at' in fault ? `@${fault.at}` : ''}`).join(', ');

interface World {
  readonly root: f.Der;
  readonly middle: f.Der;
  readonly leaf: f.Der;
  readonly key: string;
  readonly signers: { readonly root: f.Signer; readonly middle: f.Signer };
}

const world = async (
  changes: { readonly root?: Partial<f.Make>; readonly middle?: Partial<f.Make>; readonly leaf?: Partial<f.Make> } = {},
): Promise<World> => {
  const root = { subject: f.name('Root'), keys: await f.newKeys() };
  const middle = { subject: f.name('Intermediate'), keys: await f.newKeys() };
  const keys = await f.newKeys();
  const rootDer = await f.make({ ...root, issuer: root, extensions: CA, ...changes.root });
  const middleDer = await f.make({ ...middle, issuer: root, extensions: CA, ...changes.middle });
  const leaf = await f.make({
    subject: f.name('web.example'),
    keys,
    issuer: middle,
    extensions: LEAF,
    ...changes.leaf,
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { root: rootDer, middle: middleDer, leaf, key: writePem('PRIVATE KEY', pkcs8), signers: { root, middle } };
};

const inputOf = ({ root, middle, leaf, key }: World): JudgeInput => ({
  certificate: f.pem(leaf),
  certType: 'server',
  names: NAMES,
  key,
  chain: f.pem(middle),
  ca: f.pem(root),
  now: NOW,
});

/** A verdict with its faults, in a few words. */
const judged = async (input: JudgeInput): Promise<string> => {
  const { verdict, faults } = await judge(input)();
  return `${verdict}: ${shown(faults)}`;
};

describe('judging', () => {
  let good: World;
  before(async () => {
    good = await world();
  });

  it('judge() finds nothing wrong where nothing is', async () => {
    const judgement = await judge(inputOf(good))();
    assert.deepEqual([judgement.verdict, judgement.isVerified, judgement.faults], ['good', true, []]);
    assert.equal(judgement.path.length, 3);
    assert.equal(judgement.certificate?.subject.text, 'CN=web.example');
  });

  it('judge() says nothing of what nobody knows', async () => {
    const { key: _, ...rest } = inputOf(good);
    assert.equal(await judged({ ...rest, names: null, now: null }), 'good: ');
    const alone = await judge({ ...rest, ca: null })();
    assert.deepEqual([alone.verdict, alone.isVerified, alone.path.length], ['good', null, 1]);
    assert.equal(await judged({ ...rest, ca: null, now: new Date('2040-01-01') }), 'refused: error expired@0');
  });

  it('judge() holds the kind against the CAs above, for every kind', async () => {
    const clients = await world({ middle: { extensions: [...CA, f.extended(f.CLIENT)] } });
    assert.equal(await judged(inputOf(clients)), 'refused: error not-for-servers@1');
    assert.equal(await judged({ ...inputOf(clients), certType: 'application' }), 'refused: error not-for-servers@1');
    const servers = await world({
      middle: { extensions: [...CA, f.extended(f.SERVER)] },
      leaf: { extensions: [f.extended(f.CLIENT), f.usage(0x80)] },
    });
    assert.equal(
      await judged({ ...inputOf(servers), certType: 'client', names: { commonName: 'web.example', sans: [] } }),
      'refused: error not-for-clients@1',
    );
    const narrow = await world({
      middle: { extensions: [f.basic(true, 0), f.usage(0x06)] },
      leaf: { extensions: CA },
    });
    assert.equal(
      await judged({ ...inputOf(narrow), certType: 'intermediate', names: null }),
      'refused: error path-length-exceeded@0',
    );
  });

  it('judge() tells of the keys of CAs, and of their ends', async () => {
    const { certificate, key, ca } = PUBLISHED['weak-ca-key-root-1024'] ?? assert.fail();
    const weak = { certificate, key, ca, chain: null, certType: 'server', names: null, now: null } as const;
    assert.equal(await judged(weak), 'good: warning short-key@1');
    const ending = await world({ root: { to: '2027-01-06' } });
    assert.equal(await judged(inputOf(ending)), 'good: warning ends-soon@2');
    const { faults } = await judge(inputOf(ending))();
    assert.deepEqual(faults, [{ code: 'ends-soon', at: 2, notAfter: '2027-01-06T00:00:00Z', name: 'CN=Root' }]);
    const ended = await world({ middle: { to: '2026-12-31' } });
    assert.equal(await judged(inputOf(ended)), 'refused: error expired@1');
  });

  it('judge() has an end as near by the part of the certificate’s life that is left', async () => {
    const spans: ReadonlyArray<readonly [from: string, to: string, isSoon: boolean]> = [
      ['2026-12-31', '2027-01-06', false],
      ['2026-12-28', '2027-01-02', true],
      ['2026-12-31', '2027-01-01T05:59:59', true],
      ['2026-12-15', '2027-01-29', false],
      ['2026-01-01', '2027-01-31', true],
      ['2026-01-01', '2027-02-01', false],
    ];
    for (const [from, to, isSoon] of spans) {
      const short = await world({ leaf: { from, to } });
      assert.equal(await judged(inputOf(short)), isSoon ? 'good: warning ends-soon@0' : 'good: ', `${from} ${to}`);
    }
    assert.equal(renewalMargin({ notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-05T00:00:00Z' }), 86_400_000);
    assert.equal(earliestEnd([]), null);
  });

  it('judge() tells a refusal for a broken hash once, as an error', async () => {
    const sha1 = { algorithm: f.ECDSA_SHA1, hash: 'SHA-1' };
    assert.equal(await judged(inputOf(await world({ leaf: sha1 }))), 'refused: error signature-hash-broken@0');
    assert.equal(await judged(inputOf(await world({ middle: sha1 }))), 'refused: error signature-hash-broken@1');
    assert.equal(await judged(inputOf(await world({ root: sha1 }))), 'good: ');
    assert.equal(await judged({ ...inputOf(await world({ leaf: sha1 })), ca: null }), 'refused: error broken-hash@0');
  });

  it('judge() tells what is not judged here apart from what is refused', async () => {
    const old = await world({ root: { version: 0, extensions: [] } });
    assert.equal(await judged(inputOf(old)), 'not-judged: not-judged ca-version-1@2');
    const list = f.extension('2.5.29.31', f.der(0x30), true);
    assert.equal(
      await judged(inputOf(await world({ leaf: { extensions: [...LEAF, list] } }))),
      'not-judged: not-judged extension-not-judged@0',
    );
    const p224 = f.der(
      0x30,
      f.der(0x30, f.oid('1.2.840.10045.2.1'), f.oid('1.3.132.0.33')),
      f.der(3, 0, 4, new Uint8Array(56)),
    );
    assert.equal(
      await judged(inputOf(await world({ root: { spki: p224 } }))),
      'not-judged: not-judged key-unsupported@1',
    );
    assert.equal(
      await judged(inputOf(await world({ leaf: { spki: p224 } }))),
      'not-judged: not-judged key-unsupported, not-judged own-key-unsupported@0',
    );
    assert.match(
      await judged({ ...inputOf(await world({ leaf: { extensions: [...LEAF, list], to: '2026-06-01' } })) }),
      /^refused: /,
    );
  });

  it('judge() says of RSA and of others what their key usage leaves them', async () => {
    const usage = (bits: number, spki?: f.Der): Promise<World> =>
      world({
        leaf: { extensions: [f.usage(bits), f.sans('dns:web.example')], ...(spki === undefined ? {} : { spki }) },
      });
    const { key: _, ...rsaInput } = inputOf(await usage(0x20, rsa(256)));
    assert.equal(await judged(rsaInput), 'good: warning only-key-exchange');
    assert.equal(await judged({ ...rsaInput, certType: 'client' }), 'refused: error key-usage@0');
    for (const bits of [0x20, 0x08, 0x40]) {
      assert.equal(await judged(inputOf(await usage(bits))), 'refused: error key-usage@0');
    }
    assert.equal(await judged(inputOf(await usage(0xa0))), 'good: ');
  });

  it('judge() says that a certificate stands behind its CA, and not that its key is wrong', async () => {
    const wrong = { ...inputOf(good), certificate: f.pem(good.middle, good.leaf) };
    assert.equal(await judged(wrong), 'refused: error wrong-order');
    assert.equal(
      await judged({ ...wrong, certificate: f.pem(good.root, good.middle, good.leaf) }),
      'refused: error wrong-order',
    );
    const { key: _, ...withoutKey } = wrong;
    assert.equal(await judged(withoutKey), 'refused: error wrong-order');
    const other = await world();
    assert.match(await judged({ ...wrong, key: other.key }), /key-mismatch/);
  });

  it('judge() has missing names of a client as a warning, and names that are none against nobody', async () => {
    const client = await world({ leaf: { extensions: [f.extended(f.CLIENT), f.usage(0x80)] } });
    const input = { ...inputOf(client), certType: 'client' } as const;
    assert.equal(await judged(input), 'good: warning client-name-missing');
    const asked = { certType: 'client', ...NAMES } as const;
    assert.equal((await match({ certificate: f.pem(client.leaf), key: client.key, asked })())._tag, 'Right');
    const odd = { commonName: 'web.example', sans: ['', 'web.example:8443', 'DNS:web.example'] };
    assert.equal(
      await judged({ ...inputOf(good), names: odd }),
      `good: ${Array.from({ length: 3 }, () => 'warning name-unusable').join(', ')}`,
    );
    const missing = { commonName: 'web.example', sans: ['10.0.0.7'] };
    assert.equal(await judged({ ...inputOf(good), names: missing }), 'refused: error name-missing');
  });

  it('judge() says as which kind a name is there', async () => {
    const kinds = await world({ leaf: { extensions: [f.sans('dns:10.0.0.7', 'uri:web.example')] } });
    const { faults } = await judge({ ...inputOf(kinds), names: { commonName: 'web.example', sans: ['10.0.0.7'] } })();
    assert.deepEqual(faults, [
      { code: 'common-name-only', name: 'web.example' },
      { code: 'name-missing', name: '10.0.0.7', offeredAs: 'dns' },
    ]);
  });

  it('judge() tells of a private key in what everybody may read, and of values that cannot be read', async () => {
    assert.equal(
      await judged({ ...inputOf(good), certificate: f.pem(good.leaf) + good.key }),
      'refused: error private-key',
    );
    for (const certificate of ['', 'None', '["x"]', f.pem(good.leaf).slice(0, 200)]) {
      const judgement = await judge({ ...inputOf(good), certificate })();
      assert.deepEqual([judgement.verdict, judgement.certificate, judgement.path], ['refused', null, []]);
      assert.equal(shown(judgement.faults), 'error unreadable');
    }
    assert.match(await judged({ ...inputOf(good), ca: 'None' }), /^refused: error unreadable/);
    assert.match(await judged({ ...inputOf(await world({ leaf: { to: '2026-06-01' } })), ca: 'None' }), /expired@0/);
  });

  it('judge() never fails, and gives no key away', async () => {
    for (const text of HOSTILE.filter(({ length }) => length < 10_000)) {
      const input = {
        certificate: text,
        certType: 'server',
        names: { commonName: text, sans: [text] },
        key: text,
        chain: text,
        ca: text,
        now: NOW,
      } as const;
      assert.equal((await judge(input)()).verdict, 'refused');
    }
    const secret = good.key.split('\n')[1] ?? 'x';
    const swapped = await judge({ ...inputOf(good), certificate: good.key, ca: good.key, chain: good.key })();
    assert.ok(!JSON.stringify(swapped).includes(secret));
  });

  it('judgeCa() judges a CA by itself', async () => {
    const ca = (encoded: string, now: Date | null = NOW): string => {
      const { verdict, faults } = judgeCa(encoded, now);
      return `${verdict}: ${shown(faults)}`;
    };
    assert.equal(ca(f.pem(good.root)), 'good: ');
    assert.equal(ca(f.pem(good.root, good.middle)), 'good: ');
    assert.equal(ca(f.pem(good.leaf)), 'refused: error not-a-ca@0');
    assert.equal(ca(f.pem(good.root, good.leaf)), 'refused: error not-a-ca@1');
    assert.equal(ca(''), 'refused: error unreadable');
    assert.equal(ca(f.pem(good.root) + good.key), 'refused: error private-key');
    assert.equal(ca(f.pem(good.root), new Date('2031-01-01')), 'refused: error expired@0');
    assert.equal(ca(f.pem(good.root), new Date('2029-12-20')), 'good: warning ends-soon@0');
    assert.equal(ca(f.pem(good.root), null), 'good: ');
    const { signers: { root } } = good;
    const other = (change: Partial<f.Make>) => f.make({ ...root, issuer: root, extensions: CA, ...change });
    assert.equal(ca(f.pem(await other({ spki: rsa(128) }))), 'good: warning short-key@0');
    assert.match(ca(f.pem(await other({ spki: rsa(64) }))), /^refused: error own-key-too-short@0/);
    assert.equal(ca(f.pem(await other({ version: 0, extensions: [] }))), 'not-judged: not-judged ca-version-1@0');
    assert.equal(ca(f.pem(await other({ serial: f.der(2, 0xff) }))), 'good: warning serial-negative@0');
    assert.equal(ca(f.pem(await other({ serial: f.der(2, 1, new Uint8Array(20)) }))), 'good: ', 'nobody minds');
    assert.equal(ca(f.pem(await other({ algorithm: f.ECDSA_SHA1, hash: 'SHA-1' }))), 'good: ');
    assert.equal(
      ca(f.pem(await other({ extensions: [f.basic(true), f.usage(0x80)] }))),
      'refused: error may-not-sign@0',
    );
  });

  it('judgeChain() wants a chain that can be read, and nothing more', () => {
    const chain = (encoded: string): string => {
      const { verdict, faults } = judgeChain(encoded);
      return `${verdict}: ${shown(faults)}`;
    };
    assert.equal(chain(f.pem(good.middle, good.root, good.leaf)), 'good: ');
    assert.equal(chain('[]'), 'refused: error unreadable');
    assert.equal(chain(f.pem(good.middle) + good.key), 'refused: error private-key');
    assert.equal(chain(f.pem(good.middle).replaceAll('\n', '\r')), 'good: warning carriage-returns');
  });

  it('every severity is one of three, and weaknesses along a path name their certificate', async () => {
    for (const severity of Object.values(SEVERITIES)) assert.ok(['error', 'warning', 'not-judged'].includes(severity));
    const path =
      read(f.pem(good.leaf, await f.make({ ...good.signers.root, issuer: good.signers.root, spki: rsa(128) })))
        .certificates;
    assert.deepEqual(weakAlong(path), [{ code: 'short-key', bits: 1024, at: 1, name: 'CN=Root' }]);
  });
});
