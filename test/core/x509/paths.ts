/**
 * Good and bad paths, one for each rule of RFC 5280 section 6 that is implemented, with the verdict each has to get. Anything that has
 * WebCrypto can run them.
 *
 * @module
 */
import type { VerifyInput } from '../../../core/x509/mod.ts';
import * as f from './forge.ts';

/** A path and its verdict: `ok` with the number of certificates, or codes with their places, e.g. `expired@0`. */
export interface PathCase {
  readonly name: string;
  readonly input: () => Promise<VerifyInput>;
  readonly verdict: string;
  /** Where OpenSSL judges otherwise, why that is so. */
  readonly openssl?: string;
}

const NOW = new Date('2027-01-01T00:00:00Z');

type Change = Partial<f.Make>;

const CA = [f.basic(true), f.usage(0x06)];
const LEAF = [f.extended(f.SERVER), f.usage(0x80), f.sans('dns:web.example.com')];

/** Root, intermediate and leaf, each with what is to be different about it. */
const three = async (root: Change = {}, middle: Change = {}, leaf: Change = {}) => {
  const keys = await Promise.all([f.newKeys(), f.newKeys(), f.newKeys()]);
  const self = { subject: root.subject ?? f.name('Root'), keys: root.keys ?? keys[0] };
  const rootDer = await f.make({ ...self, issuer: self, extensions: CA, ...root });
  const inter = { subject: middle.subject ?? f.name('Intermediate'), keys: middle.keys ?? keys[1] };
  const middleDer = await f.make({ ...inter, issuer: self, extensions: CA, ...middle });
  const leafDer = await f.make({ subject: f.name('Leaf'), keys: keys[2], issuer: inter, extensions: LEAF, ...leaf });
  return { rootDer, middleDer, leafDer, root: self, middle: inter };
};

const usual = ({ rootDer, middleDer, leafDer }: Awaited<ReturnType<typeof three>>): VerifyInput => ({
  certificate: f.pem(leafDer),
  chain: f.pem(middleDer),
  ca: f.pem(rootDer),
  now: NOW,
  purpose: 'server',
});

const changed = (
  name: string,
  verdict: string,
  changes: { readonly root?: Change; readonly middle?: Change; readonly leaf?: Change },
  input: Partial<VerifyInput> = {},
  openssl?: string,
): PathCase => ({
  name,
  verdict,
  input: async () => ({ ...usual(await three(changes.root, changes.middle, changes.leaf)), ...input }),
  ...(openssl === undefined ? {} : { openssl }),
});

const withExtensions = (base: ReadonlyArray<f.Der>, ...more: ReadonlyArray<f.Der>): Change => ({
  extensions: [...base, ...more],
});

const UNKNOWN = f.extension('1.2.3.4', f.der(5), true);

const arranged = (
  name: string,
  verdict: string,
  input: () => Promise<VerifyInput>,
  openssl?: string,
): PathCase => ({ name, verdict, input, ...(openssl === undefined ? {} : { openssl }) });

