/**
 * Why something is written or set: what each key and each flag of the requirer is for, in a few words for people. It is separate from the
 * tables that decide.
 *
 * @module
 */
import type { RequiresFlagName } from './flags.ts';
import { COLLECTIONS, REQUIRER_KEYS } from '../wire.ts';

/** The flags, without the endpoint's prefix, and what each says while it is set (docs/reactive-protocol.md section 6). */
export const REQUIRES_FLAGS: Readonly<Record<RequiresFlagName, string>> = {
  'available': 'a provider unit is joined',
  'ca.available': 'the root CA certificate is there',
  'ca.changed': 'the root CA certificate or its chain is new; clear it once dealt with',
  'certs.available': 'there are server, client or intermediate certificates',
  'certs.changed': 'server, client or intermediate certificates are new; clear it once dealt with',
  'server.certs.available': 'there are server certificates',
  'server.certs.changed': 'server certificates or their keys are new; clear it once dealt with',
  'client.certs.available': 'there are client certificates',
  'client.certs.changed': 'client certificates or their keys are new; clear it once dealt with',
  'intermediate.certs.available': 'there are intermediate CA certificates',
  'intermediate.certs.changed': 'intermediate CA certificates or their keys are new; clear it once dealt with',
  'application.certs.available': "there is the application's certificate",
  'application.certs.changed': "the application's certificate or its key is new; clear it once dealt with",
  'server.cert.available': 'there are server certificates (deprecated: server.certs.available)',
  'batch.cert.available': 'there are server certificates (deprecated: server.certs.available)',
  'client.cert.available': 'the shared client certificate is there with its key (deprecated: client.certs.available)',
};

/** What each key of the requirer's databag is there for (docs/reactive-protocol.md section 1). */
export const REQUIRES_KEYS: Readonly<Record<string, string>> = {
  [REQUIRER_KEYS.unitName]: 'the name under which the provider answers this unit',
  [REQUIRER_KEYS.commonName]: 'the first server request: its common name',
  [REQUIRER_KEYS.sans]: 'the first server request: its SANs',
  [REQUIRER_KEYS.certificateName]: 'the first server request: a name for the certificate',
  [COLLECTIONS.server.requests]: 'further server requests, by common name',
  [COLLECTIONS.client.requests]: 'client requests, by common name',
  [COLLECTIONS.application.requests]: 'application requests, by common name',
  [COLLECTIONS.intermediate.requests]: 'intermediate CA requests, by common name',
};
