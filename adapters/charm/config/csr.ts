/**
 * The configuration of a charm with its own keys, for the CSR protocol alone or for both: what it asks for, and how its keys are made.
 *
 * This room loads no X.509, since every configuration is read here.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  type Decoder,
  listOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { Subject } from '../../../core/csr/subject.ts';
import { KEY_KINDS, type KeyKind } from '../../../core/keyring/key-kind.ts';
import { endpoint, status } from './fields.ts';
import { type InstallDocument, Installs, type InstallTemplate } from './install.ts';
import { Template } from './placeholder.ts';
import { trust, type TrustDocument, type TrustEndpoint } from './trust.ts';

/**
 * The side of a charm that asks for certificates.
 *
 * @internal
 */
export const CSR_REQUIRES = 'csr/requires';

/** @internal */
export type CsrRequiresName = typeof CSR_REQUIRES;

/**
 * The side of a charm that is a small CA.
 *
 * @internal
 */
export const CSR_PROVIDES = 'csr/provides';

/** @internal */
export type CsrProvidesName = typeof CSR_PROVIDES;

/**
 * The side of a charm that asks for certificates in whichever protocol its provider speaks.
 *
 * @internal
 */
export const ANY_REQUIRES = 'any/requires';

/** @internal */
export type AnyRequiresName = typeof ANY_REQUIRES;

/**
 * The side of a charm that is a small CA for requirers of both protocols.
 *
 * @internal
 */
export const ANY_PROVIDES = 'any/provides';

/** @internal */
export type AnyProvidesName = typeof ANY_PROVIDES;

/** A request before its placeholders are filled in. */
export interface CsrRequestTemplate {
  readonly certType: CertType;
  readonly commonName: Template;
  readonly sans: ReadonlyArray<Template>;
  readonly subject?: Subject;
  readonly uniqueIdentifier: boolean;
}

/** A charm that makes its own keys and asks for certificates for them. */
export interface CsrRequirerConfiguration<Side extends string = typeof CSR_REQUIRES> {
  readonly side: Side;
  readonly endpoint: string;
  readonly requests: ReadonlyArray<CsrRequestTemplate>;
  readonly install: ReadonlyArray<InstallTemplate>;
  /** The kind of key that is made if there is none. */
  readonly keys: KeyKind;
  /** The part of a certificate's life after which it is renewed. */
  readonly renewAfter?: number;
  /** Endpoints for trust, in addition to certificates. */
  readonly trust?: ReadonlyArray<TrustEndpoint>;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** A charm that asks for certificates in whichever protocol its provider speaks. */
export type AnyRequirerConfiguration = CsrRequirerConfiguration<typeof ANY_REQUIRES>;

/** A request as JSON. */
type CsrRequestDocument = AsJson<CsrRequestTemplate, 'uniqueIdentifier', {
  readonly commonName: string;
  readonly sans?: ReadonlyArray<string> | null;
}>;

/** The lists in a requirer's configuration as JSON; all of them are optional. */
interface Lists {
  readonly requests?: ReadonlyArray<CsrRequestDocument> | null;
  readonly install?: ReadonlyArray<InstallDocument> | null;
  readonly trust?: ReadonlyArray<TrustDocument> | null;
}

/** A requirer's configuration as JSON. */
export type CsrRequirerDocument = AsJson<CsrRequirerConfiguration, 'keys' | 'status', Lists>;

/** The same for a requirer of either protocol. */
export type AnyRequirerDocument = AsJson<AnyRequirerConfiguration, 'side' | 'keys' | 'status', Lists>;

const CsrRequestTemplate: Decoder<CsrRequestTemplate, CsrRequestDocument> = named(
  'CsrRequestTemplate',
  'One certificate to request.',
  object<CsrRequestTemplate, CsrRequestDocument>('closed', {
    certType: required(oneOf(...CERT_TYPES), 'The kind; one application certificate serves all units.'),
    commonName: required(Template, 'The name, which may have placeholders such as {ingress-address}.'),
    sans: optional(
      listOf(Template),
      [],
      'Host names and addresses; a placeholder alone stands for as many as it has values.',
    ),
    subject: omittable(Subject, 'The rest of the subject, such as organization and country.'),
    uniqueIdentifier: optional(trueOrFalse, true, 'Whether each CSR has an identifier of its own.'),
  }),
);

const fields = {
  endpoint,
  requests: optional(listOf(CsrRequestTemplate), []),
  install: optional(Installs, [], 'What goes where.'),
  keys: optional(oneOf<KeyKind>(...KEY_KINDS), 'RSA-2048', 'The kind of key that is made where there is none.'),
  renewAfter: omittable(
    numberIn('a number above 0.5 and up to 1', { above: 0.5, upTo: 1 }),
    "The part of a certificate's life after which it is renewed; 0.9 unless said otherwise.",
  ),
  trust,
  status,
};

/** Decodes the configuration of a requirer of the CSR protocol. */
export const CsrRequirer: Decoder<CsrRequirerConfiguration, CsrRequirerDocument> = named(
  'CsrRequirerConfiguration',
  'A charm that makes its own keys and requests certificates for them.',
  object<CsrRequirerConfiguration, CsrRequirerDocument>('closed', { side: required(oneOf(CSR_REQUIRES)), ...fields }),
);

/** Decodes the configuration of a requirer that speaks whichever protocol its provider speaks. */
export const AnyRequirer: Decoder<AnyRequirerConfiguration, AnyRequirerDocument> = named(
  'AnyRequirerConfiguration',
  'A charm that requests certificates, whichever protocol its provider speaks.',
  object<AnyRequirerConfiguration, AnyRequirerDocument>('closed', {
    side: optional(oneOf(ANY_REQUIRES), ANY_REQUIRES),
    ...fields,
  }),
);
