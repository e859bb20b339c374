/**
 * Certificates that are wrong in one way and right in every other. A forgery is kept as long as it is shown, so that a requirer sees a
 * change only where there is one.
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
  type Policy,
} from '../../core/authority/mod.ts';
import type { KeyPair } from '../../core/model/certificate.ts';
import type { ProvidesRequest } from '../../core/reactive/provides/view.ts';
import { daysAfter } from '../../core/authority/moment.ts';
import { generateKey } from '../../core/x509/key.ts';
import { issue } from '../../core/x509/issue.ts';
import type { Fault } from './fault.ts';

/** What is kept of forging. */
export interface Forgeries {
  /** The CA that nobody publishes; null until somebody is given a certificate of it. */
  readonly stranger: AuthorityState | null;
  /** By what each was made for. */
  readonly pairs: ReadonlyMap<string, KeyPair>;
}

/** Nothing was forged yet. */
export const noForgeries: Forgeries = { stranger: null, pairs: new Map() };

/** What a forger works with. */
export interface Forging {
  readonly authority: OpenAuthority;
  readonly ca: NewAuthority;
  readonly policy: Policy;
  readonly moment: Moment;
}

/** Of nobody: the domain will never exist (RFC 6761 section 6.4). */
const ELSEWHERE = 'elsewhere.invalid';

/** What a forgery is for: where any of it changes, another one is made. */
const purposeOf = (
  { fault, days }: Fault,
  { relationId, unit, certType, commonName, sans }: ProvidesRequest,
  issuer: string,
): string =>
  // All units of an application have one certificate.
  JSON.stringify([fault, days, relationId, certType === 'application' ? '' : unit, certType, commonName, sans, issuer]);

const strangerOf = async (before: Forgeries, { ca, moment }: Forging): Promise<AuthorityState | null> => {
  if (before.stranger !== null) return before.stranger;
  const made = await createAuthority(ca, moment)();
  return E.isRight(made) ? made.right : null;
};

/** When the certificate of a fault ends: a second after the CA's beginning for one that has ended, so that its CA could have issued it. */
const endOf = ({ fault, days = 1 }: Fault, { description: ca }: OpenAuthority, { now }: Moment): Date => {
  if (fault === 'expired') return new Date(Date.parse(ca.notBefore) + 1_000);
  return new Date(Math.min(daysAfter(now, fault === 'ends-soon' ? days : 90).getTime(), Date.parse(ca.notAfter)));
};

/**
 * When it begins: with the CA; one that ends soon has begun so long ago that the greater part of its life is over, for a new certificate of
 * a day is nothing to be told of.
 */
const beginningOf = ({ fault, days = 1 }: Fault, { description: ca }: OpenAuthority, { now }: Moment): Date =>
  new Date(Math.min(Date.parse(ca.notBefore), fault === 'ends-soon' ? daysAfter(now, -4 * days).getTime() : Infinity));

const made = async (
  fault: Fault,
  request: ProvidesRequest,
  issuer: OpenAuthority,
  { policy, moment }: Forging,
): Promise<KeyPair | null> => {
  const key = await generateKey(policy.kinds[request.certType].keys)();
  if (E.isLeft(key)) return null;
  if (fault.fault === 'wrong-key') return { cert: request.cert ?? '', key: key.right };
  const names = fault.fault === 'wrong-names' ? { commonName: ELSEWHERE, sans: [ELSEWHERE] } : request;
  const { certType } = request;
  const { commonName, sans } = names;
  const notBefore = beginningOf(fault, issuer, moment);
  // No certificate is issued from before its CA: to the one that issues, the CA is as old as the forgery has to look.
  const certificate = { ...issuer.issuer.certificate, notBefore: notBefore.getTime() };
  const older = { ...issuer.issuer, certificate };
  const cert = await issue({ certType, commonName, sans, holder: { key: key.right } }, older, {
    notBefore,
    notAfter: endOf(fault, issuer, moment),
    random: moment.random,
  })();
  return E.isRight(cert) ? { cert: cert.right, key: key.right } : null;
};

/** Makes forgeries, one after the other, and keeps those that were asked for. */
export class Forger {
  readonly #before: Forgeries;
  readonly #forging: Forging;
  readonly #used = new Map<string, KeyPair>();
  #stranger: OpenAuthority | null = null;

  constructor(before: Forgeries, forging: Forging) {
    this.#before = before;
    this.#forging = forging;
  }

  /** The wrong answer to a request that was answered rightly; null where none can be made. */
  async forge(fault: Fault, request: ProvidesRequest): Promise<KeyPair | null> {
    const { authority } = this.#forging;
    const purpose = purposeOf(
      fault,
      request,
      fault.fault === 'wrong-key' ? request.cert ?? '' : authority.state.certificate,
    );
    const known = this.#used.get(purpose) ?? this.#before.pairs.get(purpose);
    const issuer = fault.fault === 'wrong-ca' ? await this.#openStranger() : authority;
    const pair = known ?? (issuer === null ? null : await made(fault, request, issuer, this.#forging));
    if (pair !== null) this.#used.set(purpose, pair);
    return pair;
  }

  /** What is to be kept. */
  get forgeries(): Forgeries {
    return { stranger: this.#stranger?.state ?? this.#before.stranger, pairs: this.#used };
  }

  async #openStranger(): Promise<OpenAuthority | null> {
    if (this.#stranger !== null) return this.#stranger;
    const state = await strangerOf(this.#before, this.#forging);
    const opened = state === null ? null : await openAuthority(state)();
    this.#stranger = opened !== null && E.isRight(opened) ? opened.right : null;
    return this.#stranger;
  }
}
