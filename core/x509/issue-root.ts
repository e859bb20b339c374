/**
 * Issuing a root: a CA's certificate that signs itself.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import type { IssueFault } from './issue-fault.ts';
import { readKeys } from './key.ts';
import { isPathLength, sign, spkiOf } from './sign.ts';
import { usableNames } from './subject.ts';
import { checkValidity, type Terms } from './terms.ts';

/** A root to be made. */
export interface NewRoot {
  /** The CA's name. */
  readonly commonName: string;
  /** The key that it certifies and signs with. */
  readonly key: PrivateKey;
  /** How many CAs may be below one another below it; default: any number. */
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
    const keys = await readKeys(key)();
    if (E.isLeft(keys)) return E.left({ code: keys.left, whose: 'holder' });
    const spki = await spkiOf(keys.right.publicKey);
    return sign(
      { certType: 'root', names: names.right, pathLength: pathLength ?? null, spki, subtrees: null },
      null,
      keys.right,
      terms,
    )();
  };
