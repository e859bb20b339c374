/**
 * When an authority has something to do without being asked: the steps of a replacement, the ends of what is published.
 *
 * @module
 */
import { earliest } from '../csr/expiry.ts';
import type { CsrProvidesView } from '../csr/provides/view.ts';
import { textsOnce } from '../csr/texts.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { type OpenAuthority, rotationOf } from './authority.ts';
import type { Policy } from './policy.ts';
import { replacementOf } from './replacement.ts';

/** Timers count whole seconds, and a step is due after its moment. */
const STEP = 1000;

/**
 * When the next step of a CA is due: a new one is announced or signs, or the former one or its cross-certificate goes. Null: never.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, nextStep, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const step = nextStep(opened.right, openPolicy, moment.now);
 * assert.ok(step !== null && step > '2026-11-25'); // a new CA will be announced
 * ```
 */
export const nextStep = (authority: OpenAuthority, policy: Policy, now: Date): Timestamp | null => {
  const { state } = authority;
  const replacement = replacementOf(state, policy, now);
  const moments = [
    ...(state.next === null ? [rotationOf(authority, policy)] : []),
    ...(replacement.phase === 'announced' ? [Date.parse(replacement.signsAt)] : []),
    ...state.retired.flatMap(({ until, cross }) => [until, ...(cross === null ? [] : [cross.until])]).map(Date.parse),
  ];
  // A step in the past that has not been taken is taken in the next hook.
  return earliest(
    moments.filter(Number.isFinite).map((moment) => Math.ceil(moment / STEP) * STEP + STEP),
    now.getTime(),
  );
};

/**
 * When the next step of a CA is due, or a published certificate ends. Null: never.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, nextDue, nextStep, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const due = nextDue(opened.right, openPolicy, { requests: [] }, moment.now);
 * assert.equal(due, nextStep(opened.right, openPolicy, moment.now)); // nothing is issued that could end before
 * ```
 */
export const nextDue = (
  authority: OpenAuthority,
  policy: Policy,
  { requests }: CsrProvidesView,
  now: Date,
): Timestamp | null => {
  const texts = textsOnce();
  const ends = requests.flatMap(({ certificate }) => {
    const known = certificate === null ? null : texts.certificate(certificate);
    return known === null ? [] : [known.certificate.notAfter];
  });
  const step = nextStep(authority, policy, now);
  return earliest([...ends, ...(step === null ? [] : [Date.parse(step)])], now.getTime());
};
