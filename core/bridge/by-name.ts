/**
 * Answers requests by name from below with what has come from above.
 *
 * @module
 */
import { unsupported } from '../csr/capabilities.ts';
import type { RequestError } from '../csr/errors.ts';
import type { Millis } from '../csr/expiry.ts';
import { judge } from '../csr/judge.ts';
import type { PublishedAnswer } from '../csr/published.ts';
import type { Goal } from '../csr/requires/wanted.ts';
import type { Finding } from '../model/finding.ts';
import type { AboveView } from './above.ts';
import type { ByName } from './asked.ts';
import type { BelowIntent, KeptPair } from './below.ts';
import { finding } from './findings.ts';
import type { BridgeKeys } from './keys.ts';
import type { BridgeStanding } from './standing.ts';

/** What to publish below for one request, and its findings. */
export interface GivenByName extends Pick<BelowIntent, 'answers' | 'refusals' | 'withdrawn'> {
  /** The shared client certificate. */
  readonly shared: KeptPair | null;
  readonly findings: ReadonlyArray<Finding>;
}

const NOTHING: GivenByName = { answers: [], refusals: [], withdrawn: [], shared: null, findings: [] };

/** A request that receives nothing, and why; reported below, at the place of the request. */
export const refusedByName = ({ request }: ByName, reason: string, ifShared: Finding): GivenByName => {
  if (request === null) return { ...NOTHING, findings: [ifShared] };
  const { relationId, unit, certType, commonName } = request;
  return { ...NOTHING, refusals: [{ relationId, unit, certType, commonName, reason }] };
};

/** A request that no certificate request can express. */
export const impossible = (one: ByName, faults: ReadonlyArray<string>): GivenByName => {
  const reason = `it cannot be asked for above: ${faults.join('; ')}`;
  return refusedByName(one, reason, finding('request-impossible', one.place, reason));
};

const wordsOf = ({ code, name, message }: RequestError): string =>
  `the provider above denies it with code ${code}, ${name}: ${message}`;

const USAGE =
  'the protocol above cannot ask for a usage: whether a client can use the certificate is up to the provider';

/** What is wrong with the certificate in use, and what it does not cover. */
const noticed = (
  { id: { certType }, place }: ByName,
  goal: Goal,
  { standing, isRevoked, isMismatched, serving, isCurrent }: BridgeStanding,
  now: Millis | null,
): ReadonlyArray<Finding> => [
  ...(serving === null || !isCurrent
    ? []
    : judge(serving, goal.content, certType, now).map(({ code, message }) => finding(code, place, message))),
  ...(certType === 'client' ? [finding('usage-not-asked', place, USAGE)] : []),
  ...(isRevoked ? [finding('certificate-revoked', place, 'the certificate is revoked: a new one is asked for')] : []),
  ...(isMismatched
    ? [finding('key-mismatch', place, 'no certificate above has the key and the kind that were asked for')]
    : []),
  ...(standing.error !== null && serving !== null
    ? [finding('request-denied', place, `${wordsOf(standing.error)}; the certificate before it stays`)]
    : []),
];

/** Whether to hand out a certificate: one for the current request, or an earlier one if nothing is published any more. */
const isGiven = (
  { request }: ByName,
  { isCurrent }: BridgeStanding,
  { certificate }: PublishedAnswer,
  now: Millis | null,
) => (isCurrent || request?.cert === null) && (now === null || now < certificate.certificate.notAfter);

/** What the provider says it cannot issue of a request that is still to be made. */
export const unsupportedOf = (
  goal: Goal,
  { standing }: BridgeStanding,
  { capabilities }: AboveView,
): ReadonlyArray<string> =>
  capabilities === null || standing.state !== 'missing' || standing.why === 'renewal'
    ? []
    : unsupported(goal.content, goal.certType, capabilities);

/** Answers a request. */
export const givenByName = (
  one: ByName,
  goal: Goal,
  state: BridgeStanding,
  above: AboveView,
  { ownerOf }: BridgeKeys,
  now: Millis | null,
): GivenByName => {
  const findings = noticed(one, goal, state, now);
  const { request } = one;
  const { serving, standing, isRevoked } = state;
  const keyName = serving === null ? null : ownerOf(serving.certificate.publicKey)?.name ?? null;
  if (serving !== null && keyName !== null) {
    if (!isGiven(one, state, serving, now)) return { ...NOTHING, findings };
    const pair: KeptPair = { cert: serving.certificate.pem, keyName };
    if (request === null) return { ...NOTHING, shared: pair, findings };
    const { relationId, unit, certType, commonName } = request;
    return { ...NOTHING, answers: [{ relationId, unit, certType, commonName, ...pair }], findings };
  }
  const faults = unsupportedOf(goal, state, above);
  const reason = standing.error !== null
    ? wordsOf(standing.error)
    : faults.length > 0
    ? `the provider above says that it does not issue ${faults.join(', ')}`
    : null;
  const refused = reason === null ? NOTHING : refusedByName(
    one,
    reason,
    finding(standing.error !== null ? 'request-denied' : 'request-unsupported', one.place, reason),
  );
  return {
    ...refused,
    withdrawn: isRevoked && request !== null && request.cert !== null
      ? [{
        relationId: request.relationId,
        unit: request.unit,
        certType: request.certType,
        commonName: request.commonName,
      }]
      : [],
    findings: [...findings, ...refused.findings],
  };
};
