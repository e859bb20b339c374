/**
 * Issues for someone else's certificate request, as the CSR protocol's Python library does: with the subject and key of the request, byte
 * for byte.
 *
 * Source: docs/csr-protocol.md, What a certificate is made of; RFC 5280 section 4.1.
 *
 * @module
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType } from '../model/certificate.ts';
import { readBundle } from './bundle.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type NewParts, writeCertificate } from './certificate-write.ts';
import { readCsr } from './csr.ts';
import { type ExtensionFault, extensionsFor, type NewForCsr } from './csr-extensions.ts';
import { authorityKeyId, caConstraints, keyUsage, type NewExtension, subjectKeyId } from './extension-write.ts';
import { firstBlock } from './first-block.ts';
import type { IssueFault } from './issue-fault.ts';
import type { Issuer } from './issuer.ts';
import type { SigningKey } from './key.ts';
import { libraryCertificate } from './library.ts';
import { MAX_COMPARISONS, pathFaults } from './path.ts';
import { writePem } from './pem.ts';
import type { ReadKey } from './public-key.ts';
import { openRequest } from './request.ts';
import { checkValidity, serialFrom, type Terms } from './terms.ts';

/** Why nothing was issued for a request. */
export type CsrIssueFault = IssueFault | ExtensionFault;

/** What is to be signed. */
interface Plan {
  readonly subject: Uint8Array;
  readonly publicKey: ReadKey;
  /** The subject key identifier. */
  readonly keyId: Uint8Array;
  readonly extensions: ReadonlyArray<NewExtension>;
  readonly kinds: ReadonlyArray<CertType>;
}

const signed = async (
  { subject, publicKey, keyId, extensions, kinds }: Plan,
  { certificate: issuer, keys }: Issuer,
  terms: Terms,
  write: (parts: NewParts, signer: SigningKey) => Promise<Uint8Array>,
): Promise<E.Either<IssueFault, Certificate>> => {
  const validity = checkValidity(terms, issuer);
  if (E.isLeft(validity)) return validity;
  const serial = serialFrom(terms);
  if (E.isLeft(serial)) return serial;
  const issuerKeyId = issuer.description.subjectKeyId;
  try {
    const der = await write({
      serial: serial.right,
      // The issuer's name unchanged, byte for byte, since some implementations compare it that way.
      issuer: issuer.subjectDer,
      subject,
      spki: publicKey.spki,
      notBefore: terms.notBefore,
      notAfter: terms.notAfter,
      extensions: [
        ...(issuerKeyId === null ? [] : [authorityKeyId(hexToBytes(issuerKeyId))]),
        subjectKeyId(keyId),
        ...extensions,
      ],
    }, keys);
    const read = readCertificate(der);
    if (E.isLeft(read)) return E.left({ code: 'signing-failed' });
    const faults = kinds.flatMap((purpose) =>
      pathFaults([read.right, issuer], { now: null, purpose }, { comparisons: MAX_COMPARISONS })
    );
    return faults.length === 0 ? read : E.left({ code: 'refused-for-issuer', faults });
  } catch {
    return E.left({ code: 'signing-failed' });
  }
};

const pemOf = ({ der: bytes }: Certificate): string => writePem('CERTIFICATE', bytes);

/**
 * Makes a certificate for a certificate request, signed by a CA, in PEM. The request's signature is checked first: it proves that the
 * requester holds the key (RFC 2986 section 4).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { issueFor, type Issuer } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const serverFor = (csr: string, issuer: Issuer, notBefore: Date, notAfter: Date) =>
 *   issueFor({ csr, kinds: ['server'], usage: null, subtrees: null }, issuer, { notBefore, notAfter, random });
 * assert.equal(typeof serverFor, 'function');
 * ```
 */
export const issueFor =
  (wanted: NewForCsr, issuer: Issuer, terms: Terms): TE.TaskEither<CsrIssueFault, string> => async () => {
    const bytes = firstBlock(wanted.csr, 'request');
    const read = bytes === null ? null : readCsr(bytes);
    if (read === null) return E.left({ code: 'request-missing' });
    if (E.isLeft(read)) return E.left({ code: 'request-unreadable' });
    const csr = read.right;
    const proved = await openRequest(csr.der)();
    if (E.isLeft(proved)) return E.left({ code: proved.left });
    const extensions = extensionsFor(csr, wanted);
    if (E.isLeft(extensions)) return extensions;
    if (wanted.kinds.includes('intermediate') && issuer.certificate.description.basicConstraints?.pathLength === 0) {
      return E.left({ code: 'path-length-invalid' });
    }
    const { publicKey, subjectDer } = csr;
    const plan: Plan = {
      subject: subjectDer,
      publicKey,
      keyId: sha1(publicKey.bits),
      extensions: extensions.right,
      kinds: wanted.kinds,
    };
    return E.map(pemOf)(await signed(plan, issuer, terms, writeCertificate));
  };

/** The limit on the number of CAs in a chain below a cross-certificate: successors of successors, and what they issue. */
const CROSS_PATH_LENGTH = 8;

/** Makes a cross-certificate: the name and key of another CA, certified by this one (RFC 4949, cross-certificate). */
export const issueCross =
  (other: string, issuer: Issuer, terms: Terms): TE.TaskEither<IssueFault, string> => async () => {
    const [certificate] = readBundle(other).certificates;
    if (certificate === undefined) return E.left({ code: 'issuer-unreadable' });
    const { publicKey, description } = certificate;
    const made = await signed(
      {
        subject: certificate.subjectDer,
        publicKey,
        keyId: description.subjectKeyId === null ? sha1(publicKey.bits) : hexToBytes(description.subjectKeyId),
        extensions: [caConstraints(CROSS_PATH_LENGTH), keyUsage('ca')],
        kinds: ['intermediate'],
      },
      issuer,
      terms,
      libraryCertificate,
    );
    return E.map(pemOf)(made);
  };
