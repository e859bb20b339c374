/**
 * The shared table of cases: what has to come out the same on Deno, Bun, Node, workerd and Chromium. It needs WebCrypto and no runtime's
 * own API; {@link run} gives the results, and whoever runs it compares.
 *
 * @module
 */
import * as x509 from '../../../core/x509/mod.ts';
import { PATHS } from './paths.ts';

/** A case: what is expected is plain text. */
export interface Case {
  readonly name: string;
  readonly expected: string;
  readonly result: () => Promise<string>;
}

export interface Result {
  readonly name: string;
  readonly expected: string;
  readonly result: string;
}

/** A verdict of `verify` in a few words. */
export const verdictOf = async (input: x509.VerifyInput): Promise<string> => {
  const verdict = await x509.verify(input)();
  if (verdict._tag === 'Right') return `ok ${verdict.right.length}`;
  return verdict.left.reasons
    .map((reason) =>
      'at' in reason
        ? `${reason.code}@${reason.at}`
        : 'fault' in reason
        ? `${reason.code}:${reason.fault.code}`
        : reason.code
    )
    .join(' ');
};

/** What is in an Either, or an error with what it is instead. */
export const right = <A>(
  either: { readonly _tag: 'Right'; readonly right: A } | { readonly _tag: 'Left'; readonly left: unknown },
): A => {
  if (either._tag === 'Right') return either.right;
  throw new Error(`expected a Right, got a Left of ${JSON.stringify(either.left)}`);
};

export const TERMS: x509.Terms = {
  notBefore: new Date('2026-11-24T00:00:00Z'),
  notAfter: new Date('2027-11-24T00:00:00Z'),
  random: (n) => crypto.getRandomValues(new Uint8Array(n)),
};

const LATER = new Date('2027-01-01T00:00:00Z');

/** A root of ours, an intermediate below it, and a certificate of one kind below that. */
export const issueAll = async (algorithm: x509.KeyAlgorithm, certType: x509.CertType) => {
  const keys = [];
  for (let i = 0; i < 3; i++) keys.push(right(await x509.generateKey(algorithm)()));
  const [rootKey, middleKey, key] = keys;
  if (rootKey === undefined || middleKey === undefined || key === undefined) throw new Error('expected three keys');
  const root = right(await x509.issueRoot({ commonName: 'Root', key: rootKey }, TERMS)());
  const middle = right(
    await x509.issue(
      { certType: 'intermediate', commonName: 'Intermediate', sans: [], holder: { key: middleKey }, pathLength: 1 },
      { certificate: root, key: rootKey },
      TERMS,
    )(),
  );
  const sans = certType === 'intermediate'
    ? []
    : ['b.example.com', '*.c.example.com', '10.0.0.7', 'fd00::7', 'bücher.example', 'spiffe://x/y'];
  const request = right(await x509.makeRequest({ commonName: 'a.example.com', sans, key })());
  const certificate = right(
    await x509.issue(
      { certType, commonName: 'a.example.com', sans, holder: { request } },
      { certificate: middle, key: middleKey },
      TERMS,
    )(),
  );
  return {
    root,
    middle,
    certificate,
    request,
    key,
    rootKey,
    middleKey,
    asked: { certType, commonName: 'a.example.com', sans },
  };
};

const issued = (algorithm: x509.KeyAlgorithm, certType: x509.CertType): Case => ({
  name: `${certType} certificates with ${algorithm} keys, issued from a request`,
  expected: 'ok 3 Right',
  result: async () => {
    const { root, middle, certificate, key, asked } = await issueAll(algorithm, certType);
    const verdict = await verdictOf({ certificate, chain: middle, ca: root, now: LATER, purpose: certType });
    return `${verdict} ${(await x509.match({ certificate, key, asked })())._tag}`;
  },
});

