/**
 * Issuing for certificate requests of others: what a certificate takes over, and what it does not.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { requestOfCa } from '../../../core/x509/ca-request.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { firstBlock } from '../../../core/x509/first-block.ts';
import { issueCross } from '../../../core/x509/issue-csr.ts';
import { readKeys } from '../../../core/x509/key.ts';
import * as lib from '../../../core/x509/lib.ts';
import {
  generateKey,
  issueFor,
  type Issuer,
  issueRoot,
  type KeyAlgorithm,
  makeRequest,
  type NewForCsr,
  openIssuer,
  type PrivateKey,
  readRequest,
  verify,
} from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';

const terms = {
  notBefore: new Date('2026-11-24T00:00:00Z'),
  notAfter: new Date('2027-11-24T00:00:00Z'),
  random: (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n)),
};

type Result<A> = { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A };

const right = <A>(result: Result<A>): A =>
  result._tag === 'Right' ? result.right : assert.fail(`this was expected to work: ${JSON.stringify(result.left)}`);

const newKey = async (algorithm: KeyAlgorithm = 'P-256'): Promise<PrivateKey> => right(await generateKey(algorithm)());

const newIssuer = async (commonName = 'CA', pathLength?: number): Promise<Issuer> => {
  const key = await newKey();
  const wanted = { commonName, key, ...(pathLength === undefined ? {} : { pathLength }) };
  return right(await openIssuer({ certificate: right(await issueRoot(wanted, terms)()), key })());
};

/** A CSR with any subject and extensions. */
const csrWith = async (
  subject: string,
  extensions: ReadonlyArray<InstanceType<typeof lib.Extension>>,
  key?: PrivateKey,
) => {
  const keys = right(await readKeys(key ?? await newKey())());
  const made = await lib.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [...extensions],
  });
  return writePem('CERTIFICATE REQUEST', new Uint8Array(made.rawData));
};

const SERVER: Omit<NewForCsr, 'csr'> = { kinds: ['server'], usage: null, subtrees: null };

const read = (pem: string) => right(readCertificate(firstBlock(pem, 'certificate') ?? new Uint8Array()));

const { KeyUsageFlags } = lib;

