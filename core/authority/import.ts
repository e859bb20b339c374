/**
 * Takes over a CA that was made elsewhere, and has another CA sign ours.
 *
 * Everything is checked before it is kept: that it is a CA's certificate with its own key, that it is valid, and that the CAs above it lead
 * leads to a root. What the CA issued before stays valid where name and key are the same, so nothing is reissued then.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { readBundle } from '../x509/bundle.ts';
import { requestOfCa } from '../x509/ca-request.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { IssueFault } from '../x509/issue-fault.ts';
import { openIssuer } from '../x509/issuer.ts';
import { writePem } from '../x509/pem.ts';
import { verify } from '../x509/verify.ts';
import { madeIn } from './announcing.ts';
import type { OpenAuthority } from './authority.ts';
import { retired } from './former.ts';
import type { Moment } from './moment.ts';
import { type AuthorityState, toKeep } from './state.ts';

/** A CA from elsewhere. */
export interface ImportedCa {
  /** PEM. */
  readonly certificate: string;
  /** The CAs above it, in any order, PEM; empty if it is a root. */
  readonly chain: string;
  /** Its key; if left out, the key of the CA that is kept. */
  readonly key?: PrivateKey;
  /** The operator's number for it, so that a number that is already configured does not ask for another CA. */
  readonly generation?: number;
}

/** Why a CA is not taken over. */
export type ImportFault =
  | IssueFault
  /** No key came with it, and none is kept. */
  | { readonly code: 'no-key' }
  | { readonly code: 'chain-unreadable' }
  | { readonly code: 'not-yet-valid'; readonly from: string }
  | { readonly code: 'expired'; readonly to: string }
  /** The CAs above it do not lead to a root, or it must not sign below them; with the first reason. */
  | { readonly code: 'path-broken'; readonly reason: string };

const pemOf = ({ der }: Certificate): string => writePem('CERTIFICATE', der);

const isRoot = ({ description }: Certificate): boolean => description.selfIssued;

/** The CAs above one, each signed by the next, up to a root. */
const aboveOf = async (
  own: Certificate,
  { certificate, chain }: ImportedCa,
  now: Date,
): Promise<E.Either<ImportFault, ReadonlyArray<string>>> => {
  // Whatever follows the certificate counts as chain, as everywhere.
  const rest = [...readBundle(certificate).certificates.slice(1), ...readBundle(chain).certificates];
  const others = rest.filter(({ description }) => description.sha256 !== own.description.sha256);
  if (isRoot(own)) {
    const alone = await verify({ certificate: pemOf(own), ca: pemOf(own), purpose: 'intermediate', now })();
    const [reason] = E.isLeft(alone) ? alone.left.reasons : [];
    return reason === undefined ? E.right([]) : E.left({ code: 'path-broken', reason: reason.code });
  }
  const roots = others.filter(isRoot);
  if (roots.length === 0) return E.left({ code: 'path-broken', reason: 'no-root' });
  const verified = await verify({
    certificate: pemOf(own),
    chain: others.map(pemOf).join('\n'),
    ca: roots.map(pemOf).join('\n'),
    purpose: 'intermediate',
    now,
  })();
  if (E.isLeft(verified)) {
    return E.left({ code: 'path-broken', reason: verified.left.reasons[0]?.code ?? 'no-path' });
  }
  const byDigest = new Map(others.map((one) => [one.description.sha256, pemOf(one)]));
  return E.right(
    verified.right.slice(1).map(({ sha256 }) => byDigest.get(sha256)).filter((pem) => pem !== undefined),
  );
};

/**
 * Replaces the kept CA, if any, with a CA from elsewhere. One with the same name and key simply replaces it; with another one, the former
 * CA stays trusted for the overlap. An announced CA is dropped.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, importCa } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const { certificate, key } = made.right;
 * const imported = await importCa(null, { certificate, key, chain: '' }, 30, moment)();
 * assert.equal(imported._tag === 'Right' && imported.right.certificate, certificate);
 * ```
 */
export const importCa = (
  state: AuthorityState | null,
  imported: ImportedCa,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<ImportFault, AuthorityState> =>
async () => {
  const key = imported.key ?? state?.key;
  if (key === undefined) return E.left({ code: 'no-key' });
  if (imported.chain.trim() !== '' && readBundle(imported.chain).faults.length > 0) {
    return E.left({ code: 'chain-unreadable' });
  }
  const opened = await openIssuer({ certificate: imported.certificate, key })();
  if (E.isLeft(opened)) return opened;
  const { certificate: own } = opened.right;
  const { notBefore, notAfter } = own.description;
  if (moment.now.getTime() < own.notBefore) return E.left({ code: 'not-yet-valid', from: notBefore });
  if (moment.now.getTime() >= own.notAfter) return E.left({ code: 'expired', to: notAfter });
  const above = await aboveOf(own, imported, moment.now);
  if (E.isLeft(above)) return above;
  const certificate = pemOf(own);
  const taken = { certificate, key, above: above.right, next: null };
  if (state === null) {
    const generation = imported.generation ?? 1;
    return E.right(toKeep({ ...taken, retired: [], generation, made: 1, sharedClient: null, denied: [] }));
  }
  const [before] = readBundle(state.certificate).certificates;
  const isSame = before !== undefined && before.same.key === own.same.key && before.same.subject === own.same.subject;
  const formers = isSame ? state.retired : E.toUnion(await retired(state, certificate, overlapDays, moment)());
  // One that signed before and signs again is not a former one; what came before it has been said already.
  const again = formers.findIndex((former) =>
    readBundle(former.certificate).certificates[0]?.same.key === own.same.key
  );
  const kept = again < 0 ? formers : formers.slice(0, again);
  const generation = Math.max(state.generation, imported.generation ?? 1);
  return E.right(toKeep({ ...state, ...taken, generation, retired: kept, made: madeIn(state) + (isSame ? 0 : 1) }));
};

/**
 * A certificate request for the CA's key under its name, PEM, for another CA to sign; `importCa` takes the result.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { caRequest, createAuthority, openAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const request = await caRequest(opened.right)();
 * assert.ok(request._tag === 'Right' && request.right.startsWith('-----BEGIN CERTIFICATE REQUEST-----'));
 * ```
 */
export const caRequest = ({ issuer }: Pick<OpenAuthority, 'issuer'>): TE.TaskEither<IssueFault, string> =>
  requestOfCa(issuer);
