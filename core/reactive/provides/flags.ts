/**
 * The provider's flags: one table of what each stands for. They speak of the state after the outcome (D16), and none outlives the
 * last unit (D8). Source: docs/reactive-protocol.md section 7.
 *
 * @module
 */
import type { CertType } from '../../model/certificate.ts';
import type { ProvidesRequest } from './view.ts';

/** All flags, without the prefix of the endpoint. */
export const PROVIDES_FLAG_NAMES = [
  'available',
  'certs.requested',
  'server.certs.requested',
  'client.certs.requested',
  'application.certs.requested',
  'intermediate.certs.requested',
  'server.cert.requested',
  'client.cert.requested',
] as const;

/**
 * The name of a flag without the prefix of the endpoint.
 *
 * @internal
 */
export type ProvidesFlagName = (typeof PROVIDES_FLAG_NAMES)[number];

const REQUESTED: { readonly [K in CertType]: ReadonlyArray<ProvidesFlagName> } = {
  server: ['server.certs.requested', 'server.cert.requested'],
  client: ['client.certs.requested', 'client.cert.requested'],
  application: ['application.certs.requested'],
  intermediate: ['intermediate.certs.requested'],
};

/** The flags that are set while these requests are new. */
export const flagsOf = (
  isJoined: boolean,
  newRequests: ReadonlyArray<ProvidesRequest>,
): ReadonlySet<ProvidesFlagName> => {
  const flags = new Set<ProvidesFlagName>(isJoined ? ['available'] : []);
  for (const { certType } of newRequests) {
    flags.add('certs.requested');
    for (const flag of REQUESTED[certType]) flags.add(flag);
  }
  return flags;
};
