/**
 * What a bridge reports about each request: who requests what, the result so far, and what is still awaited from above.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { timestampOf } from '../csr/expiry.ts';
import type { Texts } from '../csr/texts.ts';
import type { AnyProvidedRequest } from '../any/provides/view.ts';
import type { AboveRequest, AboveView } from './above.ts';
import type { BridgedRequest } from './bridged-request.ts';
import { unsupportedOf } from './by-name.ts';
import type { Decided } from './decided.ts';
import { csrDigest } from './table.ts';

const WHY_UNSUPPORTED = 'the provider above does not issue this: ';

/** A request by name. */
export const summaryByName = (
  { one: { id, goal, request }, state, csrs }: Decided,
  above: AboveView,
  texts: Texts,
): BridgedRequest => {
  const last = csrs.at(-1)?.csr;
  const known = last === undefined ? null : texts.csr(last);
  const serving = state?.serving ?? null;
  const error = state?.standing.error ?? null;
  const faults = E.isLeft(goal)
    ? goal.left
    : state === null
    ? []
    : unsupportedOf(goal.right, state, above).map((fault) => `${WHY_UNSUPPORTED}${fault}`);
  const [fault] = [...(error === null ? [] : [`${error.code} ${error.name}: ${error.message}`]), ...faults];
  const told = (): Pick<BridgedRequest, 'state' | 'why'> => {
    if (serving !== null && state?.isCurrent === true) return { state: 'answered', why: null };
    if (fault !== undefined) return { state: 'refused', why: fault };
    if (serving !== null) return { state: 'replacing', why: null };
    return { state: state === null ? 'unasked' : 'asked', why: null };
  };
  return {
    relationId: id.relationId,
    unit: id.unit,
    certType: id.certType,
    commonName: request?.commonName ?? id.commonName,
    isPassedOn: false,
    ...told(),
    csr: known === null ? null : csrDigest(known.pem),
    notAfter: serving === null ? null : timestampOf(serving.certificate.certificate.notAfter),
  };
};

/** A certificate request that is passed on. `answer` is its answer from above, if it is published there. */
export const summaryByCsr = (
  { relationId, unit, isCa, commonName, csr }: AnyProvidedRequest,
  answer: AboveRequest | undefined,
  { relationId: asked, spoken }: AboveView,
  texts: Texts,
): BridgedRequest => {
  const certificate = answer === undefined || answer.certificate === null
    ? null
    : texts.certificate(answer.certificate);
  const refusal = answer?.refusal ?? null;
  const told = (): Pick<BridgedRequest, 'state' | 'why'> => {
    if (certificate !== null) return { state: 'answered', why: null };
    if (spoken === 'reactive') return { state: 'refused', why: 'the provider above makes keys itself' };
    if (refusal !== null) return { state: 'refused', why: `${refusal.code} ${refusal.name}: ${refusal.message}` };
    return { state: asked === null ? 'unasked' : 'asked', why: null };
  };
  return {
    relationId,
    unit,
    certType: isCa ? 'intermediate' : null,
    commonName: commonName ?? '',
    isPassedOn: true,
    ...told(),
    csr: csrDigest(csr),
    notAfter: certificate === null ? null : timestampOf(certificate.certificate.notAfter),
  };
};
