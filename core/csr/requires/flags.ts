/**
 * The flags of the CSR protocol's requirer: those of the reactive one except the deprecated ones, and one for refusals.
 *
 * Certificates are compared by DER, in any order. Source: docs/csr-protocol.md, Flags.
 *
 * @module
 */
import type { CertType } from '../../model/certificate.ts';
import type { Remembered } from '../../model/memory.ts';
import { byCodePoint } from '../../model/order.ts';
import type { ToKeep } from '../../side/remember.ts';
import {
  nothingThere,
  REQUIRER_FLAG_NAMES,
  type RequirerFlagName,
  requirerTopics,
  topicFlags,
} from '../../side/topics.ts';
import type { CsrRequiresView } from './view.ts';

/** The name of a flag without the prefix of the endpoint. */
export type CsrRequiresFlagName = RequirerFlagName | 'certs.denied';

/**
 * All flags.
 *
 * @internal
 */
export const CSR_REQUIRES_FLAG_NAMES: ReadonlyArray<CsrRequiresFlagName> = [...REQUIRER_FLAG_NAMES, 'certs.denied'];

/** Parts in a fixed order, without repeats. */
const sorted = (parts: ReadonlyArray<string>): ReadonlyArray<string> | null =>
  parts.length === 0 ? null : [...new Set(parts)].sort(byCodePoint);

const certsOf = (wanted: CertType) => ({ requests }: CsrRequiresView): ReadonlyArray<string> | null =>
  sorted(
    requests.flatMap(({ request: { certType, commonName }, certificate }) =>
      certType === wanted && certificate !== null ? [JSON.stringify([commonName, certificate])] : []
    ),
  );

/** The root, and the CA and chain of every certificate: a change in any of them changes what is installed beside a certificate. */
const casOf = ({ rootCaCert, rootCaChain, requests }: CsrRequiresView): ReadonlyArray<string> | null => {
  if (rootCaCert === null) return null;
  const chains = requests.flatMap(({ certificate, ca, chain }) =>
    certificate === null ? [] : [JSON.stringify([ca, chain.filter((link) => link !== certificate)])]
  );
  return [rootCaCert, rootCaChain ?? '', ...(sorted(chains) ?? [])];
};

const TOPICS = requirerTopics<CsrRequiresView>({
  'ca': { content: casOf },
  'server.certs': { content: certsOf('server') },
  'client.certs': { content: certsOf('client') },
  'intermediate.certs': { content: certsOf('intermediate') },
  'application.certs': { content: certsOf('application') },
});

/** The flags of a view. `joined`: a provider unit is there; `related`: there is a relation to ask on. */
export const flagsOf = (
  view: CsrRequiresView,
  { isJoined, isRelated }: { readonly isJoined: boolean; readonly isRelated: boolean },
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<CsrRequiresFlagName> => {
  if (!isRelated) return nothingThere;
  const { flags, digests } = topicFlags(TOPICS, view, before, remembered);
  return {
    flags: new Set<CsrRequiresFlagName>([
      ...flags,
      ...(isJoined ? ['available' as const] : []),
      ...(view.requests.some(({ denied }) => denied !== null) ? ['certs.denied' as const] : []),
    ]),
    digests,
  };
};