const GOOD: ReadonlyArray<PathCase> = [
  changed('a path of three', 'ok 3', {}),
  arranged('the root in the chain, everything twice and in disorder', 'ok 3', async () => {
    const w = await three();
    return { ...usual(w), chain: f.pem(w.rootDer, w.middleDer, w.leafDer, w.rootDer, w.middleDer) };
  }),
  arranged('the chain inside of the certificate', 'ok 3', async () => {
    const w = await three();
    return { certificate: f.pem(w.leafDer, w.middleDer, w.rootDer), ca: f.pem(w.rootDer), now: NOW, purpose: 'server' };
  }),
  arranged('strangers in the chain', 'ok 3', async () => {
    const [w, other] = [await three(), await three()];
    return { ...usual(w), chain: f.pem(other.rootDer, other.middleDer, w.middleDer, other.leafDer) };
  }, 'it takes the first issuer of that name and does not go back'),
  arranged('a stranger of the same name before the CA', 'ok 3', async () => {
    const [w, other] = [await three(), await three()];
    return { ...usual(w), ca: f.pem(other.rootDer, w.rootDer) };
  }, 'it takes the first issuer of that name and does not go back'),
  arranged('an expired issuer beside a good one with the same key', 'ok 3', async () => {
    const w = await three();
    const old = await f.make({ ...w.middle, issuer: w.root, extensions: CA, to: '2026-06-01' });
    return { ...usual(w), chain: f.pem(old, w.middleDer) };
  }),
  arranged('DER instead of PEM', 'ok 3', async () => {
    const w = await three();
    return { certificate: w.leafDer, chain: w.middleDer, ca: w.rootDer, now: NOW };
  }),
  arranged('a certificate that is the CA itself', 'ok 1', async () => {
    const { rootDer } = await three();
    return { certificate: f.pem(rootDer), ca: f.pem(rootDer), now: NOW };
  }),
  changed('dates outside of validity, without a present', 'ok 3', { leaf: { to: '2026-02-01' } }, {
    now: undefined as never,
  }),
  changed(
    'the last second of validity',
    'ok 3',
    { leaf: { to: '2027-01-01T00:00:00' } },
    {},
    'RFC 5280 section 4.1.2.5 counts it in',
  ),
  changed('names that differ in case, blanks and string type', 'ok 3', {
    middle: { subject: f.name('Our  Intermediate CA') },
    leaf: { issuerName: f.name(f.printable('our intermediate  ca ')) },
  }),
  changed(
    'names that differ in letters and blanks beyond ASCII',
    'ok 3',
    {
      middle: { subject: f.name('\u00c4mter\u00a0CA') },
      leaf: { issuerName: f.name('a\u0308mter  ca') },
    },
    {},
    'it folds ASCII only, where RFC 5280 section 7.1 has more',
  ),
  changed('a self-issued CA below a path length of 0', 'ok 3', {
    root: withExtensions([f.basic(true, 0), f.usage(0x06)], f.keyId('aa')),
    middle: { subject: f.name('Root'), ...withExtensions(CA, f.keyId('bb'), f.issuerKeyId('aa')) },
    leaf: { issuerName: f.name('Root'), ...withExtensions(LEAF, f.issuerKeyId('bb')) },
  }),
  changed('a path length that is just enough', 'ok 3', { root: withExtensions([f.basic(true, 1), f.usage(0x06)]) }),
  changed('a CA without key usage', 'ok 3', { middle: { extensions: [f.basic(true)] } }),
  changed('CAs with purposes that include the certificate’s', 'ok 3', {
    middle: withExtensions(CA, f.extended(f.CLIENT, f.SERVER)),
  }),
  changed('an extension that is not known and not critical', 'ok 3', {
    leaf: withExtensions(LEAF, f.extension('1.2.3.4', f.der(5))),
  }),
  changed('a root signed over SHA-1', 'ok 3', { root: { algorithm: f.ECDSA_SHA1, hash: 'SHA-1' } }),
  changed('an intermediate CA asked for', 'ok 3', { leaf: { extensions: CA } }, { purpose: 'intermediate' }),
  changed('key identifiers that agree', 'ok 3', {
    root: withExtensions(CA, f.keyId('aa'), f.issuerKeyId('aa')),
    middle: withExtensions(CA, f.keyId('bb'), f.issuerKeyId('aa')),
    leaf: withExtensions(LEAF, f.issuerKeyId('bb')),
  }),
];