describe('issueFor()', () => {
  it('takes subject and names as they stand, with the e-mail addresses of the subject', async () => {
    const names = new lib.SubjectAlternativeNameExtension([
      { type: 'url', value: 'https://a.example/x' },
      { type: 'email', value: 'me@example.com' },
      { type: 'ip', value: '10.0.0.7' },
      { type: 'dns', value: 'Web.Example' },
      { type: 'dns', value: 'Web.Example' },
    ]);
    const csr = await csrWith('CN=web+OU=a, E=you@example.com, 2.5.4.45=#0c0178', [names]);
    const made = read(right(await issueFor({ csr, ...SERVER }, await newIssuer(), terms)()));
    const asked = right(readCsr(firstBlock(csr, 'request') ?? new Uint8Array()));
    assert.deepEqual(made.subjectDer, asked.subjectDer);
    assert.deepEqual(made.description.sans.map(({ type, value }) => `${type} ${value}`), [
      'dns Web.Example',
      'ip 10.0.0.7',
      'email me@example.com',
      'email you@example.com',
      'uri https://a.example/x',
    ]);
  });

  it('gives a leaf what the Python library gives it', async () => {
    const recorded = JSON.parse(
      readFileSync(new URL('../../vectors/csr/provides-issues-ecdsa.json', import.meta.url), 'utf8'),
    );
    const issuer = await newIssuer();
    const theirs = read(recorded.pems.certificate);
    const ours = read(right(await issueFor({ csr: recorded.pems.csr, ...SERVER }, issuer, terms)()));
    const { description: a, extensions: b } = ours;
    assert.deepEqual(ours.subjectDer, theirs.subjectDer);
    assert.deepEqual(
      [a.keyUsage, a.extendedKeyUsage, a.basicConstraints, a.subjectKeyId, a.sans],
      [
        theirs.description.keyUsage,
        theirs.description.extendedKeyUsage,
        theirs.description.basicConstraints,
        theirs.description.subjectKeyId,
        theirs.description.sans,
      ],
    );
    assert.equal(b.authorityKeyId?.keyId, issuer.certificate.description.subjectKeyId);
    const rsa = await newKey('RSA-2048');
    const csr = right(await makeRequest({ commonName: 'x', sans: [], key: rsa })());
    assert.equal(read(right(await issueFor({ csr, ...SERVER }, issuer, terms)())).description.keyUsage, null);
  });

  it('grants usages that are asked for, and leaves out what a CA says of itself', async () => {
    const issuer = await newIssuer();
    const csr = await csrWith('CN=web', [
      new lib.KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement, true),
      new lib.ExtendedKeyUsageExtension([lib.ExtendedKeyUsage.clientAuth, lib.ExtendedKeyUsage.serverAuth]),
      new lib.BasicConstraintsExtension(true, 3, true),
      new lib.Extension('2.5.29.32', false, Uint8Array.of(0x30, 6, 0x30, 4, 6, 2, 0x2a, 3)),
      new lib.Extension('1.3.6.1.5.5.7.1.24', false, Uint8Array.of(0x30, 3, 2, 1, 5)),
    ]);
    const pem = right(await issueFor({ csr, ...SERVER, kinds: ['server', 'client'] }, issuer, terms)());
    const { description, extensions } = read(pem);
    assert.deepEqual(description.keyUsage, ['digitalSignature', 'keyAgreement']);
    assert.deepEqual(description.extendedKeyUsage, ['clientAuth', 'serverAuth']);
    assert.deepEqual(description.basicConstraints, { ca: false, pathLength: null });
    assert.deepEqual(
      extensions.policies,
      read(right(await issueFor({ csr: await csrWith('CN=x', []), ...SERVER }, issuer, terms)())).extensions.policies,
    );
    assert.ok(pem.length > 0);
    const features = new lib.X509Certificate(pem).extensions.find(({ type }) => type === '1.3.6.1.5.5.7.1.24');
    assert.ok(features !== undefined, 'an extension that nobody here knows is taken over');
  });

  it('refuses usages of CAs for a leaf, what it insists on in vain, and what no reader would take', async () => {
    const issuer = await newIssuer();
    const faultOf = async (extension: InstanceType<typeof lib.Extension>) => {
      const made = await issueFor({ csr: await csrWith('CN=web', [extension]), ...SERVER }, issuer, terms)();
      return made._tag === 'Left' ? made.left.code : 'issued';
    };
    assert.equal(await faultOf(new lib.KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)), 'extension-refused');
    assert.equal(
      await faultOf(new lib.KeyUsagesExtension(KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature)),
      'extension-refused',
    );
    const policies = Uint8Array.of(0x30, 6, 0x30, 4, 6, 2, 0x2a, 3);
    assert.equal(await faultOf(new lib.Extension('2.5.29.32', true, policies)), 'extension-refused');
    assert.equal(await faultOf(new lib.Extension('2.5.29.32', false, policies)), 'issued');
    assert.equal(await faultOf(new lib.Extension('1.2.3.4', true, Uint8Array.of(5, 0))), 'refused-for-issuer');
    assert.equal(await faultOf(new lib.Extension('1.2.3.4', false, Uint8Array.of(5, 0))), 'issued');
    const directory = new lib.SubjectAlternativeNameExtension([{ type: 'dn', value: 'CN=x' }]);
    assert.equal(await faultOf(directory), 'name-form-refused');
  });

  it('makes a CA with constraints, none below a CA that may have none, and none that outlives it', async () => {
    const csr = await csrWith('CN=Sub CA', []);
    const network = Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0);
    const subtrees = { permitted: [{ type: 'dns', text: '.example' }, { type: 'ip', network }], excluded: [] } as const;
    const wanted: NewForCsr = { csr, kinds: ['intermediate'], usage: ['serverAuth'], subtrees };
    const { description, extensions } = read(right(await issueFor(wanted, await newIssuer(), terms)()));
    assert.deepEqual(description.basicConstraints, { ca: true, pathLength: null });
    assert.deepEqual(description.keyUsage, ['keyCertSign', 'cRLSign']);
    assert.deepEqual(description.extendedKeyUsage, ['serverAuth']);
    assert.deepEqual(extensions.nameConstraints?.permitted, [
      { type: 'dns', text: '.example' },
      { type: 'ip', bytes: network },
    ]);
    const none = await issueFor(wanted, await newIssuer('CA', 0), terms)();
    assert.equal(none._tag === 'Left' && none.left.code, 'path-length-invalid');
    const beyond = { ...terms, notAfter: new Date('2028-01-01') };
    const long = await issueFor(wanted, await newIssuer(), beyond)();
    assert.equal(long._tag === 'Left' && long.left.code, 'validity-exceeds-issuer');
  });

  it("refuses a request whose signature is another key's, and what is none", async () => {
    const issuer = await newIssuer();
    const bytes = firstBlock(await csrWith('CN=web', []), 'request') ?? new Uint8Array();
    const other = firstBlock(await csrWith('CN=web', []), 'request') ?? new Uint8Array();
    // Both have the same form: the signature of one under the content of the other.
    const at = bytes.length - 60;
    const mixed = Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(other.length - 60)]);
    const csr = writePem('CERTIFICATE REQUEST', mixed);
    assert.equal((await issueFor({ csr, ...SERVER }, issuer, terms)())._tag, 'Left');
    for (const text of ['', 'None', writePem('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0))]) {
      assert.equal((await issueFor({ csr: text, ...SERVER }, issuer, terms)())._tag, 'Left');
    }
  });

  it('has a CA keep its name and key in a request and in a cross-certificate, and leads to the other root', async () => {
    const [ours, theirs] = [await newIssuer('Ours'), await newIssuer('Theirs')];
    const csr = right(await requestOfCa(ours)());
    assert.equal(right(await readRequest(csr)()).commonName, 'Ours');
    const cross = right(await issueCross(writePem('CERTIFICATE', ours.certificate.der), theirs, terms)());
    const { same, description } = read(cross);
    assert.deepEqual([same.subject, same.key], [ours.certificate.same.subject, ours.certificate.same.key]);
    assert.equal(description.subjectKeyId, ours.certificate.description.subjectKeyId);
    const leaf = right(await issueFor({ csr: await csrWith('CN=web', []), ...SERVER }, ours, terms)());
    const ca = writePem('CERTIFICATE', theirs.certificate.der);
    assert.equal((await verify({ certificate: leaf, chain: cross, ca, purpose: 'server' })())._tag, 'Right');
    assert.equal((await verify({ certificate: leaf, ca, purpose: 'server' })())._tag, 'Left');
  });
});
