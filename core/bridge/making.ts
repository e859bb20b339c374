/**
 * Makes the certificate requests that a bridge is missing: its reaction, as the keyring is a requirer's. Keys come from their keeper.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { CsrPem } from '../csr/csr-pem.ts';
import { type KeyringFault, makeCsr } from '../keyring/csr.ts';
import { uuidFrom } from '../keyring/keyring.ts';
import type { PrivateKey } from '../model/certificate.ts';
import type { MissingCsr } from './decision.ts';
import type { KeyLabel } from './request-id.ts';

/** What it needs. */
export interface Making {
  /** The key that is kept for a request; null: there is none, and nothing is made. */
  readonly keyOf: (label: KeyLabel) => PrivateKey | null;
  /** Cryptographically secure random bytes, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

/** What was made. */
export interface MadeCsrs {
  /** For {@link BridgeInput}'s `made`. */
  readonly made: ReadonlyArray<CsrPem>;
  /** Requests whose key is unusable. */
  readonly faults: ReadonlyArray<{ readonly label: KeyLabel; readonly fault: KeyringFault }>;
}

/**
 * Makes a certificate request for each missing one whose key is available. An unusable key does not hold up the others.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { makeBridged } from 'interface-tls-certificates/bridge';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * assert.deepEqual(await makeBridged([], { keyOf: () => null, random })(), { made: [], faults: [] });
 * ```
 */
export const makeBridged =
  (missing: ReadonlyArray<MissingCsr>, { keyOf, random }: Making): T.Task<MadeCsrs> => async () => {
    const made: Array<CsrPem> = [];
    const faults: Array<MadeCsrs['faults'][number]> = [];
    for (const { label, content, certType } of missing) {
      const key = keyOf(label);
      if (key === null) continue;
      const csr = await makeCsr({ content, certType, key, identifier: uuidFrom(random) })();
      if (E.isRight(csr)) made.push(csr.right);
      else faults.push({ label, fault: csr.left });
    }
    return { made, faults };
  };