const BAD: ReadonlyArray<PathCase> = [
  // 6.1.3 a 1: signatures.
  changed('a broken signature of the leaf', 'signature-invalid@0', { leaf: { breakSignature: true } }),
  changed('a broken signature of the intermediate', 'signature-invalid@1', { middle: { breakSignature: true } }),
  changed(
    'a broken signature of the root on itself',
    'signature-invalid@2',
    { root: { breakSignature: true } },
    {},
    'it does not check what trust does not rest on',
  ),
  changed(
    'a leaf signed over SHA-1',
    'signature-hash-broken@0',
    { leaf: { algorithm: f.ECDSA_SHA1, hash: 'SHA-1' } },
    {},
    'its security level is 0 here; in TLS it is 1 and refuses',
  ),
  changed('an algorithm that nobody knows', 'signature-algorithm-unsupported@0', {
    leaf: { algorithm: f.der(0x30, f.oid('1.2.3.5')) },
  }),
  changed('another algorithm outside than inside', 'unreadable:malformed', { leaf: { outerAlgorithm: f.ECDSA_SHA1 } }),
  changed('an issuer with an RSA key of 512 bits', 'key-too-short@0', {
    middle: {
      spki: f.der(
        0x30,
        f.der(0x30, f.oid('1.2.840.113549.1.1.1'), f.der(5)),
        f.der(3, 0, f.der(0x30, f.der(2, 0, new Uint8Array(64).fill(0xff)), f.der(2, 1, 0, 1))),
      ),
    },
  }),
  arranged('an issuer of the same name with another key', 'signature-invalid@0', async () => {
    const [w, other] = [await three(), await three()];
    return { ...usual(w), chain: f.pem(other.middleDer), ca: f.pem(other.rootDer) };
  }),
  // 6.1.3 a 2: dates.
  changed('an expired leaf', 'expired@0', { leaf: { to: '2026-06-01' } }),
  changed('an expired intermediate', 'expired@1', { middle: { to: '2026-06-01' } }),
  changed('an expired root', 'expired@2', { root: { to: '2026-06-01' } }),
  changed('a leaf of the future', 'not-yet-valid@0', { leaf: { from: '2028-01-01' } }),
  changed('a leaf that ended a second ago', 'expired@0', { leaf: { to: '2026-12-31T23:59:59' } }),
  changed('no moment at all', 'time-invalid', {}, { now: new Date('oops') }),
  // 6.1.3 a 4: names chain.
  changed('an issuer that is not there', 'issuer-not-found@0', { leaf: { issuerName: f.name('Somebody else') } }),
  changed('an issuer whose name only begins alike', 'issuer-not-found@0', {
    leaf: { issuerName: f.name('Intermediate', 'x') },
  }),
  changed('a key identifier that is another’s', 'key-identifier-mismatch@0', {
    middle: withExtensions(CA, f.keyId('bb')),
    leaf: withExtensions(LEAF, f.issuerKeyId('cc')),
  }),
  changed(
    'a CA without a name',
    'empty-name@1',
    { middle: { subject: f.name() }, leaf: { issuerName: f.name() } },
    {},
    'only -x509_strict minds',
  ),
  arranged('another root', 'ca-not-trusted@2', async () => {
    const [w, other] = [await three(), await three({ subject: f.name('Other root') })];
    return { ...usual(w), chain: f.pem(w.middleDer, w.rootDer), ca: f.pem(other.rootDer) };
  }),
  arranged('no root at all', 'issuer-not-found@1', async () => {
    const [w, other] = [await three(), await three({ subject: f.name('Other root') })];
    return { ...usual(w), ca: f.pem(other.rootDer) };
  }),
  arranged('an intermediate in the place of the root', 'ca-not-a-root@1', async () => {
    const w = await three();
    return { ...usual(w), ca: f.pem(w.middleDer) };
  }),
  arranged('two that issued each other', 'loop@1', async () => {
    const w = await three();
    const back = await f.make({ ...w.middle, issuer: { subject: f.name('Leaf'), keys: w.root.keys }, extensions: CA });
    const leaf = await f.make({ subject: f.name('Leaf'), keys: w.root.keys, issuer: w.middle, extensions: LEAF });
    return { ...usual(w), certificate: f.pem(leaf), chain: f.pem(back) };
  }),
  // 6.1.4 k and n: CAs.
  changed('an intermediate without basic constraints', 'not-a-ca@1', { middle: { extensions: [f.usage(0x06)] } }),
  changed('an intermediate that is no CA', 'not-a-ca@1', { middle: { extensions: [f.basic(false), f.usage(0x06)] } }),
  changed('a root that is no CA', 'not-a-ca@2', { root: { extensions: [f.basic(false)] } }),
  changed('an intermediate of version 1', 'not-a-ca@1', { middle: { extensions: [], version: 0 } }),
  changed(
    'a root of version 1',
    'ca-version-1@2',
    { root: { extensions: [], version: 0 } },
    {},
    'it takes roots of version 1',
  ),
  changed('an intermediate that may not sign', 'may-not-sign@1', {
    middle: { extensions: [f.basic(true), f.usage(0x80)] },
  }),
  changed('a root that may not sign', 'may-not-sign@2', { root: { extensions: [f.basic(true), f.usage(0x02)] } }),
  // 6.1.4 l and m: path length.
  changed('more CAs than the root allows', 'path-length-exceeded@1', {
    root: withExtensions([f.basic(true, 0), f.usage(0x06)]),
  }),
  changed(
    'a CA asked for where none may be',
    'path-length-exceeded@0',
    {
      middle: { extensions: [f.basic(true, 0), f.usage(0x06)] },
      leaf: { extensions: CA },
    },
    { purpose: 'intermediate' },
    'the last certificate does not count for it',
  ),
  arranged('a path of thirteen', 'path-too-long@11', async () => {
    let issuer = { subject: f.name('CA 0'), keys: await f.newKeys() };
    const ders = [await f.make({ ...issuer, issuer, extensions: CA })];
    for (let i = 1; i <= 12; i++) {
      const next = { subject: f.name(`CA ${i}`), keys: await f.newKeys() };
      ders.push(await f.make({ ...next, issuer, extensions: CA }));
      issuer = next;
    }
    const [root, ...rest] = ders;
    return {
      certificate: f.pem(...rest.slice(-1)),
      chain: f.pem(...rest.slice(0, -1)),
      ca: f.pem(root ?? f.der(5)),
      now: NOW,
    };
  }, 'its limit is 100'),
  // 6.1.4 o and 6.1.5 f: critical extensions.
  changed('an unknown critical extension of the leaf', 'unknown-critical-extension@0', {
    leaf: withExtensions(LEAF, UNKNOWN),
  }),
  changed('an unknown critical extension of the intermediate', 'unknown-critical-extension@1', {
    middle: withExtensions(CA, UNKNOWN),
  }),
  changed('an unknown critical extension of the root', 'unknown-critical-extension@2', {
    root: withExtensions(CA, UNKNOWN),
  }),
  // Purposes.
  changed('a leaf for clients', 'not-for-servers@0', { leaf: { extensions: [f.extended(f.CLIENT)] } }),
  changed('a leaf for servers', 'not-for-clients@0', {}, { purpose: 'client' }),
  changed('a leaf for any purpose', 'not-for-servers@0', { leaf: { extensions: [f.extended(f.ANY)] } }),
  changed('a leaf whose key may only sign others', 'key-usage@0', { leaf: { extensions: [f.usage(0x04)] } }),
  changed('an intermediate for clients', 'not-for-servers@1', { middle: withExtensions(CA, f.extended(f.CLIENT)) }),
  changed('an intermediate for any purpose', 'not-for-servers@1', { middle: withExtensions(CA, f.extended(f.ANY)) }),
  changed(
    'a leaf where a CA was asked for',
    'not-a-ca@0',
    {},
    { purpose: 'intermediate' },
    'it is not told that a CA was asked for',
  ),
  changed(
    'a CA that may not sign where one was asked for',
    'may-not-sign@0',
    { leaf: { extensions: [f.basic(true), f.usage(0x80)] } },
    { purpose: 'intermediate' },
    'it is not told that a CA was asked for',
  ),
  // Several at once, in the order of the path.
  changed('all that is wrong at once', 'expired@0 not-a-ca@1 expired@2', {
    leaf: { to: '2026-06-01' },
    middle: { extensions: [] },
    root: { to: '2026-06-01' },
  }),
  // Nothing to go by.
  changed('no certificate', 'unreadable:no-certificate', {}, { certificate: '' }),
  changed('a certificate that is cut off', 'unreadable:unfinished', {}, {
    certificate: '-----BEGIN CERTIFICATE-----\nMIIB',
  }),
  changed('no CA', 'unreadable:no-certificate', {}, { ca: '' }),
  changed('an extension that is there twice', 'unreadable:malformed', {
    leaf: { extensions: [f.basic(false), f.basic(true)] },
  }),
  changed('a broken chain', 'issuer-not-found@0 unreadable:not-base64', {}, {
    chain: '-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n',
  }),
];

