/**
 * Issues a root: a CA's certificate that signs itself.
 *
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { readCertificate } from './certificate.ts';
import { elementOf, reading } from './der.ts';
import { authorityKeyId, caConstraints, keyUsage, subjectKeyId } from './extension-write.ts';
import type { IssueFault } from './issue-fault.ts';
import { openKey } from './key.ts';
import { libraryCertificate } from './library.ts';
import { writePem } from './pem.ts';
import { readPublicKey } from './public-key.ts';
import { isPathLength } from './sign.ts';
import { subjectDer, usableNames } from './subject.ts';
import { checkValidity, serialFrom, type Terms } from './terms.ts';

/** A new root. */
export interface NewRoot {
  /** The CA's name. */
  readonly commonName: string;
  /** The key that it certifies and signs with. */
  readonly key: PrivateKey;
  /** The limit on the number of CAs in a chain below it; default: none. */
  readonly pathLength?: number;
}

/**
 * Makes a root: a CA's certificate that signs itself, in PEM.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { describe, generateKey, issueRoot } from 'interface-tls-certificates/x509';
 * const terms = {
 *   notBefore: new Date('2026-11-24'),
 *   notAfter: new Date('2036-11-24'),
 *   random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
 * };
 * const key = await generateKey()();
 * const root = key._tag === 'Right' ? await issueRoot({ commonName: 'Our root', key: key.right }, terms)() : key;
 * assert.equal(root._tag === 'Right' && describe(root.right).certificates[0]?.subject.text, 'CN=Our root');
 * ```
 */
export const issueRoot =
  ({ commonName, key, pathLength }: NewRoot, terms: Terms): TE.TaskEither<IssueFault, string> => async () => {
    const names = usableNames(commonName, []);
    if (E.isLeft(names)) return names;
    if (pathLength !== undefined && !isPathLength(pathLength)) return E.left({ code: 'path-length-invalid' });
    const validity = checkValidity(terms, null);
    if (E.isLeft(validity)) return validity;
    const serial = serialFrom(terms);
    if (E.isLeft(serial)) return serial;
    const own = await openKey(key)();
    if (E.isLeft(own)) return E.left({ code: own.left, whose: 'holder' });
    const { spki } = own.right;
    const read = reading(() => readPublicKey(elementOf(spki)));
    if (E.isLeft(read)) return E.left({ code: 'signing-failed' });
    const [subject, keyId] = [subjectDer(names.right.commonName), sha1(read.right.bits)];
    try {
      const der = await libraryCertificate({
        serial: serial.right,
        issuer: subject,
        subject,
        spki,
        notBefore: terms.notBefore,
        notAfter: terms.notAfter,
        extensions: [caConstraints(pathLength ?? null), keyUsage('ca'), subjectKeyId(keyId), authorityKeyId(keyId)],
      }, own.right);
      return E.isLeft(readCertificate(der))
        ? E.left({ code: 'signing-failed' })
        : E.right(writePem('CERTIFICATE', der));
    } catch {
      return E.left({ code: 'signing-failed' });
    }
  };
