/**
 * The flags of a requirer of either protocol: the reactive requirer's, and the one for refusals that the CSR protocol adds.
 *
 * Certificates are compared in one form of PEM, whatever their order, and with the key if the provider made it. Source:
 * docs/any-protocol.md, Flags.
 *
 * @module
 */
import type { CertType } from '../../model/certificate.ts';
import type { Remembered } from '../../model/memory.ts';
import { byCodePoint } from '../../model/order.ts';
import { normalPem } from '../../model/pem-text.ts';
import { CSR_REQUIRES_FLAG_NAMES, type CsrRequiresFlagName } from '../../csr/requires/flags.ts';
import { REQUIRES_FLAG_NAMES, type RequiresFlagName } from '../../reactive/requires/flags.ts';
import type { ToKeep } from '../../side/remember.ts';
import { nothingThere, type Topic, topicFlags } from '../../side/topics.ts';
import type { AnyDelivery, AnyRequiresView } from './view.ts';

/** A flag's name without the endpoint's prefix. */
export type AnyRequiresFlagName = RequiresFlagName | CsrRequiresFlagName;

/** All flags, without the endpoint's prefix. */
export const ANY_REQUIRES_FLAG_NAMES: ReadonlyArray<AnyRequiresFlagName> = [
  ...new Set([...REQUIRES_FLAG_NAMES, ...CSR_REQUIRES_FLAG_NAMES]),
];

const sorted = (parts: ReadonlyArray<string>): ReadonlyArray<string> | null =>
  parts.length === 0 ? null : [...new Set(parts)].sort(byCodePoint);

const told = ({ request: { commonName }, certificate, key }: AnyDelivery): string =>
  JSON.stringify(
    key !== null && 'sent' in key
      ? [commonName, normalPem(certificate), normalPem(key.sent)]
      : [commonName, certificate],
  );

const certsOf = (wanted: CertType) => ({ deliveries }: AnyRequiresView): ReadonlyArray<string> | null =>
  sorted(deliveries.filter(({ request: { certType } }) => certType === wanted).map(told));

/** The root CA, and the CAs above each certificate. */
const casOf = ({ rootCaCert, rootCaChain, deliveries }: AnyRequiresView): ReadonlyArray<string> | null => {
  if (rootCaCert === null) return null;
  const chains = deliveries.map(({ protocol, certificate, ca, chain }) => {
    const form = protocol === 'csr' ? (pem: string) => pem : normalPem;
    return JSON.stringify([ca === null ? null : form(ca), chain.filter((link) => link !== certificate).map(form)]);
  });
  return [normalPem(rootCaCert), normalPem(rootCaChain ?? ''), ...(sorted(chains) ?? [])];
};

type TopicName = 'ca' | 'server.certs' | 'client.certs' | 'intermediate.certs' | 'application.certs';

const TOPICS: ReadonlyArray<Topic<TopicName, AnyRequiresView>> = [
  { name: 'ca', content: casOf, isFolded: false },
  { name: 'server.certs', content: certsOf('server'), isFolded: true },
  { name: 'client.certs', content: certsOf('client'), isFolded: true },
  { name: 'intermediate.certs', content: certsOf('intermediate'), isFolded: true },
  { name: 'application.certs', content: certsOf('application'), isFolded: false },
];

/** What flags say in addition to the view. */
export interface Besides {
  /** There is a relation to ask on. */
  readonly isRelated: boolean;
  /** A provider unit is there. */
  readonly isJoined: boolean;
  /** A current request is refused, possibly one for renewal. */
  readonly isDenied: boolean;
  /** The client certificate that a reactive provider shares with all requirers is there. */
  readonly hasSharedClient: boolean;
}

/** The flags of a view. `before` has the `.changed` flags that the charm has not handled yet. */
export const flagsOf = (
  view: AnyRequiresView,
  { isRelated, isJoined, isDenied, hasSharedClient }: Besides,
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<AnyRequiresFlagName> => {
  if (!isRelated) return nothingThere;
  const { flags, digests } = topicFlags(TOPICS, view, before, remembered);
  const hasServer = view.deliveries.some(({ request: { certType } }) => certType === 'server');
  const also: ReadonlyArray<readonly [AnyRequiresFlagName, boolean]> = [
    ['available', isJoined],
    ['certs.denied', isDenied],
    ['server.cert.available', hasServer],
    ['batch.cert.available', hasServer],
    ['client.cert.available', hasSharedClient],
  ];
  return {
    flags: new Set<AnyRequiresFlagName>([...flags, ...also.flatMap(([name, isSet]) => (isSet ? [name] : []))]),
    digests,
  };
};