/** Constraints of the intermediate (permitted, excluded), names of the leaf, and what comes of it. */
const CONSTRAINTS: ReadonlyArray<
  readonly [
    permitted: ReadonlyArray<string>,
    excluded: ReadonlyArray<string>,
    names: ReadonlyArray<string>,
    verdict: 'ok 3' | 'name-not-permitted@0' | 'name-excluded@0' | 'name-not-comparable@0' | 'unreadable:malformed',
    openssl?: string,
  ]
> = [
  [['dns:example.com'], [], ['dns:example.com', 'dns:a.b.EXAMPLE.com', 'dns:*.example.com'], 'ok 3'],
  [['dns:example.com'], [], ['dns:badexample.com'], 'name-not-permitted@0'],
  [['dns:example.com'], [], ['dns:a.example.com', 'dns:example.org'], 'name-not-permitted@0'],
  [['dns:example.com'], [], ['dns:example.com.'], 'name-not-comparable@0'],
  [['dns:.example.com'], [], ['dns:a.example.com'], 'ok 3'],
  [['dns:.example.com'], [], ['dns:example.com'], 'name-not-permitted@0'],
  [['dns:a.example.com', 'dns:b.example.com'], [], ['dns:b.example.com'], 'ok 3'],
  [['dns:example.com'], [], ['ip:0a000007'], 'ok 3'],
  [['dns:example.com'], ['dns:x.example.com'], ['dns:y.x.example.com'], 'name-excluded@0'],
  [[], ['dns:example.com'], ['dns:example.com'], 'name-excluded@0'],
  [[], ['dns:example.com'], ['dns:a.Example.COM'], 'name-excluded@0'],
  [[], ['dns:x.example.com'], ['dns:*.example.com'], 'name-excluded@0', 'it does not see what a wildcard stands for'],
  [[], ['dns:a.x.example.com'], ['dns:*.example.com'], 'ok 3'],
  [[], ['dns:.example.com'], ['dns:example.com'], 'name-excluded@0', 'the dot leaves the base itself out'],
  [[], ['dns:example.com'], ['dns:example.com\u0000.evil'], 'name-not-comparable@0', 'it compares bytes'],
  [[], ['dns:'], ['dns:a.example'], 'name-excluded@0'],
  [['ip:0a000000ff000000'], [], ['ip:0a010203'], 'ok 3'],
  [['ip:0a000000ff000000'], [], ['ip:0b010203'], 'name-not-permitted@0'],
  [['ip:0a000000ff000000'], [], ['ip:fd000000000000000000000000000007'], 'name-not-permitted@0'],
  [[], ['ip:0a000000ff000000'], ['ip:0a010203'], 'name-excluded@0'],
  [
    [],
    ['ip:0a000000ff000000'],
    ['ip:00000000000000000000ffff0a010203'],
    'name-excluded@0',
    'it compares addresses of one kind only',
  ],
  [[], ['ip:0a000000ff00ff00'], ['ip:0b010203'], 'name-not-comparable@0', 'it takes masks with holes'],
  [['ip:0a0000'], [], ['ip:0a010203'], 'name-not-comparable@0'],
  [
    ['ip:fd000000000000000000000000000000ffff0000000000000000000000000000'],
    [],
    ['ip:fd000000000000000000000000000007'],
    'ok 3',
  ],
  [['email:example.com'], [], ['email:a@example.com'], 'ok 3'],
  [['email:example.com'], [], ['email:a@b.example.com'], 'name-not-permitted@0'],
  [['email:.example.com'], [], ['email:a@b.example.com'], 'ok 3'],
  [['email:a@example.com'], [], ['email:A@example.com'], 'name-not-permitted@0'],
  [
    [],
    ['email:a@example.com'],
    ['email:A@EXAMPLE.com'],
    'name-excluded@0',
    'mailboxes differ in case, as RFC 5280 has it',
  ],
  [[], ['email:example.com'], ['email:no mailbox'], 'name-not-comparable@0'],
  [
    ['email:example.com'],
    [],
    ['email:a@evil.example@example.com'],
    'name-not-comparable@0',
    'it looks at what is behind the last',
  ],
  [
    [],
    ['email:evil.example'],
    ['email:a@evil.example@example.com'],
    'name-not-comparable@0',
    'it looks at what is behind the last',
  ],
  [['email:example.com'], [], ['email:"a@evil.example"@example.com'], 'ok 3'],
  [
    ['email:example.com'],
    [],
    ['email:a..b@example.com'],
    'name-not-comparable@0',
    'it does not look at what is before the host',
  ],
  [
    ['email:example.com'],
    [],
    ['email:@example.com'],
    'name-not-comparable@0',
    'it does not look at what is before the host',
  ],
  [['email:example.com'], [], ['email:example.com'], 'name-not-comparable@0'],
  [['email:example.com'], [], ['email:a@example.com.'], 'name-not-comparable@0'],
  [['email:a@example.com'], [], ['email:"a"@example.com'], 'ok 3', 'it compares the text'],
  [['email:a@b@example.com'], [], ['email:a@example.com'], 'name-not-comparable@0'],
  [['dns:example.com'], [], ['uri:https://evil.example/', 'dns:a.example.com'], 'ok 3'],
  [['uri:example.com'], [], ['uri:web.example.com'], 'name-not-comparable@0'],
  [[], ['uri:example.com'], ['uri:web.example.com'], 'name-not-comparable@0'],
  [['uri:example.com'], [], ['uri:https://example.com/x'], 'ok 3'],
  [['uri:example.com'], [], ['uri:https://a.example.com/x'], 'name-not-permitted@0'],
  [['uri:.example.com'], [], ['uri:https://a.example.com:8443/?x'], 'ok 3'],
  [['uri:.example.com'], [], ['uri:https://u:p@a.example.com/'], 'name-not-comparable@0'],
  [[], ['uri:example.com'], ['uri:https://10.0.0.7/'], 'name-not-comparable@0', 'it takes an address for a name'],
  [[], ['uri:example.com'], ['uri:urn:uuid:1'], 'name-not-comparable@0'],
  [
    [],
    ['uri:example.com'],
    ['uri:https://example.org\\@example.com/'],
    'name-not-comparable@0',
    'it sees a host nobody can name',
  ],
  [['cn:Leaf'], [], ['dns:a.example'], 'ok 3'],
  [['cn:leaf '], [], ['cn:LEAF'], 'ok 3'],
  [['cn:Other'], [], ['dns:a.example'], 'name-not-permitted@0'],
  [[], ['cn:Other'], ['cn:other'], 'name-excluded@0'],
  [['email:example.com'], [], ['other:1.3.6.1.5.5.7.8.9'], 'name-not-comparable@0'],
  [['id:1.2.3'], [], ['id:1.2.3'], 'name-not-comparable@0'],
  [['other:1.2.3'], [], ['other:1.2.3'], 'name-not-comparable@0'],
  [['other:1.2.3'], [], ['dns:a.example'], 'ok 3'],
];

