/**
 * What an operator does with a kept CA: denies and allows requests, has it signed by another CA, takes one over.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  allow,
  type AuthorityState,
  caRequest,
  type Denial,
  type DenialFault,
  denyRequest,
  importCa,
  type ImportedCa,
  type ImportFault,
  type Moment,
  openAuthority,
} from '../../core/authority/mod.ts';
import type { CsrProvidesView } from '../../core/csr/mod.ts';
import type { Problem } from '../host.ts';
import type { Keeper } from '../keeping/keeper.ts';

const failed = (message: string): Problem => ({ _tag: 'HostError', reason: 'failed', message });

const NO_CA = failed('there is no CA yet: it is made when the leader runs for the first time');

const NOT_DENIED: Readonly<Record<DenialFault, string>> = {
  'nothing-named': 'name what is meant: a relation, a common name or a fingerprint',
  'not-denied': 'nothing of the kind is denied',
  'fingerprint-unknown': 'no request and no certificate has this fingerprint: list the requests to see them',
};

/** Why a CA was not taken over, and what to do about it. */
const notImported = (fault: ImportFault): Problem => {
  switch (fault.code) {
    case 'no-key':
      return failed('no key came with the CA, and none is kept: give its key as well');
    case 'key-mismatch':
      return failed('the key is not that of the certificate: give both of the same CA');
    case 'issuer-not-a-ca':
      return failed(
        'the certificate is not one of a CA that may sign others: its basic constraints and key usage say so',
      );
    case 'issuer-unreadable':
      return failed('the certificate cannot be read: give it in PEM');
    case 'chain-unreadable':
      return failed('the chain cannot be read: give certificates in PEM, one after the other');
    case 'not-yet-valid':
      return failed(`the certificate is valid from ${fault.from} on only: wait, or look at the clock`);
    case 'expired':
      return failed(`the certificate ended at ${fault.to}: have it renewed first`);
    case 'path-broken':
      return failed(
        fault.reason === 'no-root'
          ? 'the chain has no root: give all CAs above the certificate, up to the one that signs itself'
          : `the certificate does not lead to the root of its chain (${fault.reason}): give all CAs above it`,
      );
    default:
      return failed(`the CA cannot be used (${fault.code}): give its certificate and its key in PEM`);
  }
};

/** Changes the kept CA while nobody else can. */
const changed = (
  keeper: Keeper,
  by: (state: AuthorityState) => TE.TaskEither<Problem, AuthorityState>,
): TE.TaskEither<Problem, void> =>
  keeper.exclusively(pipe(
    keeper.load,
    TE.chain((state) =>
      state === null
        ? TE.left(NO_CA)
        : pipe(by(state), TE.chain((after) => (after === state ? TE.right(undefined) : keeper.save(after))))
    ),
  ));

/**
 * Denies requests from the next run on, until they are allowed again. A fingerprint is looked up in the view.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { createAuthority, denyIn, memoryKeeper } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const keeper = memoryKeeper(made.right);
 * await orThrow(denyIn(keeper, { commonName: 'web.example' }, { requests: [] }));
 * assert.equal((await orThrow(keeper.load))?.denied[0]?.commonName, 'web.example');
 * ```
 */
export const denyIn = (keeper: Keeper, denial: Denial, view: CsrProvidesView): TE.TaskEither<Problem, void> =>
  changed(
    keeper,
    (state) => pipe(TE.fromEither(denyRequest(state, view, denial)), TE.mapLeft((fault) => failed(NOT_DENIED[fault]))),
  );

/**
 * Allows again what was denied.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { allowIn, createAuthority, denyIn, memoryKeeper } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const keeper = memoryKeeper(made.right);
 * await orThrow(denyIn(keeper, { commonName: 'web.example' }, { requests: [] }));
 * await orThrow(allowIn(keeper, { commonName: 'web.example' }));
 * assert.deepEqual((await orThrow(keeper.load))?.denied, []);
 * ```
 */
export const allowIn = (keeper: Keeper, denial: Denial): TE.TaskEither<Problem, void> =>
  changed(
    keeper,
    (state) => pipe(TE.fromEither(allow(state, denial)), TE.mapLeft((fault) => failed(NOT_DENIED[fault]))),
  );

/**
 * A certificate request for the kept CA's key, PEM, for another CA to sign.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { createAuthority, memoryKeeper, requestFrom } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const request = await orThrow(requestFrom(memoryKeeper(made.right)));
 * assert.ok(request.startsWith('-----BEGIN CERTIFICATE REQUEST-----'));
 * ```
 */
export const requestFrom = (keeper: Keeper): TE.TaskEither<Problem, string> =>
  pipe(
    keeper.load,
    TE.chain((state) =>
      state === null ? TE.left(NO_CA) : pipe(
        openAuthority(state),
        TE.chain(caRequest),
        TE.mapLeft(({ code }) => failed(`the CA that is kept cannot be used (${code})`)),
      )
    ),
  );

/**
 * Takes a CA over in place of the kept one, if any. No error contains its key or any part of it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { createAuthority, importInto, memoryKeeper } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const keeper = memoryKeeper();
 * const { certificate, key } = made.right;
 * await orThrow(importInto(keeper, { certificate, key, chain: '' }, 30, moment));
 * assert.equal((await orThrow(keeper.load))?.certificate, certificate);
 * ```
 */
export const importInto = (
  keeper: Keeper,
  imported: ImportedCa,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<Problem, void> =>
  keeper.exclusively(pipe(
    keeper.load,
    TE.chain((state) => pipe(importCa(state, imported, overlapDays, moment), TE.mapLeft(notImported))),
    TE.chain(keeper.save),
  ));
