/**
 * Certificates that are wrong in one way and right in every other. A forgery is kept as long as it is shown, so that a requirer only sees a
 * change if there is one.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  type AuthorityState,
  createAuthority,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
} from '../../core/authority/mod.ts';
import { daysAfter } from '../../core/authority/moment.ts';
import type { Issuer, Terms } from '../../core/x509/mod.ts';
import type { Fault } from './fault.ts';

/** The forgeries that are kept. `A` is what is forged. */
export interface Forgeries<A> {
  /** The CA that nobody publishes; null until it is needed for a certificate. */
  readonly stranger: AuthorityState | null;
  /** By what each was made for. */
  readonly made: ReadonlyMap<string, A>;
}

/** No forgeries yet. */
export const noForgeries = <A>(): Forgeries<A> => ({ stranger: null, made: new Map() });

/** What a forger works with. */
export interface Forging {
  readonly authority: OpenAuthority;
  readonly ca: NewAuthority;
  readonly moment: Moment;
}

/** Nobody's: the domain will never exist (RFC 6761 section 6.4). */
export const ELSEWHERE = 'elsewhere.invalid';

const strangerOf = async <A>(before: Forgeries<A>, { ca, moment }: Forging): Promise<AuthorityState | null> => {
  if (before.stranger !== null) return before.stranger;
  const made = await createAuthority(ca, moment)();
  return E.isRight(made) ? made.right : null;
};

/** When the certificate of a fault ends: for an expired one a second after the start of the CA, so that its CA could have issued it. */
const endOf = ({ fault, days = 1 }: Fault, { description: ca }: OpenAuthority, { now }: Moment): Date => {
  if (fault === 'expired') return new Date(Date.parse(ca.notBefore) + 1_000);
  return new Date(Math.min(daysAfter(now, fault === 'ends-soon' ? days : 90).getTime(), Date.parse(ca.notAfter)));
};

/**
 * When it starts: together with the CA. One that ends soon started so long ago that most of its life is over, since a new certificate of
 * one day would be nothing to report.
 */
const beginningOf = ({ fault, days = 1 }: Fault, { description: ca }: OpenAuthority, { now }: Moment): Date =>
  new Date(Math.min(Date.parse(ca.notBefore), fault === 'ends-soon' ? daysAfter(now, -4 * days).getTime() : Infinity));

/** Makes forgeries one after another, and keeps those that are used. */
export class Forger<A> {
  readonly #before: Forgeries<A>;
  readonly #forging: Forging;
  readonly #used = new Map<string, A>();
  #stranger: OpenAuthority | null = null;

  constructor(before: Forgeries<A>, forging: Forging) {
    this.#before = before;
    this.#forging = forging;
  }

  /**
   * The wrong answer for a purpose: the same as before as long as fault, purpose and CA stay the same. `make` is told who signs it and when
   * it is valid. Null if none can be made.
   */
  async forge(
    fault: Fault,
    purpose: ReadonlyArray<unknown>,
    make: (issuer: Issuer, terms: Terms) => Promise<A | null>,
  ): Promise<A | null> {
    const { authority, moment } = this.#forging;
    const key = JSON.stringify([fault.fault, fault.days, authority.state.certificate, ...purpose]);
    const known = this.#used.get(key) ?? this.#before.made.get(key) ?? null;
    const signs = known === null && fault.fault === 'wrong-ca' ? await this.#openStranger() : authority;
    const made = known ?? (signs === null ? null : await make(...this.#termsOf(fault, signs, moment)));
    if (made !== null) this.#used.set(key, made);
    return made;
  }

  /** What to keep. */
  get forgeries(): Forgeries<A> {
    return { stranger: this.#stranger?.state ?? this.#before.stranger, made: this.#used };
  }

  #termsOf(fault: Fault, signs: OpenAuthority, moment: Moment): readonly [Issuer, Terms] {
    const notBefore = beginningOf(fault, signs, moment);
    // No certificate is issued with a date before its CA: for whoever issues it, the CA is as old as the forgery has to look.
    const certificate = { ...signs.issuer.certificate, notBefore: notBefore.getTime() };
    const terms = { notBefore, notAfter: endOf(fault, signs, moment), random: moment.random };
    return [{ ...signs.issuer, certificate }, terms];
  }

  async #openStranger(): Promise<OpenAuthority | null> {
    if (this.#stranger !== null) return this.#stranger;
    const state = await strangerOf(this.#before, this.#forging);
    const opened = state === null ? null : await openAuthority(state)();
    this.#stranger = opened !== null && E.isRight(opened) ? opened.right : null;
    return this.#stranger;
  }
}