const constrained: ReadonlyArray<PathCase> = CONSTRAINTS.map(([permitted, excluded, names, verdict, openssl]) =>
  changed(
    `constraints ${[...permitted.map((text) => `+${text}`), ...excluded.map((text) => `-${text}`)].join(' ')} on ${
      names.join(' ')
    }`
      .replace('\u0000', '\\0'),
    verdict,
    {
      middle: withExtensions(CA, f.constraints(permitted, excluded)),
      leaf: { extensions: [f.sans(...names)] },
    },
    {},
    openssl,
  )
);

const MORE_CONSTRAINTS: ReadonlyArray<PathCase> = [
  changed('constraints of the root on the intermediate', 'name-not-permitted@1', {
    root: withExtensions(CA, f.constraints(['cn:Leaf'])),
  }),
  changed('constraints of the root that leave a self-issued intermediate out', 'ok 3', {
    root: withExtensions(CA, f.constraints(['cn:Leaf']), f.keyId('aa')),
    middle: { subject: f.name('Root'), ...withExtensions(CA, f.keyId('bb'), f.issuerKeyId('aa')) },
    leaf: { issuerName: f.name('Root'), ...withExtensions(LEAF, f.issuerKeyId('bb')) },
  }),
  changed('constraints that have to hold together', 'name-not-permitted@0', {
    root: withExtensions(CA, f.constraints(['dns:example.com'])),
    middle: withExtensions(CA, f.constraints(['dns:example.org'])),
  }),
  changed('a subtree with a minimum', 'name-not-comparable@0', {
    middle: withExtensions(CA, f.constraints(['dns:example.com'], [], f.der(0x80, 1))),
  }),
  changed('an e-mail address in the subject', 'name-not-permitted@0', {
    middle: withExtensions(CA, f.constraints(['email:example.com'])),
    leaf: { subject: f.name('Leaf', f.email('a@example.org')) },
  }),
  changed('a host in the common name where no alternative name says better', 'name-excluded@0', {
    middle: withExtensions(CA, f.constraints([], ['dns:example.com'])),
    leaf: { subject: f.name('web.example.com'), extensions: [f.extended(f.SERVER)] },
  }),
  changed(
    'an address in the common name where no alternative name says better',
    'name-excluded@0',
    {
      middle: withExtensions(CA, f.constraints([], ['ip:0a000000ff000000'])),
      leaf: { subject: f.name('10.0.0.7'), extensions: [f.extended(f.SERVER)] },
    },
    {},
    'it looks for host names only',
  ),
  changed(
    'constraints that constrain nothing',
    'issuer-not-found@0 unreadable:malformed',
    {
      middle: withExtensions(CA, f.constraints([])),
    },
    {},
    'only -x509_strict minds',
  ),
];

