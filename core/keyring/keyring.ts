/**
 * The keyring makes the certificate requests that a requirer's view lists as missing. It is the requirer's reaction, as the authority is
 * the provider's: asynchronous, with randomness and clock passed in. Keys come from their keeper, and go nowhere else.
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

/** What a keyring needs. */
export interface Keyring {
  /** The key in force of the unit, and of its application if this unit is its leader; null if there is none. */
  readonly keys: { readonly [B in Bag]: PrivateKey | null };
  /** Cryptographically secure random bytes, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
  /** The unit, whose name spreads renewals over time, and the current time. Without it, renewals do not wait. */
  readonly spread?: { readonly unit: UnitName; readonly now: Timestamp };
}

/** What a keyring made. */
export interface Made {
  /** For the intent's `made`. */
  readonly made: ReadonlyArray<CsrPem>;
  /** When to come back for the first renewal that waits for its turn; null if none waits. */
  readonly until: Timestamp | null;
}

/** A version 4 UUID (RFC 9562 section 5.4), as the Python library generates one for each request. */
export const uuidFrom = (random: Keyring['random']): string => {
  const bytes = random(16).slice();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** The part of a certificate's life that a renewal may wait, so that a thousand units do not renew within one minute. */
const SPREAD = 0.01;

/**
 * How long after the due moment a unit renews, in milliseconds: up to a hundredth of the certificate's life, and always the same for a unit
 * and a request. `life` lasts from its first moment to its last.
 */
export const renewalDelay = (unit: UnitName, { request }: RequestView, life: number): number => {
  const share = parseInt(digestOf([unit, request.certType, request.commonName]).slice(0, 8), 16) / 2 ** 32;
  return Math.floor(share * SPREAD * life);
};

/** When a due renewal gets its turn; null if it does not wait. A renewal that the charm wants before it is due never waits. */
const turnOf = (view: RequestView, { spread }: Keyring): Millis | null => {
  const { why, certificate, renewAt } = view;
  const dates = certificate === null ? null : textsOnce().certificate(certificate)?.certificate ?? null;
  if (spread === undefined || why !== 'renewal' || renewAt === null || dates === null) return null;
  const [now, due] = [Date.parse(spread.now), Date.parse(renewAt)];
  // But never so long that the certificate ends first.
  const wait = Math.min(renewalDelay(spread.unit, view, dates.notAfter - dates.notBefore), (dates.notAfter - due) / 2);
  // In whole seconds, like all moments in documents.
  const turn = due + Math.floor(wait / 1000) * 1000;
  return now >= due && now < turn ? turn : null;
};

/**
 * Makes a request for each missing one whose key is available, in the order of the view. It skips the others, and renewals whose turn has
 * not come. The result goes into the intent's `made`. For a view of `any/requires`, `missing` is the list of requests.
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
    // Identical requests count once.
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
