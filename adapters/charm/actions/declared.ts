/**
 * The actions that a charm has, by its side: the purpose and parameters of each. A charm's build writes them into `actions.yaml`.
 *
 * This file loads no X.509, since every hook that runs an action reads it. Names and parameters are those of the charms
 * self-signed-certificates, manual-tls-certificates and tls-certificates-requirer, if these have one. Source: docs/actions.md.
 *
 * @module
 */
import type { PrivateKey } from '../../../core/model/certificate.ts';
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  type Decoder,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import { provides } from '../../../core/reactive/provides.ts';
import { requires } from '../../../core/reactive/requires.ts';
import { BRIDGE } from '../config/bridge.ts';
import { ANY_PROVIDES, ANY_REQUIRES, CSR_PROVIDES, CSR_REQUIRES } from '../config/csr.ts';

/** An action as declared. */
export interface DeclaredAction<P> {
  /** A sentence for `juju actions`. */
  readonly description: string;
  readonly parameters: Decoder<P, never>;
}

/** Actions by name, each with the types of its parameters. */
export type Actions<P> = { readonly [N in keyof P]: DeclaredAction<P[N]> };

/** No parameters. */
export type Nothing = Readonly<Record<never, never>>;

/** A relation by its number. */
export interface OnRelation {
  readonly 'relation-id'?: number;
}

/** What is denied or allowed again: the requests that match every given parameter. */
export interface DeniedParameters extends OnRelation {
  readonly 'common-name'?: string;
}

/** The same on the CSR side, where requests have fingerprints. */
export interface DeniedCsrParameters extends DeniedParameters {
  readonly fingerprint?: string;
}

/** How the CA is replaced. */
export interface ReplaceParameters {
  readonly immediately: boolean;
}

/** A CA from another source. */
export interface ImportParameters {
  readonly certificate: string;
  readonly 'ca-chain': string;
  /** PEM, base64 of it, or the id of a Juju secret that contains it. */
  readonly 'private-key'?: PrivateKey;
}

/** Which certificates are selected: those that match every given parameter. */
export interface CertificateParameters {
  readonly 'common-name'?: string;
  readonly 'cert-type'?: CertType;
}

/** The owner whose key is replaced. */
export interface RotateParameters {
  readonly owner?: Bag;
}

/** The actions of every CA. */
interface AuthorityParameters {
  readonly 'get-ca-certificate': Nothing;
  readonly 'get-issued-certificates': OnRelation;
  readonly 'get-outstanding-certificate-requests': OnRelation;
  readonly 'replace-ca': ReplaceParameters;
  readonly 'abort-replacement': Nothing;
  readonly 'ca-request': Nothing;
  readonly 'import-ca': ImportParameters;
}

/** The actions of a provider of the reactive protocol. */
export interface ReactiveProviderParameters extends AuthorityParameters {
  readonly 'deny-certificate': DeniedParameters;
  readonly 'allow-certificate': DeniedParameters;
}

/** The actions of a provider of the CSR protocol. */
export interface CsrProviderParameters extends AuthorityParameters {
  readonly 'deny-certificate': DeniedCsrParameters;
  readonly 'allow-certificate': DeniedCsrParameters;
  readonly 'revoke-all': OnRelation;
}

/** The actions of a requirer of the reactive protocol. */
export interface ReactiveRequirerParameters {
  readonly 'get-certificate': CertificateParameters;
}

/** The actions of a requirer of the CSR protocol. */
export interface CsrRequirerParameters extends ReactiveRequirerParameters {
  readonly 'renew-certificate': CertificateParameters;
  readonly 'rotate-private-key': RotateParameters;
}

const none: Decoder<Nothing, never> = object<Nothing>('closed', {});

const relationId = omittable(
  numberIn('the number of a relation', { whole: true, from: 0 }),
  'The number of the relation, as `juju show-unit` shows it.',
);
const commonName = omittable(text(), 'The common name.');

const onRelation: Decoder<OnRelation, never> = object<OnRelation>('closed', { 'relation-id': relationId });

const denied = { 'relation-id': relationId, 'common-name': commonName };

const deniedCsr: Decoder<DeniedCsrParameters, never> = object<DeniedCsrParameters>('closed', {
  ...denied,
  fingerprint: omittable(text(), 'SHA-256 over the DER of a request or of its certificate, in hex.'),
});

const deniedReactive: Decoder<DeniedParameters, never> = object<DeniedParameters>('closed', denied);

const certificates: Decoder<CertificateParameters, never> = object<CertificateParameters>('closed', {
  'common-name': commonName,
  'cert-type': omittable(oneOf(...CERT_TYPES), 'The kind of certificate.'),
});

const getCertificate: DeclaredAction<CertificateParameters> = {
  description: 'Shows the certificates of this unit, with CA and chain. No private key is among them.',
  parameters: certificates,
};

const DENY = 'Denies every request that matches all of the parameters, until it is allowed again';

