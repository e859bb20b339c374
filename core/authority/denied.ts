/**
 * What an operator denies: kept with the CA until it is allowed again.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type AuthorityState, type Denial, toKeep } from './state.ts';

/** The properties of a request that a denial may name. */
export interface Deniable {
  readonly relationId: string;
  readonly commonNames: ReadonlyArray<string>;
  /** Null if there is no CSR. */
  readonly fingerprint: string | null;
}

/** Why nothing is denied, or allowed again. */
export type DenialFault =
  /** It names nothing, so it would deny everything. */
  | 'nothing-named'
  /** Nothing like this is denied. */
  | 'not-denied'
  /** No request and no certificate has this fingerprint. */
  | 'fingerprint-unknown';

/** Names in the form used for comparison: case makes no difference. */
const folded = (name: string): string => name.toLowerCase();

const normal = ({ relationId, commonName, fingerprint }: Denial): Denial => ({
  ...(relationId === undefined ? {} : { relationId }),
  ...(commonName === undefined ? {} : { commonName: folded(commonName) }),
  // As people copy it from other programs: with colons, in capitals.
  ...(fingerprint === undefined ? {} : { fingerprint: fingerprint.replace(/[^0-9A-Fa-f]/g, '').toLowerCase() }),
});

const isSame = (a: Denial, b: Denial): boolean =>
  a.relationId === b.relationId && a.commonName === b.commonName && a.fingerprint === b.fingerprint;

const namesNothing = ({ relationId, commonName, fingerprint }: Denial): boolean =>
  relationId === undefined && commonName === undefined && fingerprint === undefined;

/**
 * Denies everything that matches all given properties, from the next run on; repeating it changes nothing.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, deny } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const denied = deny(made.right, { commonName: 'web.example' });
 * assert.deepEqual(denied._tag === 'Right' && denied.right.denied, [{ commonName: 'web.example' }]);
 * ```
 */
export const deny = (state: AuthorityState, denial: Denial): E.Either<DenialFault, AuthorityState> => {
  if (namesNothing(denial)) return E.left('nothing-named');
  const wanted = normal(denial);
  return E.right(
    state.denied.some((known) => isSame(known, wanted))
      ? state
      : toKeep({ ...state, denied: [...state.denied, wanted] }),
  );
};

/**
 * Removes the denials that say the same.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { allow, createAuthority, deny } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const denied = deny(made.right, { commonName: 'web.example' });
 * if (denied._tag === 'Left') throw new Error(denied.left);
 * const allowed = allow(denied.right, { commonName: 'web.example' });
 * assert.deepEqual(allowed._tag === 'Right' && allowed.right.denied, []);
 * ```
 */
export const allow = (state: AuthorityState, denial: Denial): E.Either<DenialFault, AuthorityState> => {
  const wanted = normal(denial);
  const denied = state.denied.filter((known) => !isSame(known, wanted));
  return denied.length === state.denied.length ? E.left('not-denied') : E.right(toKeep({ ...state, denied }));
};

/** Tells whether requests are denied. */
export const denials = ({ denied }: Pick<AuthorityState, 'denied'>): (request: Deniable) => boolean => {
  const all = denied.map(normal);
  return ({ relationId, commonNames, fingerprint }) => {
    if (all.length === 0) return false;
    const names = new Set(commonNames.map(folded));
    return all.some((denial) =>
      !namesNothing(denial) &&
      (denial.relationId === undefined || denial.relationId === relationId) &&
      (denial.commonName === undefined || names.has(denial.commonName)) &&
      (denial.fingerprint === undefined || denial.fingerprint === fingerprint)
    );
  };
};
