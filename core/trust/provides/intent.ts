/**
 * What the charm that hands out certificates wants published: all of its certificates, in every hook.
 *
 * @module
 */
import { type Decoder, listOf, object, omittable, textWhere } from '../../model/codec.ts';
import type { AsJson } from '../../model/schema.ts';
import { hasCertificate } from '../texts.ts';

/** A text with one or more certificates, in any form of PEM. Only the certificates are published. */
export type CertificatesPem = string & { readonly certificatesPem: unique symbol };

/** Accepts any text with a readable certificate. */
export const CertificatesPem: Decoder<CertificatesPem> = textWhere('certificates in PEM', hasCertificate);

/** The texts that contain a readable certificate. */
export const withCertificates = (texts: ReadonlyArray<string>): ReadonlyArray<CertificatesPem> =>
  texts.filter((text): text is CertificatesPem => hasCertificate(text));

/** Everything that a provider's charm wants. */
export interface TrustProvidesIntent {
  /** What every relation receives, the most important first. Empty: what is published is withdrawn. Absent: it stays unchanged. */
  readonly certificates?: ReadonlyArray<CertificatesPem>;
}

/** The intent of `trust/provides`, as JSON. */
export type TrustProvidesIntentDocument = AsJson<TrustProvidesIntent>;

/** Decodes the intent of `trust/provides`; unknown fields are errors. */
export const TrustProvidesIntent: Decoder<TrustProvidesIntent, TrustProvidesIntentDocument> = object<
  TrustProvidesIntent,
  TrustProvidesIntentDocument
>('closed', { certificates: omittable(listOf(CertificatesPem)) });

/** The intent of a charm that does not know its certificates: what is published stays. */
export const nothingKnown: TrustProvidesIntent = {};
