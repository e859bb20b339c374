/**
 * What a requirer's charm wants in the CSR protocol: all of it, in every hook. A CSR that fits none of it is withdrawn.
 *
 * Source: docs/csr-protocol.md, Intent of the requirer.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import {
  type Decoder,
  listOf,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  trueOrFalse,
} from '../../model/codec.ts';
import type { Flag } from '../../model/flag.ts';
import type { AsJson } from '../../model/schema.ts';
import { CsrPem } from '../csr-pem.ts';
import { Subject } from '../subject.ts';

/** A request for one certificate. */
export interface CsrRequest {
  /** `application` requests belong to the application, all others to the unit. */
  readonly certType: CertType;
  /** At most 64 bytes of UTF-8; empty means none, which requires a SAN. */
  readonly commonName: string;
  /** IP addresses, dotted object identifiers, DNS names, in any order; a prefix `ip:`, `oid:` or `dns:` decides the kind. */
  readonly sans: ReadonlyArray<string>;
  /** More attributes of the subject than the common name. */
  readonly subject?: Subject;
  /** Whether each CSR gets an identifier of its own. Without it, a renewal under an RSA key would change no byte. */
  readonly uniqueIdentifier: boolean;
}

/** A request by its kind and common name. */
export interface Named {
  /** The kind of the request. */
  readonly certType: CertType;
  /** Its common name. */
  readonly commonName: string;
}

/** Everything that a requirer's charm wants. */
export interface CsrRequiresIntent {
  /** Everything that is wanted. */
  readonly requests: ReadonlyArray<CsrRequest>;
  /** The certificate requests that a keyring made for what the view lists as missing. */
  readonly made: ReadonlyArray<CsrPem>;
  /** The fraction of a certificate's life after which it is renewed, above 0.5 and up to 1. */
  readonly renewAfter: number;
  /** Requests whose certificates to renew now. It counts once: left in the intent, it renews again after each new answer. */
  readonly renew: ReadonlyArray<Named>;
  /** The `.changed` flags that the charm has handled since they were set; they are cleared. */
  readonly handled: ReadonlyArray<Flag>;
}

/** The fraction of a certificate's life after which it is renewed by default. */
export const RENEW_AFTER = 0.9;

/** A request for one certificate, as JSON. */
export type CsrRequestDocument = AsJson<CsrRequest, 'commonName' | 'sans' | 'uniqueIdentifier'>;

/** @internal */
type NamedDocument = AsJson<Named, 'commonName'>;

/** The contract's intent of `csr/requires`, as JSON. */
export type CsrRequiresIntentDocument = AsJson<CsrRequiresIntent, 'made' | 'renewAfter' | 'handled', {
  readonly requests?: ReadonlyArray<CsrRequestDocument> | null;
  readonly renew?: ReadonlyArray<NamedDocument> | null;
}>;

/** Decodes a request. */
const CsrRequest: Decoder<CsrRequest, CsrRequestDocument> = object<CsrRequest, CsrRequestDocument>('closed', {
  certType: required(oneOf(...CERT_TYPES)),
  commonName: optional(text(), ''),
  sans: optional(listOf(text()), []),
  subject: omittable(Subject),
  uniqueIdentifier: optional(trueOrFalse, true),
});

/** Decodes the name of a request. */
const Named: Decoder<Named, NamedDocument> = object<Named, NamedDocument>('closed', {
  certType: required(oneOf(...CERT_TYPES)),
  commonName: optional(text(), ''),
});

/** Decodes the contract's intent of `csr/requires`; unknown fields are errors. */
export const CsrRequiresIntent: Decoder<CsrRequiresIntent, CsrRequiresIntentDocument> = object<
  CsrRequiresIntent,
  CsrRequiresIntentDocument
>('closed', {
  requests: optional(listOf(CsrRequest), []),
  made: optional(listOf(CsrPem), []),
  renewAfter: optional(numberIn('a number above 0.5 and up to 1', { above: 0.5, upTo: 1 }), RENEW_AFTER),
  renew: optional(listOf(Named), []),
  handled: optional(listOf(text<Flag>()), []),
});

/** The intent of a charm that wants nothing: everything it has published is withdrawn. */
export const nothing: CsrRequiresIntent = { requests: [], made: [], renewAfter: RENEW_AFTER, renew: [], handled: [] };
