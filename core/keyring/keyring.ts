/**
 * The keyring: makes the certificate requests that a requirer's view says are missing. It is the requirer's reaction, as the authority is
 * the provider's: asynchronous, with its randomness and its clock handed in. Keys come from whoever keeps them, and go nowhere.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { contentOf } from '../csr/content.ts';
import type { CsrPem } from '../csr/csr-pem.ts';
import { type Millis, timestampOf } from '../csr/expiry.ts';
import type { CsrRequiresView, RequestView } from '../csr/requires/view.ts';
import { textsOnce } from '../csr/texts.ts';
import { digestOf } from '../digest.ts';
import type { PrivateKey } from '../model/certificate.ts';
import type { UnitName } from '../model/names.ts';
import type { Bag } from '../model/outcome.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { type KeyringFault, makeCsr } from './csr.ts';

/** What a keyring is given. */
export interface Keyring {
  /** The key in force of the unit, and of its application where this unit leads it; null: there is none. */
  readonly keys: { readonly [B in Bag]: PrivateKey | null };
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
  /** The unit, by whose name renewals are spread, and the present. Without it no renewal waits. */
  readonly spread?: { readonly unit: UnitName; readonly now: Timestamp };
}

/** What a keyring made. */
export interface Made {
  /** For the intent's `made`. */
  readonly made: ReadonlyArray<CsrPem>;
  /** When to come again for the first renewal that waits for its turn; null: none does. */
  readonly until: Timestamp | null;
}

/** A UUID of version 4 (RFC 9562 section 5.4), as the Python library draws one for each request. */
export const uuidFrom = (random: Keyring['random']): string => {
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

/** When a renewal that is due has its turn; null where it does not wait. One that the charm wants before it is due never does. */
const turnOf = (view: RequestView, { spread }: Keyring): Millis | null => {
  const { why, certificate, renewAt } = view;
  const dates = certificate === null ? null : textsOnce().certificate(certificate)?.certificate ?? null;
  if (spread === undefined || why !== 'renewal' || renewAt === null || dates === null) return null;
  const [now, due] = [Date.parse(spread.now), Date.parse(renewAt)];
  // Never so long that the certificate ends meanwhile.
  const wait = Math.min(renewalDelay(spread.unit, view, dates.notAfter - dates.notBefore), (dates.notAfter - due) / 2);
  // In whole seconds, as moments are written.
  const turn = due + Math.floor(wait / 1000) * 1000;
  return now >= due && now < turn ? turn : null;
};

/**
 * Makes a request for each that is missing and whose key is there, in the view's order. Nothing is made for the others, nor yet for
 * renewals whose turn is to come. What is made goes into the intent's `made`. Of a view of `any/requires`, `missing` is the list of requests.
 *
 * `Left` says what is wrong with a key: the CSRs of all others are then not made either. Source: docs/csr-protocol.md, What a request is
 * made of.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates/csr';
 * import { makeMissing } from 'interface-tls-certificates/keyring';
 * import { generateKey } from 'interface-tls-certificates/x509';
 * const key = await generateKey('P-256')();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const decided = decide({
 *   side: 'csr/requires',
 *   snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [{ id: 'certificates:3', localUnitData: {}, remoteUnits: {} }] },
 *   intent: { requests: [{ certType: 'server', commonName: 'web.example' }] },
 * });
 * if (decided._tag === 'Left') throw new Error(decided.left.message);
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const made = await makeMissing(decided.right.view, { keys: { unit: key.right, application: null }, random })();
 * assert.ok(made._tag === 'Right' && made.right.made[0]?.startsWith('-----BEGIN CERTIFICATE REQUEST-----'));
 * ```
 */
export const makeMissing = (
  { requests }: Pick<CsrRequiresView, 'requests'>,
  keyring: Keyring,
): TE.TaskEither<KeyringFault, Made> =>
async () => {
  const { keys, random } = keyring;
  const made: Array<CsrPem> = [];
  const turns: Array<Millis> = [];
  const done = new Set<string>();
  for (const view of requests) {
    const { state, request, bag } = view;
    const key = keys[bag];
    const content = contentOf(request);
    // The same request twice is one.
    const id = JSON.stringify([request.certType, E.isRight(content) ? content.right : null]);
    if (state !== 'missing' || key === null || E.isLeft(content) || done.has(id)) continue;
    done.add(id);
    const turn = turnOf(view, keyring);
    if (turn !== null) {
      turns.push(turn);
      continue;
    }
    const identifier = request.uniqueIdentifier ? uuidFrom(random) : null;
    const csr = await makeCsr({ content: content.right, certType: request.certType, key, identifier })();
    if (E.isLeft(csr)) return csr;
    made.push(csr.right);
  }
  return E.right({ made, until: turns.length === 0 ? null : timestampOf(turns.reduce((a, b) => Math.min(a, b))) });
};
