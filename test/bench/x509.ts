/**
 * How long one certificate takes to be described, matched, verified and issued, beside `node:crypto` where it can do the same, and
 * beside the WebCrypto calls that the work cannot do without.
 *
 * Prints one JSON line per operation and kind of key, in milliseconds; null where there is nothing to compare with. `tools/bench.mjs`
 * says in words what is compared. Keys and certificates are in PEM at the beginning of each operation, for that is how a databag
 * holds them: nothing is imported or parsed beforehand, on no side.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readBundle } from '../../core/x509/bundle.ts';
import { describe, issue, type KeyAlgorithm, match, openIssuer, verify } from '../../core/x509/mod.ts';
import { algorithmsOf, importKey, readPrivateKey } from '../../core/x509/private-key.ts';
import { checkSignature } from '../../core/x509/signature.ts';
import { right, TERMS } from '../core/x509/cases.ts';
import { ALGORITHMS, type Authority, authorityOf, median, NOW } from './authority.ts';

const HOST = 'web.example';
const ADDRESS = '10.0.0.7';
const ASKED = { certType: 'server', commonName: HOST, sans: [HOST, ADDRESS] } as const;

/** One operation: ours, and what it is compared with. Each fails or answers with something truthy. */
interface Operation {
  readonly operation: string;
  readonly ours: () => unknown;
  readonly peer: (() => unknown) | null;
  /** WebCrypto alone. */
  readonly floor: (() => Promise<unknown>) | null;
}

const isValid = ({ validFrom, validTo }: X509Certificate): boolean =>
  Date.parse(validFrom) <= NOW.getTime() && NOW.getTime() <= Date.parse(validTo);

const operationsOf = async ({ ca, caKey, cert, key }: Authority): Promise<ReadonlyArray<Operation>> => {
  const issuer = right(await openIssuer({ certificate: ca, key: caKey })());
  const [leaf, root] = [cert, ca].map((pem) => readBundle(pem).certificates[0]);
  if (leaf === undefined || root === undefined) throw new Error('expected two certificates');
  const [keyInfo, caKeyInfo] = [right(readPrivateKey(key)), right(readPrivateKey(caKey))];
  const { importAs, signAs } = algorithmsOf(keyInfo.kind);
  const spki = Uint8Array.from(leaf.publicKey.spki);
  const signedBytes = Uint8Array.from(leaf.signed.bytes);
  return [
    {
      operation: 'describe',
      ours: () => describe(cert).certificates[0],
      peer: () => {
        const x = new X509Certificate(cert);
        return [
          x.subject,
          x.issuer,
          x.subjectAltName,
          x.serialNumber,
          x.validFrom,
          x.validTo,
          x.fingerprint256,
          x.keyUsage,
          x.ca,
          x.signatureAlgorithm,
          x.publicKey.asymmetricKeyDetails,
        ];
      },
      floor: null,
    },
    {
      operation: 'match',
      ours: async () => right(await match({ certificate: cert, key, asked: ASKED })()),
      peer: () => {
        const x = new X509Certificate(cert);
        return x.checkHost(HOST) && x.checkIP(ADDRESS) && x.checkPrivateKey(createPrivateKey(key));
      },
      floor: async () => {
        const privateKey = right(await importKey(keyInfo)());
        const publicKey = await crypto.subtle.importKey('spki', spki, importAs, false, ['verify']);
        const challenge = Uint8Array.of(1);
        const signature = await crypto.subtle.sign(signAs, privateKey, challenge);
        return crypto.subtle.verify(signAs, publicKey, signature, challenge);
      },
    },
    {
      operation: 'verify',
      ours: async () => right(await verify({ certificate: cert, ca, now: NOW, purpose: 'server' })()),
      peer: () => {
        const [x, issuer] = [new X509Certificate(cert), new X509Certificate(ca)];
        return x.checkIssued(issuer) && x.verify(issuer.publicKey) && issuer.ca && issuer.verify(issuer.publicKey) &&
          isValid(x) && isValid(issuer);
      },
      floor: async () => {
        const checks = [
          await checkSignature(leaf.signed, root.publicKey)(),
          await checkSignature(root.signed, root.publicKey)(),
        ];
        return checks.every(E.isRight);
      },
    },
    {
      operation: 'issue, CA opened before',
      ours: async () =>
        right(await issue({ certType: 'server', commonName: HOST, sans: [ADDRESS], holder: { key } }, issuer, TERMS)()),
      peer: null,
      floor: async () => {
        await crypto.subtle.exportKey('jwk', right(await importKey(keyInfo, true)()));
        return crypto.subtle.sign(signAs, issuer.keys.privateKey, signedBytes);
      },
    },
    {
      operation: 'issue',
      ours: async () =>
        right(
          await issue(
            { certType: 'server', commonName: HOST, sans: [ADDRESS], holder: { key } },
            { certificate: ca, key: caKey },
            TERMS,
          )(),
        ),
      peer: null,
      floor: async () => crypto.subtle.sign(signAs, right(await importKey(caKeyInfo)()), signedBytes),
    },
  ];
};

/** The median of work that was seen to succeed. */
const timeOf = async (what: string, work: (() => unknown) | null): Promise<number | null> => {
  if (work === null) return null;
  if (!(await work())) throw new Error(`${what} did not succeed`);
  return median(work);
};

const run = async (algorithm: KeyAlgorithm): Promise<void> => {
  for (const { operation, ours, peer, floor } of await operationsOf(await authorityOf(algorithm, HOST, ADDRESS))) {
    const told = { algorithm, operation };
    const what = `${operation} with ${algorithm}`;
    console.log(JSON.stringify({
      ...told,
      floor: await timeOf(`the floor of ${what}`, floor),
      peer: await timeOf(`the peer of ${what}`, peer),
      ours: await timeOf(what, ours),
    }));
  }
};

for (const algorithm of ALGORITHMS) await run(algorithm);
