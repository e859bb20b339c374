/**
 * What a charm wants that hands out certificates: all of them, in every hook.
 *
 * @module
 */
import { type Decoder, listOf, object, omittable, textWhere } from '../../model/codec.ts';
import type { AsJson } from '../../model/schema.ts';
import { hasCertificate } from '../texts.ts';

/** A text with one certificate or several in it, in whatever form of PEM. Nothing but the certificates is published. */
export type CertificatesPem = string & { readonly certificatesPem: unique symbol };

/** Accepts any text with a readable certificate. */
export const CertificatesPem: Decoder<CertificatesPem> = textWhere('certificates in PEM', hasCertificate);

/** Those of some texts that have a readable certificate in them. */
export const withCertificates = (texts: ReadonlyArray<string>): ReadonlyArray<CertificatesPem> =>
  texts.filter((text): text is CertificatesPem => hasCertificate(text));

/** All that a provider's charm wants. */
export interface TrustProvidesIntent {
  /** What every relation is to have, the most important first. None: what is published is taken back. Absent: it stays as it is. */
  readonly certificates?: ReadonlyArray<CertificatesPem>;
}

/** The intent of `trust/provides`, as JSON has it. */
export type TrustProvidesIntentDocument = AsJson<TrustProvidesIntent>;

/** Decodes the intent of `trust/provides`; a field that it does not know is an error. */
export const TrustProvidesIntent: Decoder<TrustProvidesIntent, TrustProvidesIntentDocument> = object<
  TrustProvidesIntent,
  TrustProvidesIntentDocument
>('closed', { certificates: omittable(listOf(CertificatesPem)) });

/** A charm that does not know what it has: what is published stays. */
export const nothingKnown: TrustProvidesIntent = {};
