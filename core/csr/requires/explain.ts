/**
 * Why the requirer writes or sets something, in a few words for people.
 *
 * @module
 */
import { REQUIRER_KEYS } from '../wire.ts';
import type { CsrRequiresFlagName } from './flags.ts';

/** The flags, without the prefix of the endpoint, and what each says while it is set. */
export const CSR_REQUIRES_FLAGS: Readonly<Record<CsrRequiresFlagName, string>> = {
  'available': 'a provider unit is joined',
  'ca.available': 'the CA certificate is there',
  'ca.changed': 'the CA certificate or a chain is new; clear it once dealt with',
  'certs.available': 'there are server, client or intermediate certificates',
  'certs.changed': 'server, client or intermediate certificates are new; clear it once dealt with',
  'server.certs.available': 'there are server certificates',
  'server.certs.changed': 'server certificates are new; clear it once dealt with',
  'client.certs.available': 'there are client certificates',
  'client.certs.changed': 'client certificates are new; clear it once dealt with',
  'intermediate.certs.available': 'there are intermediate CA certificates',
  'intermediate.certs.changed': 'intermediate CA certificates are new; clear it once dealt with',
  'application.certs.available': "there is the application's certificate",
  'application.certs.changed': "the application's certificate is new; clear it once dealt with",
  'certs.denied': 'the provider refuses a request that stands; the view says why',
};

/** What each key of the requirer's databags is for. */
export const CSR_REQUIRES_KEYS: Readonly<Record<string, string>> = {
  [REQUIRER_KEYS.requests]: 'the certificate requests, each with whether it is for a CA',
};
