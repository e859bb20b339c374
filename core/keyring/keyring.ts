/**
 * The keyring: makes the certificate requests that a requirer's view says are missing. It is the requirer's reaction, as the authority is
 * the provider's: asynchronous, with its randomness handed in. Keys come from whoever keeps them, and go nowhere.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { contentOf } from '../csr/content.ts';
import type { CsrPem } from '../csr/csr-pem.ts';
import type { CsrRequiresView, RequestView } from '../csr/requires/view.ts';
import { digestOf } from '../digest.ts';
import type { PrivateKey } from '../model/certificate.ts';
import type { UnitName } from '../model/names.ts';
import type { Bag } from '../model/outcome.ts';
import { type KeyringFault, makeCsr } from './csr.ts';

/** What a keyring is given. */
export interface Keyring {
  /** The key in force of the unit, and of its application where this unit leads it; null: there is none. */
  readonly keys: { readonly [B in Bag]: PrivateKey | null };
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

/** A UUID of version 4 (RFC 9562 section 5.4), as the Python library draws one for each request. */
const uuidFrom = (random: Keyring['random']): string => {
  const bytes = random(16).slice();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** The part of a life that a renewal may wait, so that a thousand units do not renew in one minute. */
const SPREAD = 0.01;

/**
 * How long after it fell due a unit renews, in milliseconds: up to a hundredth of the certificate's life, always the same for a unit and a
 * request. `life` is from its first moment to its last.
 */
export const renewalDelay = (unit: UnitName, { request }: RequestView, life: number): number => {
  const share = parseInt(digestOf([unit, request.certType, request.commonName]).slice(0, 8), 16) / 2 ** 32;
  return Math.floor(share * SPREAD * life);
};

/** Makes a request for each that is missing and whose key is there, in the view's order. Nothing is made for the others. */
export const makeMissing = (
  { requests }: CsrRequiresView,
  { keys, random }: Keyring,
): TE.TaskEither<KeyringFault, ReadonlyArray<CsrPem>> =>
async () => {
  const made: Array<CsrPem> = [];
  const done = new Set<string>();
  for (const { state, request, bag } of requests) {
    const key = keys[bag];
    const content = contentOf(request);
    // The same request twice is one.
    const id = JSON.stringify([request.certType, E.isRight(content) ? content.right : null]);
    if (state !== 'missing' || key === null || E.isLeft(content) || done.has(id)) continue;
    done.add(id);
    const identifier = request.uniqueIdentifier ? uuidFrom(random) : null;
    const csr = await makeCsr({ content: content.right, certType: request.certType, key, identifier })();
    if (E.isLeft(csr)) return csr;
    made.push(csr.right);
  }
  return E.right(made);
};