const authorityActions: Actions<AuthorityParameters> = {
  'get-ca-certificate': {
    description: 'Shows the certificate of the CA, and what is to be trusted.',
    parameters: none,
  },
  'get-issued-certificates': {
    description: 'Lists the certificates that count, as JSON. No private key is among them.',
    parameters: onRelation,
  },
  'get-outstanding-certificate-requests': {
    description: 'Lists the requests that have no certificate, as JSON.',
    parameters: onRelation,
  },
  'replace-ca': {
    description: 'Announces a new CA, which signs once every unit trusts it. Until then, abort-replacement cancels it.',
    parameters: object<ReplaceParameters>('closed', {
      immediately: optional(
        trueOrFalse,
        false,
        'Whether the new CA signs at once. Who has not heard of it follows the former CA’s certificate for it.',
      ),
    }),
  },
  'abort-replacement': { description: 'Takes an announced CA back, before it signs.', parameters: none },
  'ca-request': {
    description:
      'Makes a certificate request of the CA’s key, for another CA to sign. import-ca takes what comes back.',
    parameters: none,
  },
  'import-ca': {
    description: 'Takes a CA over, or the certificate that another CA has signed for this one.',
    parameters: object<ImportParameters>('closed', {
      certificate: required(text(), 'The certificate of the CA: PEM, or base64 of it.'),
      'ca-chain': optional(
        text(),
        '',
        'The CAs above it, up to the root: PEM, or base64 of it. Not needed for a root.',
      ),
      'private-key': omittable(
        text<PrivateKey>(),
        'The id of a Juju secret with a field private-key (secret:…), or the key itself: PEM, or base64 of it. ' +
          'Not needed where the CA keeps its key.',
      ),
    }),
  },
};

/** The actions of a provider of the reactive protocol. */
export const REACTIVE_PROVIDER_ACTIONS: Actions<ReactiveProviderParameters> = {
  ...authorityActions,
  'deny-certificate': {
    description: `${DENY}. What was issued for it stays until it ends.`,
    parameters: deniedReactive,
  },
  'allow-certificate': {
    description: 'Takes a denial back: name what deny-certificate gave back as denied.',
    parameters: deniedReactive,
  },
};

/** The actions of a provider of the CSR protocol. */
export const CSR_PROVIDER_ACTIONS: Actions<CsrProviderParameters> = {
  ...authorityActions,
  'deny-certificate': { description: `${DENY}, and takes its certificate away.`, parameters: deniedCsr },
  'allow-certificate': {
    description: 'Takes a denial back: name what deny-certificate gave back as denied.',
    parameters: deniedCsr,
  },
  'revoke-all': {
    description: 'Withdraws all certificates, and reissues them for every request that is still allowed.',
    parameters: onRelation,
  },
};

/** The actions of a provider for both protocols: those of the CSR protocol, as far as they make sense for requests by name. */
export const ANY_PROVIDER_ACTIONS: Actions<CsrProviderParameters> = {
  ...CSR_PROVIDER_ACTIONS,
  'deny-certificate': {
    description: `${DENY}. A certificate for a CSR is taken away; one for a request by name stays until it ends.`,
    parameters: deniedCsr,
  },
  'revoke-all': {
    description:
      'Revokes all certificates that were issued for a CSR, and reissues them for every request that is still allowed.',
    parameters: onRelation,
  },
};

/** The actions of a requirer of the reactive protocol. */
export const REACTIVE_REQUIRER_ACTIONS: Actions<ReactiveRequirerParameters> = { 'get-certificate': getCertificate };

/** The actions of a requirer of the CSR protocol. */
export const CSR_REQUIRER_ACTIONS: Actions<CsrRequirerParameters> = {
  'get-certificate': getCertificate,
  'renew-certificate': {
    description: 'Renews certificates now, under the same key. The old ones serve until the new ones are there.',
    parameters: certificates,
  },
  'rotate-private-key': {
    description:
      'Makes a new private key and requests certificates for it. The old key and its certificates stay in use until then.',
    parameters: object<RotateParameters>('closed', {
      owner: omittable(
        oneOf<Bag>('unit', 'application'),
        'Whose key. Unless said, the unit’s own, and on the leader the application’s too.',
      ),
    }),
  },
};

/** The actions of a bridge. */
export interface BridgeParameters {
  readonly 'get-requests': OnRelation;
  readonly 'rotate-private-keys': DeniedParameters;
}

/** The actions of a bridge. */
export const BRIDGE_ACTIONS: Actions<BridgeParameters> = {
  'get-requests': {
    description: 'Lists what requirers ask for and what has come of it above, as JSON. No private key is among them.',
    parameters: onRelation,
  },
  'rotate-private-keys': {
    description:
      'Makes a new private key for each request by name that has all of what is named, and asks for certificates of them. ' +
      'The old keys and certificates serve until they are there.',
    parameters: deniedReactive,
  },
};

/** All actions, by the side of the charm. */
export const ACTIONS_BY_SIDE: Readonly<Record<string, Readonly<Record<string, DeclaredAction<unknown>>>>> = {
  [requires.name]: REACTIVE_REQUIRER_ACTIONS,
  [provides.name]: REACTIVE_PROVIDER_ACTIONS,
  [CSR_REQUIRES]: CSR_REQUIRER_ACTIONS,
  [CSR_PROVIDES]: CSR_PROVIDER_ACTIONS,
  [ANY_REQUIRES]: CSR_REQUIRER_ACTIONS,
  [ANY_PROVIDES]: ANY_PROVIDER_ACTIONS,
  [BRIDGE]: BRIDGE_ACTIONS,
};
