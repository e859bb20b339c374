/**
 * The client certificate that an authority publishes to everybody, as `client.cert` and `client.key`.
 *
 * It proves no more than that its holder is related to the CA. It is there since requirers wait for it: the ops-based library is never ready without
 * it, and etcd and Kubernetes charms install it. It is kept with the CA, so that every unit and every hook publishes the same. Source:
 * docs/reactive-protocol.md section 2, D32.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import type { KeyPair } from '../model/certificate.ts';
import { isFresh, issued } from './answers.ts';
import { describeFirst, type OpenAuthority } from './authority.ts';
import type { Moment } from './moment.ts';
import { type Policy, publishesSharedClient } from './policy.ts';
import { type AuthorityState, toKeep } from './state.ts';

/** Its subject, as EasyRSA calls it. */
const SHARED_CLIENT = { certType: 'client', commonName: 'client', sans: [] } as const;

/** Whether a pair can stay: the present CA issued it, and its time to be reissued has not come. */
const isGood = (authority: OpenAuthority, policy: Policy, pair: KeyPair | null, now: Date): boolean => {
  const description = pair === null ? null : describeFirst(pair.cert);
  return description !== null && isFresh(authority, policy, description, now);
};

/**
 * What is to be kept of an authority so that its shared client certificate is as the policy has it: issued, reissued when it is due as any
 * removed. Returns the same object if nothing changes. If none can be issued, the old one stays: requests are then refused for the same
 * reason, which a finding gives.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, openAuthority, openPolicy, withSharedClient } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const state = await withSharedClient(opened.right, openPolicy, moment)();
 * assert.ok(state.sharedClient?.cert.startsWith('-----BEGIN CERTIFICATE-----'));
 * ```
 */
export const withSharedClient = (
  authority: OpenAuthority,
  policy: Policy,
  moment: Moment,
): T.Task<AuthorityState> => {
  const { state } = authority;
  if (!publishesSharedClient(policy)) {
    return T.of(state.sharedClient === null ? state : toKeep({ ...state, sharedClient: null }));
  }
  if (isGood(authority, policy, state.sharedClient, moment.now)) return T.of(state);
  return pipe(
    () => issued(authority, policy, SHARED_CLIENT, moment),
    T.map(E.match(() => state, (made) => toKeep({ ...state, sharedClient: made }))),
  );
};