/** Certificate policies, each with its qualifiers in DER. */
const policies = (critical: boolean, ...ids: ReadonlyArray<string>): f.Der =>
  f.extension('2.5.29.32', f.der(0x30, ...ids.map((id) => f.der(0x30, f.oid(id)))), critical);
const qualified = (id: string): f.Der =>
  f.extension(
    '2.5.29.32',
    f.der(0x30, f.der(0x30, f.oid('1.2.3'), f.der(0x30, f.der(0x30, f.oid(id), f.der(0x16, 0x78))))),
    true,
  );
const EXPLICIT = f.extension('2.5.29.36', f.der(0x30, f.der(0x80, 0)), true);
const INHIBIT_ANY = f.extension('2.5.29.54', f.der(2, 0), true);
const mappings = (from: string, to: string): f.Der =>
  f.extension('2.5.29.33', f.der(0x30, f.der(0x30, f.oid(from), f.oid(to))), true);
const LAX = 'it processes policies only where it is asked to, and Go always does';

const POLICIES: ReadonlyArray<PathCase> = [
  changed('critical policies, as corporate CAs have them', 'ok 3', {
    middle: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT, INHIBIT_ANY),
    leaf: withExtensions(LEAF, policies(true, '1.2.3')),
  }),
  changed('constraints of policies where there is no policy', 'ok 3', {
    middle: withExtensions(CA, f.extension('2.5.29.36', f.der(0x30, f.der(0x81, 0)), true), INHIBIT_ANY),
  }),
  changed('a CA for any policy that demands one', 'ok 3', {
    middle: withExtensions(CA, policies(false, '2.5.29.32.0'), EXPLICIT),
    leaf: withExtensions(LEAF, policies(false, '1.2.3')),
  }),
  changed(
    'a policy that is demanded and not there',
    'no-valid-policy@0',
    {
      middle: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT),
    },
    {},
    LAX,
  ),
  changed(
    'another policy than is demanded',
    'no-valid-policy@0',
    {
      middle: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT),
      leaf: withExtensions(LEAF, policies(true, '1.2.4')),
    },
    {},
    LAX,
  ),
  changed(
    'any-policy where it is inhibited',
    'no-valid-policy@0',
    {
      middle: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT, INHIBIT_ANY),
      leaf: withExtensions(LEAF, policies(true, '2.5.29.32.0')),
    },
    {},
    LAX,
  ),
  changed('a policy that stands for the one that is demanded', 'ok 3', {
    middle: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT, mappings('1.2.3', '1.2.4')),
    leaf: withExtensions(LEAF, policies(true, '1.2.4')),
  }),
  changed(
    'a mapping to any-policy',
    'policy-mapping-invalid@1',
    {
      middle: withExtensions(CA, policies(true, '1.2.3'), mappings('1.2.3', '2.5.29.32.0')),
    },
    {},
    LAX,
  ),
  changed('what the root demands does not count', 'ok 3', {
    root: withExtensions(CA, policies(true, '1.2.3'), EXPLICIT),
  }),
  changed('a critical policy with a pointer to its text', 'ok 3', {
    leaf: withExtensions(LEAF, qualified('1.3.6.1.5.5.7.2.1')),
  }),
  changed(
    'a critical policy with a qualifier that nobody knows',
    'unknown-critical-extension@0',
    {
      leaf: withExtensions(LEAF, qualified('1.2.9')),
    },
    {},
    'it does not look at qualifiers',
  ),
  changed(
    'the same policy twice',
    'unreadable:malformed',
    {
      leaf: withExtensions(LEAF, policies(false, '1.2.3', '1.2.3')),
    },
    {},
    LAX,
  ),
  changed('policies that are none', 'unreadable:malformed', { leaf: withExtensions(LEAF, policies(false)) }, {}, LAX),
  changed(
    'a number of certificates below zero',
    'unreadable:malformed',
    {
      leaf: withExtensions(LEAF, f.extension('2.5.29.54', f.der(2, 0xff), true)),
    },
    {},
    LAX,
  ),
];

