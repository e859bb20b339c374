/**
 * The keys of the CSR protocol's databags and the fields of their entries, in the order in which the Python library writes them: one table
 * that every other file of this folder reads.
 *
 * Source: docs/csr-protocol.md, Databags.
 *
 * @module
 */

/** In the requirer's unit databag and in its application databag. */
export const REQUIRER_KEYS = { requests: 'certificate_signing_requests' } as const;

/** In the provider's application databag. */
export const PROVIDER_KEYS = {
  answers: 'certificates',
  errors: 'request_errors',
  capabilities: 'capabilities',
} as const;

/** The keys of the provider's application databag. */
export const ANSWER_KEYS: ReadonlyArray<string> = Object.values(PROVIDER_KEYS);

/** An entry of the requests. */
export const REQUEST_FIELDS = { csr: 'certificate_signing_request', ca: 'ca' } as const;

/** An entry of the answers. */
export const ANSWER_FIELDS = {
  ca: 'ca',
  csr: 'certificate_signing_request',
  certificate: 'certificate',
  chain: 'chain',
  revoked: 'revoked',
} as const;

/** An entry of the errors. The protocol's own description names the CSR differently from its library; that name is read too, but never written. */
export const ERROR_FIELDS = { csr: 'csr', csrAsDescribed: 'certificate_signing_request', error: 'error' } as const;

/** The error in an entry of the errors. */
export const REFUSAL_FIELDS = {
  code: 'code',
  name: 'name',
  message: 'message',
  reason: 'reason',
  provider: 'provider',
  endpoint: 'endpoint',
} as const;

/** The fields of the capabilities. */
export const CAPABILITY_FIELDS = {
  supportsIpSans: 'supports_ip_sans',
  supportsWildcardDns: 'supports_wildcard_dns',
  supportsSubdomain: 'supports_subdomain',
  supportsCaCertificates: 'supports_ca_certificates',
  allowedDomains: 'allowed_domains',
  providerType: 'provider_type',
} as const;
