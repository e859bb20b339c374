/**
 * A CA that signs: its certificate and its key, opened once for any number of certificates.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { readBundle } from './bundle.ts';
import type { Certificate } from './certificate.ts';
import type { IssueFault } from './issue-fault.ts';
import { type Keys, readKeys } from './key.ts';
import type { Encoded } from './pem.ts';
import { provesKey } from './private-key.ts';
import { caFaults } from './purpose.ts';

/** A CA that signs: its certificate and the key that belongs to it. */
export interface CaPair {
  /** PEM or DER. */
  readonly certificate: Encoded;
  /** The private key that belongs to it. */
  readonly key: PrivateKey;
}

/** A CA whose key has been verified to belong to its certificate: made by {@link openIssuer}, once for any number of certificates. */
export interface Issuer {
  /** The CA's certificate. */
  readonly certificate: Certificate;
  /** Its keys, ready to sign. */
  readonly keys: Keys;
}

/**
 * Opens a CA for {@link "issue".issue}: its key must belong to its certificate, and it must be allowed to sign.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { openIssuer } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const issuer = await openIssuer(made.right)();
 * assert.ok(issuer._tag === 'Right');
 * ```
 */
export const openIssuer = ({ certificate, key }: CaPair): TE.TaskEither<IssueFault, Issuer> => async () => {
  const [issuer] = readBundle(certificate).certificates;
  if (issuer === undefined) return E.left({ code: 'issuer-unreadable' });
  if (caFaults(issuer.description).length > 0) return E.left({ code: 'issuer-not-a-ca' });
  const proved = await provesKey(key, issuer.publicKey)();
  if (E.isLeft(proved)) return E.left({ code: proved.left, whose: 'issuer' });
  const keys = await readKeys(key)();
  return E.isLeft(keys)
    ? E.left({ code: keys.left, whose: 'issuer' })
    : E.right({ certificate: issuer, keys: keys.right });
};
