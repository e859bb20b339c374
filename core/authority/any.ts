/**
 * An authority as provider for requirers of both protocols: what it publishes and answers, given what is requested in either form.
 *
 * Source: docs/any-protocol.md, The provider.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import { type AnyProvidesIntent, nothingToPublish } from '../any/provides/intent.ts';
import type { AnyProvidesView } from '../any/provides/view.ts';
import type { ProvidesIntent } from '../reactive/provides/intent.ts';
import { announcedBy, answerRequests, type AtWork } from './answers.ts';
import { answerCsrs } from './csr/answers.ts';

/** What an authority publishes to everybody, whatever is requested, as an intent for both protocols. */
const toEverybody = ({ ca, chain, globalClientCert }: ProvidesIntent): AnyProvidesIntent => ({
  ...nothingToPublish,
  ...(ca === undefined ? {} : { ca }),
  ...(chain === undefined ? {} : { chain }),
  ...(globalClientCert === undefined ? {} : { globalClientCert }),
});

/**
 * What an authority publishes on a unit that does not lead: the CA, its chain and the shared client certificate, which every unit gets from
 * the keeper. It answers nothing, since its certificates would differ from the leader's.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announcedToAny, createAuthority, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * const { ca, answers } = announcedToAny({ authority: opened.right, policy: openPolicy, moment });
 * assert.deepEqual([ca, answers], [made.right.certificate, []]);
 * ```
 */
export const announcedToAny = (work: AtWork): AnyProvidesIntent => toEverybody(announcedBy(work));

/**
 * Answers the requests of a leader's view: those by name with a certificate and its key, those by CSR with a certificate, and every other
 * with a refusal in the form of the request.
 *
 * @example
 * ```ts
 * import type { Outcome } from 'interface-tls-certificates';
 * import type { AnyProvidesView } from 'interface-tls-certificates/any';
 * import { answerAny, type OpenAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const react = (authority: OpenAuthority) => ({ view }: Outcome<AnyProvidesView>) =>
 *   answerAny({ authority, policy: openPolicy, moment: { now: new Date(), random } }, view)();
 * ```
 */
export const answerAny = (work: AtWork, view: AnyProvidesView): T.Task<AnyProvidesIntent> => async () => {
  const byName = await answerRequests(work, view)();
  const { answers, refusals, revoked, capabilities } = await answerCsrs(work, view)();
  return {
    ...toEverybody(byName),
    answers: [...byName.answers, ...answers],
    refusals: [...byName.refusals, ...refusals],
    revoked,
    ...(capabilities === undefined ? {} : { capabilities }),
  };
};
