/**
 * The public half of a kept key. A snapshot holds nothing else of a key.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import type { KeptKey, PublicKeyText } from '../model/snapshot.ts';
import { openKey } from '../x509/key.ts';
import { latin1Of } from '../x509/primitives.ts';

/**
 * A private key as an entry of a snapshot's `keys`: its owner, its keeper's name for it, and its public half (base64 of the
 * SubjectPublicKeyInfo, RFC 5280 section 4.1). The result does not contain the private half.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { keptKey } from 'interface-tls-certificates/keyring';
 * import { generateKey } from 'interface-tls-certificates/x509';
 * const key = await generateKey('P-256')();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const kept = await keptKey({ owner: 'unit', name: 'web' }, key.right)();
 * assert.ok(kept._tag === 'Right' && kept.right.publicKey.startsWith('MFkwEwYHKoZIzj0'));
 * ```
 */
export const keptKey =
  (of: Pick<KeptKey, 'owner' | 'name'>, key: PrivateKey): TE.TaskEither<'key-unreadable', KeptKey> => async () => {
    const own = await openKey(key)();
    if (E.isLeft(own)) return E.left('key-unreadable');
    // Base64 of a SubjectPublicKeyInfo is exactly what the type means.
    return E.right({ ...of, publicKey: btoa(latin1Of(own.right.spki)) as PublicKeyText });
  };
