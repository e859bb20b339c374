/**
 * The requirer's view: each wanted request with its state, and the CA.
 *
 * @module
 */
import type { RelationId } from '../../model/names.ts';
import { timestampOf } from '../expiry.ts';
import type { PublishedAnswer } from '../published.ts';
import type { OwnersKeys } from './keys.ts';
import type { RequestStanding } from './state.ts';
import type { CsrRequiresView, RequestState, RequestView } from './view.ts';
import { bagOf, type Wanted } from './wanted.ts';

/** A request that is not made at all. */
export const unasked = (
  { request }: Wanted,
  relationId: RelationId | null,
  state: RequestState,
): RequestView => ({
  request,
  relationId,
  bag: bagOf(request.certType),
  state,
  why: null,
  csr: null,
  keyName: null,
  certificate: null,
  ca: null,
  chain: [],
  renewAt: null,
  denied: null,
});

/** A request with its state. */
export const shown = (
  wanted: Wanted,
  relationId: RelationId,
  { state, why, csr, answer, error, renewAt }: RequestStanding,
  keys: OwnersKeys,
): RequestView => {
  const keyOf = answer?.certificate.publicKey ?? csr?.publicKey;
  return {
    ...unasked(wanted, relationId, state),
    why,
    csr: csr?.pem ?? null,
    keyName: keyOf === undefined ? null : keys.nameOf(keyOf),
    certificate: answer?.certificate.pem ?? null,
    ca: answer?.ca?.pem ?? null,
    chain: answer?.chain.map(({ pem }) => pem) ?? [],
    renewAt: renewAt === null ? null : timestampOf(renewAt),
    denied: error,
  };
};

/** The CA and chain of the first delivered certificate. */
export const rootOf = (answer: PublishedAnswer | null): Pick<CsrRequiresView, 'rootCaCert' | 'rootCaChain'> => {
  if (answer === null) return { rootCaCert: null, rootCaChain: null };
  const { certificate, ca, chain } = answer;
  const last = chain.at(-1);
  const above = chain.filter(({ pem }) => pem !== certificate.pem).map(({ pem }) => pem);
  return {
    rootCaCert: last?.certificate.description.selfIssued ? last.pem : ca?.pem ?? null,
    rootCaChain: above.length === 0 ? null : above.join('\n'),
  };
};