const critical = (id: string, value: f.Der): f.Der => f.extension(id, value, true);
const LIST = critical(
  '2.5.29.31',
  f.der(0x30, f.der(0x30, f.der(0xa0, f.der(0xa0, f.general('uri:http://a.example/'))))),
);

const CRITICAL: ReadonlyArray<PathCase> = [
  changed('a critical key identifier of the leaf', 'critical-key-identifier@0', {
    leaf: withExtensions(LEAF, critical('2.5.29.14', f.der(4, 1))),
  }),
  changed('a critical key identifier of the intermediate', 'critical-key-identifier@1', {
    middle: withExtensions(CA, critical('2.5.29.14', f.der(4, 1))),
  }),
  changed('a critical identifier of the issuer’s key', 'critical-key-identifier@0', {
    leaf: withExtensions(LEAF, critical('2.5.29.35', f.der(0x30, f.der(0x80, 1)))),
  }),
  changed('a critical identifier of the root’s own issuer', 'critical-key-identifier@2', {
    root: withExtensions(CA, critical('2.5.29.35', f.der(0x30, f.der(0x80, 1)))),
  }),
  changed(
    'critical places of revocation lists',
    'extension-not-judged@0',
    { leaf: withExtensions(LEAF, LIST) },
    {},
    'it knows them',
  ),
  changed(
    'the same of an intermediate',
    'extension-not-judged@1',
    { middle: withExtensions(CA, LIST) },
    {},
    'it knows them',
  ),
  changed(
    'places of revocation lists that are not critical',
    'ok 3',
    {
      leaf: withExtensions(LEAF, f.extension('2.5.29.31', f.der(0x30))),
    },
  ),
  changed(
    'an EC key that may only decipher',
    'key-usage@0',
    { leaf: { extensions: [f.usage(0x20), f.sans('dns:a.example')] } },
    {},
    'it takes it, and TLS 1.3 does not',
  ),
];

/** All paths. */
export const PATHS: ReadonlyArray<PathCase> = [
  ...GOOD,
  ...BAD,
  ...constrained,
  ...MORE_CONSTRAINTS,
  ...POLICIES,
  ...CRITICAL,
];
