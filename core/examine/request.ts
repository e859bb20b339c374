/**
 * One request with its answer: first everything that does not depend on the time, then the judgement as of a moment.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import type { Finding, Place } from '../model/finding.ts';
import { judgeRead, type Pair } from '../x509/mod.ts';
import type { AnswerState, ExaminedRequest } from './examination.ts';
import type { UnitExchange } from './exchange.ts';
import { finding } from './findings.ts';
import type { Pairing } from './pairings.ts';
import type { AsOf, Trust } from './provider-side.ts';
import type { Trying } from './reader.ts';
import { verdictsOf } from './verdicts.ts';

/** Something requested or answered. No private key is left in it. */
export interface StudiedRequest {
  readonly pairing: Omit<Pairing, 'certificate'>;
  readonly place: Place;
  readonly state: AnswerState;
  /** The published certificate; null if there is no answer. */
  readonly pair: Pair | null;
  readonly findings: ReadonlyArray<Finding>;
}

const unaskedFindings = ({ sans, isTold }: Pairing, { asked }: UnitExchange, place: Place): ReadonlyArray<Finding> =>
  sans === null && asked !== null && !isTold
    ? [finding('unasked-answer', place, 'this was answered, but this unit does not request it')]
    : [];

/** Reads the answer to a request, and tries its key. */
export const studyRequest = async (
  exchange: UnitExchange,
  { certificate, ...pairing }: Pairing,
  trying: Trying,
  isUnheard = false,
): Promise<StudiedRequest> => {
  const { relationId, requirer: unit, providers } = exchange;
  const place: Place = { relationId, unit, commonName: hidingKeys(pairing.commonName) };
  if (certificate !== null) {
    const findings = unaskedFindings({ ...pairing, certificate }, exchange, place);
    return { pairing, place, state: 'answered', pair: await trying(certificate), findings };
  }
  if (providers === null) return { pairing, place, state: 'unknown', pair: null, findings: [] };
  const message = 'this was requested and has not been answered';
  // Waiting does not help if the provider does not understand the request.
  const findings = isUnheard ? [] : [finding('unanswered', place, message)];
  return { pairing, place, state: 'unanswered', pair: null, findings };
};

/** Judges by the CA and the time. */
export const judgeRequest = async (
  { pairing, place, state, pair, findings }: StudiedRequest,
  trust: Trust | null,
  moment: AsOf,
): Promise<ExaminedRequest> => {
  const { certType, commonName, sans } = pairing;
  const told = {
    certType,
    commonName: hidingKeys(commonName),
    sans: sans?.map(hidingKeys) ?? null,
    state,
    csr: null,
    denied: null,
  };
  if (pair === null) return { ...told, answer: null, findings };
  const { certificate, path, isVerified, faults } = await judgeRead({
    pair,
    certType,
    // Only somebody who asked for names can miss them.
    names: sans === null ? null : { commonName, sans },
    ca: trust?.ca?.value ?? null,
    chain: trust?.chain?.value ?? null,
    ...(trust === null ? {} : { verdicts: trust.verdicts }),
    ...moment,
  })();
  const verdicts = verdictsOf(faults, { own: 'the certificate', path, now: moment.now });
  return {
    ...told,
    answer: { certificate, path, verified: isVerified },
    findings: [...findings, ...verdicts.map(([code, message]) => finding(code, place, message))],
  };
};
