/**
 * Replaces a CA without an outage, in three steps driven by the clock and the requirers:
 *
 * 1. **announced**: the new CA is published as trusted beside the present one, which still signs. This can be aborted.
 * 2. **overlap**: every requirer has had a hook since, or a time has passed. The new CA signs, and everything is reissued. The former one stays
 * one stays trusted, and has certified the new one, so that requirers that only know the former one can still verify.
 * 3. **steady**: the overlap is over, and the former CA is no longer trusted. Its cross-certificate is published for the same time again,
 * since requirers hear of the change one after another.
 *
 * So at every moment, what a requirer trusts covers every certificate in use, of the old and of the new CA. The steps are functions of what
 * is kept; its keeper says when they are taken. This file knows the current step; announcing.ts takes the first one, succession.ts the
 * second, and former.ts says how long the third one waits. `docs/authority.md` explains why `ca` has several certificates, and the
 * cross-certificate.
 *
 * @module
 */
import type { Timestamp } from '../model/snapshot.ts';
import { standing } from './authority.ts';
import { endOf } from './former.ts';
import { daysAfter, timestamp } from './moment.ts';
import type { Policy } from './policy.ts';
import type { AuthorityState } from './state.ts';

/** The step that a replacement is in. */
export type Replacement =
  | { readonly phase: 'steady' }
  /** The new CA signs at that time at the latest. */
  | { readonly phase: 'announced'; readonly signsAt: Timestamp }
  /** The former CA is published until then. */
  | { readonly phase: 'overlap'; readonly endsAt: Timestamp };

/**
 * The step that a replacement is in at a moment. If a CA is near its end, the new one signs when half of the remaining time is gone, since
 * what the old one issued ends with it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, createAuthority, openPolicy, replacementOf } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * assert.equal(replacementOf(made.right, openPolicy, moment.now).phase, 'steady');
 * assert.equal(replacementOf(announced.right, openPolicy, moment.now).phase, 'announced');
 * ```
 */
export const replacementOf = (state: AuthorityState, { announceDays }: Policy, now: Date): Replacement => {
  if (state.next !== null) {
    const since = new Date(state.next.since);
    const half = (since.getTime() + endOf(state)) / 2;
    return {
      phase: 'announced',
      signsAt: timestamp(new Date(Math.min(daysAfter(since, announceDays).getTime(), half))),
    };
  }
  const [former] = standing(state, now);
  return former === undefined ? { phase: 'steady' } : { phase: 'overlap', endsAt: former.until };
};

/**
 * A replacement in a sentence for people; null if there is none.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { tellReplacement } from 'interface-tls-certificates/authority';
 * assert.equal(tellReplacement({ phase: 'steady' }), null);
 * ```
 */
export const tellReplacement = (replacement: Replacement): string | null => {
  switch (replacement.phase) {
    case 'steady':
      return null;
    case 'announced':
      return `a new CA is trusted beside the present one; it signs at ${replacement.signsAt} at the latest`;
    case 'overlap':
      return `a new CA signs; the former one is trusted until ${replacement.endsAt}`;
  }
};

/**
 * Whether the announced CA should sign now. `hasHeard` says whether every requirer has had a hook since a moment.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, createAuthority, isDueToSign, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * assert.ok(!isDueToSign(announced.right, openPolicy, moment.now, () => false));
 * assert.ok(isDueToSign(announced.right, openPolicy, moment.now, () => true)); // every requirer has heard of it
 * ```
 */
export const isDueToSign = (
  state: AuthorityState,
  policy: Policy,
  now: Date,
  hasHeard: (since: Date) => boolean,
): boolean => {
  const replacement = replacementOf(state, policy, now);
  if (replacement.phase !== 'announced' || state.next === null) return false;
  return now.getTime() >= Date.parse(replacement.signsAt) || hasHeard(new Date(state.next.since));
};