/** A name asked for, the names offered, and whether it is covered; `unusable` where no certificate can have it. */
const NAMES: ReadonlyArray<readonly [wanted: string, offered: string, isCovered: boolean | 'unusable']> = [
  ['web.example.com', 'dns:web.example.com', true],
  ['WEB.Example.com', 'dns:web.EXAMPLE.com', true],
  ['web.example.com.', 'dns:web.example.com', true],
  ['web.example.com', 'dns:web.example.com.', false],
  ['web.example.com', 'dns:*.example.com', true],
  ['a.web.example.com', 'dns:*.example.com', false],
  ['example.com', 'dns:*.example.com', false],
  ['web.example.com', 'dns:w*.example.com', false],
  ['web.example.com', 'dns:web.*.com', false],
  ['web.example.com', 'dns:*', false],
  ['example.com', 'dns:*.com', false],
  ['.example.com', 'dns:*.example.com', 'unusable'],
  ['*.example.com', 'dns:*.example.com', true],
  ['*.example.com', 'dns:web.example.com', false],
  ['*.a.example.com', 'dns:*.example.com', false],
  ['bücher.example', 'dns:xn--bcher-kva.example', true],
  ['BÜCHER.example', 'dns:XN--BCHER-KVA.example', true],
  ['xn--bcher-kva.example', 'dns:xn--bcher-kva.example', true],
  ['faß.example', 'dns:xn--fa-hia.example', true],
  ['bücher.web.example', 'dns:*.web.example', true],
  ['例え。テスト', 'dns:xn--r8jz45g.xn--zckzah', true],
  ['bücher.example/x', 'dns:xn--bcher-kva.example', 'unusable'],
  ['１０.0.0.7', 'ip:0a000007', 'unusable'],
  ['10.0.0.7', 'ip:0a000007', true],
  ['10.0.0.8', 'ip:0a000007', false],
  ['010.0.0.7', 'ip:0a000007', 'unusable'],
  ['10.0.7', 'ip:0a000007', 'unusable'],
  ['0x0a000007', 'ip:0a000007', 'unusable'],
  ['10.0.0.7', 'dns:10.0.0.7', false],
  ['10.0.0.7', 'dns:*.0.0.7', false],
  ['fd00::7', 'ip:fd000000000000000000000000000007', true],
  ['FD00:0:0:0:0:0:0:7', 'ip:fd000000000000000000000000000007', true],
  ['fd00::0.0.0.7', 'ip:fd000000000000000000000000000007', true],
  ['[fd00::7]', 'ip:fd000000000000000000000000000007', 'unusable'],
  ['fd00::7%eth0', 'ip:fd000000000000000000000000000007', 'unusable'],
  ['::ffff:10.0.0.7', 'ip:0a000007', false],
  ['::', 'ip:00000000000000000000000000000000', true],
  ['1::', 'ip:00010000000000000000000000000000', true],
  ['a@Example.com', 'email:a@example.COM', true],
  ['A@example.com', 'email:a@example.com', false],
  ['spiffe://x/y', 'uri:spiffe://x/y', true],
  ['spiffe://x/Y', 'uri:spiffe://x/y', false],
  ['SPIFFE://X/y', 'uri:spiffe://x/y', true],
  ['web.example.com', 'uri:web.example.com', false],
  ['web.example.com', 'uri:https://web.example.com/', false],
  ['https://web.example.com/', 'dns:web.example.com', false],
  ['urn:uuid:1', 'uri:urn:uuid:1', true],
  ['web.example.com:443', 'uri:web.example.com:443', 'unusable'],
  ['"a"@example.com', 'email:a@example.com', true],
  ['a@example.com', 'dns:a@example.com', false],
  ['10.0.0.7', 'uri:10.0.0.7', false],
  ['my_host', 'dns:my_host', true],
  ['web example', 'dns:Web Example', true],
  ['web.example.com\u0000.evil', 'dns:web.example.com', 'unusable'],
  ['', 'dns:', true],
];

const matched: ReadonlyArray<Case> = NAMES.map(([wanted, offered, isCovered]) => ({
  name: `${JSON.stringify(wanted)} asked for, ${offered} offered`,
  expected: isCovered === 'unusable' ? 'name-unusable' : isCovered ? '' : 'name-missing',
  result: async () => {
    const f = await import('./forge.ts');
    const self = { subject: f.name('Our x'), keys: await f.newKeys() };
    const [description] =
      x509.describe(await f.make({ ...self, issuer: self, extensions: [f.sans(offered)] })).certificates;
    if (description === undefined) return 'unreadable';
    const asked = { certType: 'server', commonName: 'Our x', sans: [wanted] } as const;
    return x509.mismatches(description, asked).map(({ code }) => code).join(' ');
  },
}));

/** All cases. */
export const CASES: ReadonlyArray<Case> = [
  ...PATHS.map(({ name, verdict, input }) => ({
    name,
    expected: verdict,
    result: async () => verdictOf(await input()),
  })),
  ...matched,
  ...(['server', 'client', 'application', 'intermediate'] as const).map((certType) => issued('P-256', certType)),
  ...(['P-384', 'P-521', 'Ed25519', 'RSA-2048'] as const).map((algorithm) => issued(algorithm, 'server')),
];

/** Runs all cases, one after the other; what throws is a result too. */
export const run = async (): Promise<ReadonlyArray<Result>> => {
  const results: Array<Result> = [];
  for (const { name, expected, result } of CASES) {
    const outcome = await result().catch((error: unknown) => `threw ${String(error)}`);
    results.push({ name, expected, result: outcome });
  }
  return results;
};
