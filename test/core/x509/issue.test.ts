/**
 * Issuing: OpenSSL takes what we issue, and we take what OpenSSL asks for; what could not be verified is not issued.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type CertType,
  describe as read,
  issue,
  issueRoot,
  type KeyAlgorithm,
  makeRequest,
  match,
  type NewCertificate,
  readRequest,
  type Terms,
} from '../../../core/x509/mod.ts';
import { readPem, writePem } from '../../../core/x509/pem.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { issueAll, right, TERMS, verdictOf } from './cases.ts';
import * as f from './forge.ts';
import { inFolder, without } from './openssl.ts';

const ISSUED: ReadonlyArray<readonly [KeyAlgorithm, CertType]> = [
  ['P-256', 'server'],
  ['P-256', 'client'],
  ['P-256', 'application'],
  ['P-256', 'intermediate'],
  ['P-384', 'server'],
  ['P-521', 'server'],
  ['Ed25519', 'server'],
  ['RSA-2048', 'server'],
];

const codeOf = (
  result: { readonly _tag: 'Right' } | { readonly _tag: 'Left'; readonly left: { readonly code: string } },
): string => result._tag === 'Right' ? 'issued' : result.left.code;

describe('issuing', () => {
  let good: Awaited<ReturnType<typeof issueAll>>;
  before(async () => {
    good = await issueAll('P-256', 'server');
  });

  const wanted = (change: Partial<NewCertificate> = {}): NewCertificate => ({
    certType: 'server',
    commonName: 'a.example',
    sans: [],
    holder: { key: good.key },
    ...change,
  });
  const authority = () => ({ certificate: good.root, key: good.rootKey });

  for (const [algorithm, certType] of ISSUED) {
    it(`issue() makes ${certType} certificates with ${algorithm} keys that OpenSSL verifies`, {
      skip: without,
      timeout: 300_000,
    }, async () => {
      const { root, middle, certificate, request, key } = await issueAll(algorithm, certType);
      inFolder(
        { 'ca.pem': root, 'chain.pem': middle, 'own.pem': certificate, 'own.csr': request, 'own.key': key },
        (run) => {
          const purpose = certType === 'client'
            ? ['-purpose', 'sslclient']
            : certType === 'intermediate'
            ? []
            : ['-purpose', 'sslserver'];
          const verified = run(
            'verify',
            '-x509_strict',
            '-attime',
            '1798761600',
            ...purpose,
            '-CAfile',
            'ca.pem',
            '-untrusted',
            'chain.pem',
            'own.pem',
          );
          assert.ok(verified.ok, verified.output);
          assert.ok(run('req', '-in', 'own.csr', '-verify', '-noout').ok);
          const keyOf = (...args: ReadonlyArray<string>): string => run(...args).output;
          assert.equal(
            keyOf('pkey', '-in', 'own.key', '-pubout'),
            keyOf('x509', '-in', 'own.pem', '-noout', '-pubkey'),
          );
          const { output } = run('x509', '-in', 'own.pem', '-noout', '-text', '-nameopt', 'RFC2253');
          assert.match(output, /Issuer: CN=Intermediate\n/);
          assert.match(output, /Subject: CN=a\.example\.com\n/);
          if (certType !== 'intermediate') {
            assert.match(
              output,
              /DNS:b\.example\.com, DNS:\*\.c\.example\.com, IP Address:10\.0\.0\.7, IP Address:FD00:0:0:0:0:0:0:7, DNS:xn--bcher-kva\.example, URI:spiffe:\/\/x\/y/,
            );
          }
        },
      );
    });
  }

  it('issue() gives each kind its profile', async () => {
    for (
      const [certType, extended, usage, ca] of [
        ['server', ['serverAuth'], ['digitalSignature'], false],
        ['client', ['clientAuth'], ['digitalSignature'], false],
        ['application', ['serverAuth'], ['digitalSignature'], false],
        ['intermediate', null, ['keyCertSign', 'cRLSign'], true],
      ] as const
    ) {
      const [made] = read(right(await issue(wanted({ certType }), authority(), TERMS)())).certificates;
      assert.deepEqual([made?.extendedKeyUsage, made?.keyUsage, made?.basicConstraints?.ca], [extended, usage, ca]);
      assert.equal(made?.authorityKeyId, read(good.root).certificates[0]?.subjectKeyId);
      assert.deepEqual(
        made?.sans,
        certType === 'server' || certType === 'application' ? [{ type: 'dns', value: 'a.example' }] : [],
      );
    }
  });

  it('issue() takes the serial number from the given source', async () => {
    const random = (n: number) => new Uint8Array(n).fill(0xab);
    const [made] = read(right(await issue(wanted(), authority(), { ...TERMS, random })())).certificates;
    assert.equal(made?.serialNumber, 'ab'.repeat(16));
    const broken = () => {
      throw new Error('no entropy');
    };
    assert.equal(codeOf(await issue(wanted(), authority(), { ...TERMS, random: broken })()), 'random-invalid');
    for (const bad of [new Uint8Array(0), new Uint8Array(16), new Uint8Array(15).fill(1)]) {
      assert.equal(codeOf(await issue(wanted(), authority(), { ...TERMS, random: () => bad })()), 'random-invalid');
    }
  });

  it('issue() refuses what could not be verified', async () => {
    const until = (notAfter: string): Terms => ({ ...TERMS, notAfter: new Date(notAfter) });
    const der = readPem(good.request).blocks[0]?.bytes ?? new Uint8Array();
    const forged = der.with(-1, (der.at(-1) ?? 0) ^ 1);
    const made = async (
      change: Partial<NewCertificate>,
      from: Parameters<typeof issue>[1] = authority(),
      terms = TERMS,
    ) => codeOf(await issue(wanted(change), from, terms)());
    assert.equal(await made({}), 'issued');
    assert.equal(await made({ sans: ['not a name'] }), 'name-unusable');
    assert.equal(await made({ commonName: '' }), 'common-name-empty');
    assert.equal(await made({ commonName: 'a\u0000b' }), 'name-unusable');
    assert.equal(await made({ commonName: 'x'.repeat(65) }), 'common-name-too-long');
    assert.equal(await made({}, authority(), until('2026-11-23')), 'validity-invalid');
    assert.equal(await made({}, authority(), until('oops')), 'validity-invalid');
    assert.equal(await made({}, authority(), until('2027-11-25')), 'validity-exceeds-issuer');
    assert.equal(await made({}, { certificate: good.root, key: good.key }), 'key-mismatch');
    assert.equal(await made({}, { certificate: good.certificate, key: good.key }), 'issuer-not-a-ca');
    assert.equal(await made({}, { certificate: 'oops', key: good.key }), 'issuer-unreadable');
    assert.equal(
      await made({ certType: 'intermediate', pathLength: 1 }, { certificate: good.middle, key: good.middleKey }),
      'path-length-invalid',
    );
    assert.equal(await made({ certType: 'intermediate', pathLength: -1 }), 'path-length-invalid');
    assert.equal(await made({ holder: { request: 'oops' } }), 'request-missing');
    assert.equal(
      await made({ holder: { request: forged } }),
      'signature-invalid',
    );
  });

  it('issue() takes of a request the key, and neither names nor extensions', async () => {
    const [made] =
      read(right(await issue(wanted({ holder: { request: good.request } }), authority(), TERMS)())).certificates;
    assert.equal(made?.subject.text, 'CN=a.example');
    assert.deepEqual(made?.sans, [{ type: 'dns', value: 'a.example' }]);
  });

  it('issue() refuses what its issuer must not issue', async () => {
    const signer = { subject: f.name('Root'), keys: await f.newKeys() };
    const extensions = [f.basic(true), f.constraints(['dns:example.com']), f.extended(f.SERVER)];
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', signer.keys.privateKey));
    const certificate = await f.make({ ...signer, issuer: signer, extensions });
    // The brand says where a key came from; here it is the test's.
    const from = { certificate, key: writePem('PRIVATE KEY', pkcs8) as typeof good.key };
    const made = async (change: Partial<NewCertificate>) => {
      const result = await issue(wanted({ commonName: 'x', sans: ['a.example.com'], ...change }), from, TERMS)();
      if (result._tag === 'Right') return 'issued';
      return 'faults' in result.left
        ? result.left.faults.map(({ code, at }) => `${code}@${at}`).join()
        : result.left.code;
    };
    assert.equal(await made({ commonName: 'a.example.com' }), 'issued');
    assert.equal(await made({ sans: ['a.example.org'] }), 'name-not-permitted@0');
    assert.equal(await made({ certType: 'client' }), 'not-for-clients@1');
  });

  it('issueRoot() makes roots that end after 2049, and with a path length', async () => {
    const terms = { ...TERMS, notAfter: new Date('2051-01-01T00:00:00Z') };
    const root = right(await issueRoot({ commonName: 'Wurzel ü, "x"', key: good.rootKey, pathLength: 0 }, terms)());
    const [made] = read(root).certificates;
    assert.deepEqual([made?.notAfter, made?.basicConstraints, made?.subject.attributes], [
      '2051-01-01T00:00:00Z',
      { ca: true, pathLength: 0 },
      [{ type: 'CN', value: 'Wurzel ü, "x"' }],
    ]);
    assert.equal(
      codeOf(await issue(wanted({ certType: 'intermediate' }), { certificate: root, key: good.rootKey }, TERMS)()),
      'path-length-invalid',
    );
    const certificate = right(await issue(wanted(), { certificate: root, key: good.rootKey }, TERMS)());
    assert.equal(await verdictOf({ certificate, ca: root }), 'ok 2');
  });

  it(
    'issue() and readRequest() take the requests and CAs that OpenSSL makes',
    { skip: without, timeout: 300_000 },
    async () => {
      for (
        const kind of [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], [
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-384',
        ], [
          '-newkey',
          'ed25519',
        ]]
      ) {
        const { ca, caKey, request, key } = inFolder({}, (run, file) => {
          const make = (...args: ReadonlyArray<string>) => assert.ok(run('req', ...kind, '-nodes', ...args).ok);
          make(
            '-x509',
            '-keyout',
            'ca.key',
            '-out',
            'ca.pem',
            '-subj',
            '/C=DE/O=Ämter & Co/CN=CA',
            '-utf8',
            '-days',
            '9999',
          );
          make(
            '-keyout',
            'own.key',
            '-out',
            'own.csr',
            '-subj',
            '/CN=web.example',
            '-addext',
            'subjectAltName=DNS:web.example,IP:10.0.0.7',
          );
          return { ca: file('ca.pem'), caKey: file('ca.key'), request: file('own.csr'), key: file('own.key') };
        });
        const asked = right(await readRequest(request)());
        assert.deepEqual([asked.commonName, asked.sans], ['web.example', [{ type: 'dns', value: 'web.example' }, {
          type: 'ip',
          value: '10.0.0.7',
        }]]);
        const names = {
          certType: 'server',
          commonName: 'web.example',
          sans: asked.sans.map(({ value }) => value),
        } as const;
        const now = new Date(read(ca).certificates[0]?.notBefore ?? '');
        const terms = { ...TERMS, notBefore: now, notAfter: new Date(now.getTime() + 1e9) };
        // The brand says where a key came from; here it is OpenSSL's.
        const certificate = right(
          await issue({ ...names, holder: { request } }, { certificate: ca, key: caKey as typeof good.key }, terms)(),
        );
        assert.equal(await verdictOf({ certificate, ca, now, purpose: 'server' }), 'ok 2');
        assert.equal((await match({ certificate, key, asked: names })())._tag, 'Right');
        inFolder({ 'ca.pem': ca, 'own.pem': certificate }, (run) => {
          const { ok, output } = run(
            'verify',
            '-attime',
            String(now.getTime() / 1000 + 1),
            '-CAfile',
            'ca.pem',
            'own.pem',
          );
          assert.ok(ok, output);
        });
      }
    },
  );

  it('what is issued is verified, and covers what was asked for', { timeout: 300_000 }, async () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const host = fc.tuple(label, fc.constantFrom('example', 'example.com', 'süß.example')).map((parts) =>
      parts.join('.')
    );
    const sans = fc.uniqueArray(
      fc.oneof(host, host.map((name) => `*.${name}`), fc.ipV4(), fc.ipV6(), host.map((name) => `a@${name}`)),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        host,
        sans,
        fc.constantFrom<CertType>('server', 'client', 'application'),
        async (commonName, names, certType) => {
          const asked = { certType, commonName, sans: names };
          const certificate = right(await issue(wanted(asked), authority(), TERMS)());
          assert.equal(
            await verdictOf({ certificate, ca: good.root, now: TERMS.notBefore, purpose: certType }),
            'ok 2',
          );
          assert.deepEqual(await match({ certificate, key: good.key, asked })(), {
            _tag: 'Right',
            right: read(certificate).certificates[0],
          });
        },
      ),
      runs(60),
    );
  });

  it('issue() and makeRequest() never throw on hostile names and keys', { timeout: 300_000 }, async () => {
    for (const text of HOSTILE) {
      // What is no key is given as one.
      const key = text as typeof good.key;
      assert.notEqual(codeOf(await issue(wanted({ holder: { key } }), authority(), TERMS)()), 'issued');
      assert.notEqual(codeOf(await issueRoot({ commonName: 'x', key }, TERMS)()), 'issued');
      assert.notEqual(codeOf(await makeRequest({ commonName: 'x', sans: [], key })()), 'issued');
      await issue(wanted({ commonName: text, sans: [text] }), authority(), TERMS)();
      assert.equal((await readRequest(text)())._tag, 'Left');
    }
  });

  it('readRequest() refuses each request of which a bit was flipped', { timeout: 300_000 }, async () => {
    const [, base64 = ''] = /-\n([^-]*)\n-/.exec(good.request) ?? [];
    const der = Uint8Array.from(atob(base64.replaceAll('\n', '')), (c) => c.charCodeAt(0));
    assert.equal((await readRequest(der)())._tag, 'Right');
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length - 1), fc.nat(7), async (at, bit) => {
        assert.equal((await readRequest(der.with(at, (der[at] ?? 0) ^ (1 << bit)))())._tag, 'Left');
      }),
      runs(300),
    );
  });
});
