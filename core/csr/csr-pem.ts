/**
 * Certificate requests as text in a charm's intent.
 *
 * @module
 */
import { type Decoder, textWhere } from '../model/codec.ts';
import { isCsr } from './texts.ts';

/** A text that contains a readable certificate request, in any form of PEM. */
export type CsrPem = string & { readonly csrPem: unique symbol };

/** Accepts any text that contains a readable certificate request. */
export const CsrPem: Decoder<CsrPem> = textWhere('a certificate request in PEM', isCsr);
