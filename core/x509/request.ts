/**
 * Certificate requests: makes them, and reads those of others, whose signature proves that they hold the key (RFC 2986).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { context, cursor, elementOf, inside, malformed, reading, TAG } from './der.ts';
import { readExtensions } from './extensions.ts';
import { type San, sanOf } from './general-names.ts';
import { newAltNames } from './extension-write.ts';
import { openKey } from './key.ts';
import { type Name, readName, valuesOf } from './names.ts';
import { EXTENSION_REQUEST } from './oids.ts';
import { type Encoded, readBlocks, writePem } from './pem.ts';
import type { KeyFault } from './private-key.ts';
import { countOf, oidOf, wholeBitsOf } from './primitives.ts';
import { type PublicKey, type ReadKey, readPublicKey } from './public-key.ts';
import { checkSignature, readSignatureAlgorithm, type SignatureFault, type Signed } from './signature.ts';
import { writeRequest } from './request-write.ts';
import { type NameFault, subjectDer, usableNames } from './subject.ts';

/** What a certificate request asks for, as plain JSON. All of it is only a wish. */
export interface RequestDescription {
  /** Who asks. */
  readonly subject: Name;
  /** The first common name, or null. */
  readonly commonName: string | null;
  /** The names that it is to be for. */
  readonly sans: ReadonlyArray<San>;
  /** The key that is to be certified. */
  readonly publicKey: PublicKey;
}

/** Why a certificate request is unusable. */
export type RequestFault = 'request-missing' | 'request-unreadable' | SignatureFault;

/** A request that was read, with its public key. */
export interface ReadRequest {
  readonly description: RequestDescription;
  readonly publicKey: ReadKey;
}

/** Largest request that is read, in bytes; the same as for a certificate. */
const MAX_REQUEST_BYTES = 102_400;

/** The signed part of a request, with its signature. */
const signedIn = (der: Uint8Array): Signed => {
  const outer = cursor(elementOf(der));
  const info = outer.take(TAG.sequence);
  const algorithm = readSignatureAlgorithm(outer.take(TAG.sequence));
  const signature = wholeBitsOf(outer.take(TAG.bitString).content);
  outer.end();
  return { algorithm, bytes: info.whole, signature };
};

const parse = (der: Uint8Array): ReadRequest & { readonly signed: Signed } => {
  const signed = signedIn(der);
  const parts = cursor(elementOf(signed.bytes));
  if (countOf(parts.take(TAG.integer).content) !== 0) malformed('value');
  const subject = readName(parts.take(TAG.sequence));
  const publicKey = readPublicKey(parts.take(TAG.sequence));
  const attributes = parts.maybe(context(0));
  parts.end();
  const wanted = (attributes === null ? [] : inside(attributes, context(0))).flatMap((attribute) => {
    const members = cursor(attribute);
    const oid = oidOf(members.take(TAG.oid).content);
    const values = members.take(TAG.set);
    members.end();
    return oid === EXTENSION_REQUEST ? [elementOf(values.content)] : [];
  });
  if (wanted.length > 1) malformed('duplicate-extension');
  const { altNames } = readExtensions(wanted[0] ?? null);
  const description = {
    subject: { text: subject.text, attributes: subject.attributes },
    commonName: valuesOf(subject, 'CN')[0] ?? null,
    sans: (altNames ?? []).map(sanOf),
    publicKey: publicKey.key,
  };
  return { description, publicKey, signed };
};

/** Checks that a request that was read is signed by its own key, which proves that the requester has it. */
export const checkProof = (
  { der, publicKey }: { readonly der: Uint8Array; readonly publicKey: ReadKey },
): TE.TaskEither<SignatureFault, void> =>
async () => {
  const signed = reading(() => signedIn(der));
  return E.isLeft(signed) ? E.left('signature-invalid') : await checkSignature(signed.right, publicKey)();
};

/** Reads the first request of a text, or DER, and checks its signature. */
export const openRequest = (encoded: Encoded): TE.TaskEither<RequestFault, ReadRequest> => async () => {
  const { blocks, faults } = readBlocks(encoded, 'request');
  const block = blocks.find(({ kind }) => kind === 'request');
  if (block === undefined) return E.left(faults.length > 0 ? 'request-unreadable' : 'request-missing');
  if (block.bytes.length > MAX_REQUEST_BYTES) return E.left('request-unreadable');
  const read = reading(() => parse(block.bytes));
  if (E.isLeft(read)) return E.left('request-unreadable');
  const { description, publicKey, signed } = read.right;
  return E.map(() => ({ description, publicKey }))(await checkSignature(signed, publicKey)());
};

/**
 * Reads a certificate request and checks that whoever made it holds the key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readRequest } from 'interface-tls-certificates/x509';
 * assert.deepEqual(await readRequest('no request')(), { _tag: 'Left', left: 'request-missing' });
 * ```
 */
export const readRequest = (encoded: Encoded): TE.TaskEither<RequestFault, RequestDescription> => async () =>
  E.map(({ description }: ReadRequest) => description)(await openRequest(encoded)());

/** What a request is made of. */
export interface NewRequest {
  /** May be empty where there are SANs. */
  readonly commonName: string;
  /** Host names, addresses, e-mail addresses and URIs. */
  readonly sans: ReadonlyArray<string>;
  /** Signs the CSR. */
  readonly key: PrivateKey;
}

/**
 * Makes a certificate request in PEM.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { generateKey, makeRequest, readRequest } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * const request = key._tag === 'Right' ? await makeRequest({ commonName: 'web', sans: ['10.0.0.7'], key: key.right })() : key;
 * const read = request._tag === 'Right' ? await readRequest(request.right)() : request;
 * assert.deepEqual(read._tag === 'Right' && read.right.sans, [{ type: 'ip', value: '10.0.0.7' }]);
 * ```
 */
export const makeRequest = (
  { commonName, sans, key }: NewRequest,
): TE.TaskEither<{ readonly code: KeyFault | 'signing-failed' } | NameFault, string> =>
async () => {
  const own = await openKey(key)();
  if (E.isLeft(own)) return E.left({ code: own.left });
  const names = usableNames(commonName, sans);
  if (E.isLeft(names)) return names;
  const { commonName: subject, sans: altNames } = names.right;
  try {
    const der = await writeRequest({
      subject: subjectDer(subject),
      spki: own.right.spki,
      extensions: newAltNames(altNames, subject !== null),
    }, own.right);
    return E.right(writePem('CERTIFICATE REQUEST', der));
  } catch {
    return E.left({ code: 'signing-failed' });
  }
};
