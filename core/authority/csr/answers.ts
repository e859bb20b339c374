/**
 * An authority as provider of the CSR protocol: what it answers and refuses, given what is requested.
 *
 * It answers what is new, and reissues what a former CA issued, and what has ended. Whatever else is published stays as it is, however
 * renewal is the requirer's business, with a new CSR. Source: docs/csr-protocol.md, The provider.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import { ERROR_CODES } from '../../csr/errors.ts';
import type { CsrPem } from '../../csr/csr-pem.ts';
import type { Addressed, CertificatePem, CsrAnswer, CsrProvidesIntent, CsrRefusal } from '../../csr/provides/intent.ts';
import type { CsrProvidesView, ProvidedRequest } from '../../csr/provides/view.ts';
import { type KnownCsr, type NormalPem, textsOnce } from '../../csr/texts.ts';
import type { AtWork } from '../answers.ts';
import type { Check } from '../../model/passed.ts';
import { denials } from '../denied.ts';
import { commonNamesOf } from './asked.ts';
import { capabilitiesOf } from './capabilities.ts';
import { aboveOf } from './chain.ts';
import { issuedFor } from './issued.ts';
import { beyondCsrQuota, tellingWithin } from './quota.ts';
import { checkCsr, DENIED, other, type Refusing } from './refusals.ts';
import { isBesideRight, type Standing, standingOf } from './standing.ts';

/**
 * SHA-256 over the DER of a CSR or a certificate, in hex.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { fingerprintOf } from 'interface-tls-certificates/authority';
 * const emptyText = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
 * assert.equal(fingerprintOf(new Uint8Array()), emptyText);
 * ```
 */
export const fingerprintOf = (der: Uint8Array): string => bytesToHex(sha256(der));

/** What happens to one request. */
type Verdict =
  /** It stays as published. */
  | 'kept'
  | { readonly certificate: string }
  | { readonly refused: Refusing };

/** The published error suffices if it has the same code and the code says everything. */
const isToldAlready = ({ refusal }: ProvidedRequest, { name }: Refusing): boolean =>
  refusal !== null && refusal.code === ERROR_CODES[name] && name !== 'other';

/**
 * Answers the requests of a view. Nothing is due if nothing differs: the intent then changes nothing. Answer a leader's view only: no other
 * unit sees what is published.
 *
 * @example
 * ```ts
 * import type { Outcome } from 'interface-tls-certificates';
 * import type { CsrProvidesView } from 'interface-tls-certificates/csr';
 * import { answerCsrs, type OpenAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const react = (authority: OpenAuthority) => ({ view }: Outcome<CsrProvidesView>) =>
 *   answerCsrs({ authority, policy: openPolicy, moment: { now: new Date(), random } }, view)();
 * ```
 */
export const answerCsrs = (
  { authority, policy, moment, onProgress = () => {} }: AtWork,
  { requests }: CsrProvidesView,
): T.Task<CsrProvidesIntent> =>
async () => {
  const { now } = moment;
  const texts = textsOnce();
  const above = aboveOf(authority.state, now);
  const isDenied = denials(authority.state);
  const beyond = beyondCsrQuota(policy.quota, requests);

  const check = (request: ProvidedRequest, known: KnownCsr): Check<Refusing> => {
    const { relationId } = request;
    if (isDenied({ relationId, commonNames: commonNamesOf(known), fingerprint: fingerprintOf(known.csr.der) })) {
      return E.left(DENIED);
    }
    const asked = beyond.get(request);
    if (asked !== undefined) {
      return E.left(other(`${asked} certificates are asked for here, and ${policy.quota.requestsPerUnit} may be had`));
    }
    return checkCsr(policy, request, known);
  };

  const verdictOn = async (request: ProvidedRequest, known: KnownCsr): Promise<Verdict> => {
    const answer = request.certificate === null ? null : texts.certificate(request.certificate);
    const standing: Standing = answer === null ? 'gone' : standingOf(request, answer, authority, now, texts);
    const { relationId } = request;
    if (answer !== null && standing !== 'gone') {
      const commonNames = commonNamesOf(known);
      if (isDenied({ relationId, commonNames, fingerprint: fingerprintOf(known.csr.der) })) return { refused: DENIED };
      if (standing === 'present') {
        return isBesideRight(request, answer, above, texts) ? 'kept' : { certificate: answer.pem };
      }
    }
    const checked = check(request, known);
    const made = E.isLeft(checked) ? checked : await issuedFor(authority, policy, request, known, moment);
    if (E.isRight(made)) return { certificate: made.right };
    // What a former CA issued serves as long as that CA is trusted.
    return standing === 'former' ? 'kept' : { refused: made.left };
  };

  const answers: Array<CsrAnswer> = [];
  const refusals: Array<CsrRefusal> = [];
  const revoked: Array<Addressed> = [];
  const mayTell = tellingWithin(policy.quota);
  // The normal form of a certificate, or of a request, contains one.
  const certificatePem = (pem: string): CertificatePem => pem as CertificatePem;
  const csrPem = (pem: NormalPem): CsrPem => pem as string as CsrPem;
  // Two units with the same CSR share one answer.
  const verdicts = new Map<string, Verdict>();
  // One after another: signing keeps the processor busy, and a thousand at once would only wait for each other.
  for (const [i, request] of requests.entries()) {
    const known = texts.csr(request.csr);
    const key = JSON.stringify([request.relationId, request.csr]);
    const isFirst = !verdicts.has(key);
    if (known !== null && isFirst) {
      const verdict = await verdictOn(request, known);
      verdicts.set(key, verdict);
      const addressed = { relationId: request.relationId, csr: csrPem(request.csr) };
      if (verdict !== 'kept' && 'certificate' in verdict) {
        const [certificate, ca] = [certificatePem(verdict.certificate), certificatePem(above.ca)];
        answers.push({ ...addressed, certificate, ca, chain: [certificate, ...above.chain.map(certificatePem)] });
      } else if (verdict !== 'kept' && mayTell(request)) {
        const { name, message } = verdict.refused;
        if (!isToldAlready(request, verdict.refused)) {
          refusals.push({ ...addressed, code: ERROR_CODES[name], name, message });
        }
      } else if (verdict !== 'kept' && request.certificate !== null) {
        // It no longer counts, although there is no room to say why.
        revoked.push(addressed);
      }
    }
    onProgress(i + 1, requests.length);
  }
  return { answers, refusals, revoked, capabilities: capabilitiesOf(authority, policy), onWithdrawal: 'withdraw' };
};
