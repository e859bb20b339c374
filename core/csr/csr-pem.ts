/**
 * Certificate requests as text in what a charm wants.
 *
 * @module
 */
import { type Decoder, textWhere } from '../model/codec.ts';
import { isCsr } from './texts.ts';

/** A text that has a readable certificate request in it, in whatever form of PEM. */
export type CsrPem = string & { readonly csrPem: unique symbol };

/** Accepts any text with a readable certificate request. */
export const CsrPem: Decoder<CsrPem> = textWhere('a certificate request in PEM', isCsr);
