/**
 * Certificates and requests that are written here, beside those that @peculiar/x509 makes of the same: the bytes are equal.
 *
 * Signatures with RSA and Ed25519 are the same each time, so whole certificates are compared. ECDSA and ML-DSA sign with random
 * numbers: there everything but the signature is compared, and the signature is checked.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { contentOf } from '../../../core/csr/content.ts';
import { SUBJECT_FIELDS } from '../../../core/csr/subject.ts';
import { makeCsr } from '../../../core/keyring/csr.ts';
import { CERT_TYPES } from '../../../core/model/certificate.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { openKey, readKeys } from '../../../core/x509/key.ts';
import * as lib from '../../../core/x509/lib.ts';
import {
  generateKey,
  issue,
  issueFor,
  issueRoot,
  makeRequest,
  openIssuer,
  type Terms,
} from '../../../core/x509/mod.ts';
import { algorithmsOf } from '../../../core/x509/private-key.ts';
import { copyOf } from '../../../core/x509/signature.ts';
import { usableNames } from '../../../core/x509/subject.ts';
import { right } from './cases.ts';
import {
  address,
  type Algorithm,
  ALGORITHMS,
  bytesOf,
  hex,
  host,
  LONG,
  type Made,
  NO_MORE_THAN,
  ofLibrary,
  requestOf,
  sameCertificate,
  sameRequest,
  san,
  terms,
  title,
  type Wanted,
  wanted,
} from './written.ts';
import { SEEDED } from '../../runs.ts';

describe('what is written beside what @peculiar/x509 makes', () => {
  const made = new Map<Algorithm, Made>();

  before(async () => {
    const dates = { notBefore: new Date('1951-01-01T00:00:00Z'), notAfter: NO_MORE_THAN };
    const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
    for (const algorithm of ALGORITHMS) {
      const [caKey, key] = [await generateKey(algorithm)(), await generateKey(algorithm)()];
      // Not every runtime has ML-DSA.
      if (caKey._tag === 'Left' || key._tag === 'Left') continue;
      const certificate = right(
        await issueRoot({ commonName: `CA, ${algorithm}`, key: caKey.right }, { ...dates, random })(),
      );
      made.set(algorithm, { key: key.right, issuer: right(await openIssuer({ certificate, key: caKey.right })()) });
    }
  });

  const of = (algorithm: Algorithm): Made => made.get(algorithm) ?? assert.fail(`the runtime has ${algorithm}`);
  const pairs = (): ReadonlyArray<Made> => {
    const all = [...made.values()];
    // The key that is certified and the one that signs are of different kinds.
    return all.map(({ key }, i) => ({ key, issuer: (all[(i + 1) % all.length] ?? of('P-256')).issuer }));
  };

  const issued = async ({ key, issuer }: Made, what: Wanted, when: Terms): Promise<void> => {
    const { subtrees, ...rest } = what;
    const ours = right(await issue({ ...rest, subtrees, holder: { key } }, issuer, when)());
    await sameCertificate(bytesOf(ours, 'certificate'), await ofLibrary({ key, issuer }, what, when), issuer);
  };

  it('issue() writes the same with each kind of key, for each kind of certificate', async () => {
    const when: Terms = {
      notBefore: new Date('2026-11-28T12:34:56.789Z'),
      notAfter: new Date('2049-12-31T23:59:59.999Z'),
      random: () => Uint8Array.from({ length: 16 }, (_, i) => 0x80 + i),
    };
    assert.ok(made.size >= 5);
    for (const one of [...made.values(), ...pairs()]) {
      for (const certType of CERT_TYPES) {
        const what = {
          certType,
          commonName: 'web.example',
          sans: ['10.0.0.7', 'fd00::7'],
          pathLength: 1,
          subtrees: null,
        };
        await issued(one, what, when);
      }
    }
  });

  it('issue() writes the same whatever the names, dates, serial number and constraints are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pairs(), of('RSA-2048'), of('Ed25519')), wanted, terms, issued),
      { numRuns: 150, ...SEEDED },
    );
  });

  it('issue() writes the same without a subject', async () => {
    const when = {
      notBefore: new Date('2026-11-28'),
      notAfter: new Date('2027-11-28'),
      random: () => new Uint8Array(16).fill(1),
    };
    const what: Wanted = { certType: 'server', commonName: LONG, sans: [LONG], pathLength: 0, subtrees: null };
    await issued(of('Ed25519'), what, when);
  });

  it('issueRoot() gives what @peculiar/x509 gives', async () => {
    const random = () => new Uint8Array(16).fill(0xfe);
    const when: Terms = { notBefore: new Date('2026-11-28'), notAfter: new Date('2060-11-28'), random };
    for (const { issuer, key } of [of('RSA-2048'), of('Ed25519')]) {
      const root = right(
        readCertificate(
          bytesOf(right(await issueRoot({ commonName: 'Root', key, pathLength: 2 }, when)()), 'certificate'),
        ),
      );
      const { privateKey, publicKey } = right(await readKeys(key)());
      const keyId = root.description.subjectKeyId ?? '';
      const theirs = await lib.X509CertificateGenerator.create({
        serialNumber: hex(random()),
        subject: new lib.Name([{ CN: [{ utf8String: 'Root' }] }]),
        issuer: new lib.Name([{ CN: [{ utf8String: 'Root' }] }]),
        notBefore: when.notBefore,
        notAfter: when.notAfter,
        publicKey,
        signingKey: privateKey,
        signingAlgorithm: algorithmsOf(issuer.keys.kind).signAs,
        extensions: [
          new lib.BasicConstraintsExtension(true, 2, true),
          new lib.KeyUsagesExtension(lib.KeyUsageFlags.keyCertSign | lib.KeyUsageFlags.cRLSign, true),
          new lib.SubjectKeyIdentifierExtension(keyId),
          new lib.AuthorityKeyIdentifierExtension(keyId),
        ],
      });
      assert.equal(hex(root.der), hex(new Uint8Array(theirs.rawData)));
    }
  });

  it('issueFor() writes the same for requests of any subject, names and extensions', async () => {
    const attribute = fc.constantFrom('CN', 'O', 'OU', 'L', 'ST', '2.5.4.45', '1.3.6.1.4.1.4711.7');
    const name = fc.array(fc.tuple(attribute, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })), {
      maxLength: 6,
    })
      .map((parts) => parts.map(([type, value]) => ({ [type]: [{ utf8String: value }] })));
    const asked = fc.record({
      name,
      names: fc.uniqueArray(
        fc.oneof(
          host.map((value) => ({ type: 'dns', value }) as const),
          address.map((value) => ({ type: 'ip', value }) as const),
          host.map((value) => ({ type: 'email', value: `me@${value}` }) as const),
          host.map((value) => ({ type: 'url', value: `https://${value}/` }) as const),
          fc.constantFrom('1.2.3', '2.999.1', '1.3.6.1.4.1.4294967296').map((value) =>
            ({ type: 'id', value }) as const
          ),
        ),
        { selector: ({ type, value }) => `${type} ${value}`, minLength: 1, maxLength: 5 },
      ),
      // Object identifier, critical, value: something that nobody here knows.
      other: fc.option(
        fc.tuple(fc.constantFrom('1.3.6.1.4.1.4711.1', '1.3.6.1.5.5.7.1.24'), fc.uint8Array({ maxLength: 300 })),
      ),
    }).filter(({ name, names }) => name.length + names.length > 0);
    const ORDER = ['dns', 'ip', 'id', 'email', 'url'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...pairs()),
        asked,
        terms,
        fc.boolean(),
        async ({ key, issuer }, { name, names, other }, when, mayBeCa) => {
          // A CA has a name.
          const isCa = mayBeCa && name.length > 0;
          const others = other === null ? [] : [new lib.Extension(other[0], false, copyOf(other[1]))];
          const sans = [...names].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
          const csr = await requestOf(key, name, [new lib.SubjectAlternativeNameExtension([...names]), ...others]);
          const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${
            btoa(String.fromCharCode(...csr))
          }\n-----END CERTIFICATE REQUEST-----\n`;
          const kinds = [isCa ? 'intermediate' : 'server'] as const;
          const usage = isCa ? null : ['serverAuth', 'clientAuth'] as const;
          const ours = bytesOf(
            right(await issueFor({ csr: pem, kinds, usage, subtrees: null }, issuer, when)()),
            'certificate',
          );
          const { publicKey } = right(readCsr(csr));
          const keyId = hex(new Uint8Array(await crypto.subtle.digest('SHA-1', copyOf(publicKey.bits))));
          const { KeyUsageFlags, ExtendedKeyUsage } = lib;
          const theirs = await lib.X509CertificateGenerator.create({
            serialNumber: hex(when.random(16)),
            subject: new lib.Name(name),
            issuer: new lib.X509Certificate(copyOf(issuer.certificate.der)).subjectName,
            notBefore: when.notBefore,
            notAfter: when.notAfter,
            publicKey: copyOf(publicKey.spki),
            signingKey: issuer.keys.privateKey,
            signingAlgorithm: algorithmsOf(issuer.keys.kind).signAs,
            extensions: [
              new lib.AuthorityKeyIdentifierExtension(issuer.certificate.description.subjectKeyId ?? ''),
              new lib.SubjectKeyIdentifierExtension(keyId),
              new lib.BasicConstraintsExtension(isCa, undefined, true),
              new lib.SubjectAlternativeNameExtension(sans, name.length === 0),
              ...(isCa
                ? [new lib.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)]
                : publicKey.key.kind === 'rsa'
                ? []
                : [new lib.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)]),
              ...(isCa
                ? []
                : [new lib.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth])]),
              ...others,
            ],
          });
          await sameCertificate(ours, new Uint8Array(theirs.rawData), issuer);
        },
      ),
      { numRuns: 100, ...SEEDED },
    );
  });

  it('makeRequest() writes the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...made.values()),
        title,
        fc.array(san, { maxLength: 5 }),
        async ({ key, issuer }, commonName, sans) => {
          const names = usableNames(commonName, sans);
          fc.pre(names._tag === 'Right');
          const ours = bytesOf(right(await makeRequest({ commonName, sans, key })()), 'request');
          const theirs = await requestOf(
            key,
            [{ CN: [{ utf8String: commonName }] }],
            right(names).sans.length === 0 ? [] : [new lib.SubjectAlternativeNameExtension([...right(names).sans])],
          );
          await sameRequest(ours, theirs, issuer.keys.kind);
        },
      ),
      { numRuns: 100, ...SEEDED },
    );
  });

  it('makeCsr() writes the same, with each field of a subject', async () => {
    const field = fc.string({ unit: 'grapheme', maxLength: 20 });
    const content = fc.record({
      commonName: fc.oneof(host, fc.constant('')),
      sans: fc.uniqueArray(fc.oneof(host, address, fc.constantFrom('1.2.3', '2.999.1')), {
        minLength: 1,
        maxLength: 5,
      }),
      subject: fc.record({
        organization: field,
        organizationalUnit: field,
        emailAddress: fc.constantFrom('', 'me@example.com'),
        country: fc.constantFrom('', 'SE'),
        stateOrProvince: field,
        locality: field,
      }),
      uniqueIdentifier: fc.constant(true),
    });
    const TYPES: Readonly<Record<string, string>> = { emailAddress: 'E' };
    const FORMS: Readonly<Record<string, string>> = { emailAddress: 'ia5String', C: 'printableString' };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(of('RSA-2048'), of('P-256'), of('P-384')),
        content,
        fc.constantFrom('server', 'client'),
        async ({ key, issuer }, asked, certType) => {
          const known = contentOf(asked);
          fc.pre(known._tag === 'Right');
          const { subject, sans, commonName } = right(known);
          const ours = bytesOf(
            right(await makeCsr({ content: right(known), certType, key, identifier: 'an identifier' })()),
            'request',
          );
          const parts = SUBJECT_FIELDS.flatMap(([, type], i) =>
            (subject[i] ?? '') === ''
              ? []
              : [{ [TYPES[type] ?? type]: [{ [FORMS[type] ?? 'utf8String']: subject[i] ?? '' }] }]
          );
          const theirs = await requestOf(
            key,
            [
              ...(commonName === '' ? [] : [{ CN: [{ utf8String: commonName }] }]),
              { '2.5.4.45': [{ utf8String: 'an identifier' }] },
              ...parts,
            ],
            [
              new lib.SubjectAlternativeNameExtension([
                ...sans.oid.map((value) => ({ type: 'id', value }) as const),
                ...sans.ip.map((value) => ({ type: 'ip', value }) as const),
                ...sans.dns.map((value) => ({ type: 'dns', value }) as const),
              ]),
              ...(certType === 'client' ? [new lib.ExtendedKeyUsageExtension([lib.ExtendedKeyUsage.clientAuth])] : []),
            ],
          );
          await sameRequest(ours, theirs, issuer.keys.kind);
        },
      ),
      { numRuns: 100, ...SEEDED },
    );
  });

  it('openKey() finds the public half that WebCrypto exports, of each kind of key', async () => {
    for (const algorithm of [...made.keys(), 'RSA-3072'] as const) {
      const key = right(await generateKey(algorithm)());
      const { publicKey } = right(await readKeys(key)());
      const exported = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
      assert.equal(hex(right(await openKey(key)()).spki), hex(exported), algorithm);
    }
  });
});
