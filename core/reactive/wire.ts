/**
 * The keys of the reactive protocol's databags, with what each is for: one table, which every other file of this folder reads.
 *
 * Source: protocol-reactive.md sections 1 and 2.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { MungedUnitName } from '../model/names.ts';

/** The requirer's keys, in its own unit databag. */
export const REQUIRER_KEYS = {
  unitName: 'unit_name',
  commonName: 'common_name',
  sans: 'sans',
  certificateName: 'certificate_name',
} as const;

/** The provider's keys that speak to every requirer. */
export const PROVIDER_KEYS = {
  ca: 'ca',
  chain: 'chain',
  clientCert: 'client.cert',
  clientKey: 'client.key',
} as const;

/** Where requests of a kind are collected, and what the provider's key for the answers ends with. */
export const COLLECTIONS: {
  readonly [K in CertType]: { readonly requests: string; readonly answers: string };
} = {
  server: { requests: 'cert_requests', answers: 'processed_requests' },
  client: { requests: 'client_cert_requests', answers: 'processed_client_requests' },
  application: { requests: 'application_cert_requests', answers: 'processed_application_requests' },
  intermediate: { requests: 'intermediate_cert_requests', answers: 'processed_intermediate_requests' },
};

/** The entry under which the one answer to all application requests is published. */
export const APPLICATION_ENTRY = 'app_data';

/** The provider's key for the answers of a kind to one requirer unit. */
export const answersKey = (unit: MungedUnitName, certType: CertType): string =>
  `${unit}.${COLLECTIONS[certType].answers}`;

/** The provider's keys for the answer to the top-level server request of one requirer unit. */
export const topLevelKeys = (unit: MungedUnitName): { readonly cert: string; readonly key: string } => ({
  cert: `${unit}.server.cert`,
  key: `${unit}.server.key`,
});

const MEANINGS: Readonly<Record<string, string>> = {
  [REQUIRER_KEYS.unitName]: 'the name under which the provider answers this unit',
  [REQUIRER_KEYS.commonName]: 'the first server request: its common name',
  [REQUIRER_KEYS.sans]: 'the first server request: its SANs',
  [REQUIRER_KEYS.certificateName]: 'the first server request: a name for the certificate',
  [COLLECTIONS.server.requests]: 'further server requests, by common name',
  [COLLECTIONS.client.requests]: 'client requests, by common name',
  [COLLECTIONS.application.requests]: 'application requests, by common name',
  [COLLECTIONS.intermediate.requests]: 'intermediate CA requests, by common name',
};

/** What a key of the requirer's databag is there for, in a few words; null for a key that the protocol does not know. */
export const explainKey = (key: string): string | null => (Object.hasOwn(MEANINGS, key) ? MEANINGS[key] ?? null : null);
