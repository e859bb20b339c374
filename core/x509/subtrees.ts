/**
 * Writes name constraints: the names that a CA below may certify (RFC 5280 section 4.2.1.10).
 *
 * @module
 */
import { type Bytes, der, derText } from './der-write.ts';
import { context, TAG } from './der.ts';

/** The base of a subtree. */
export type Base =
  /** A host and everything below it; with a leading dot only what is below; empty: every host. */
  | { readonly type: 'dns'; readonly text: string }
  /** A network: its address, then its mask, each of 4 or 16 bytes. */
  | { readonly type: 'ip'; readonly network: Uint8Array };

/** What a CA may certify. At least one of the lists is not empty. */
export interface Subtrees {
  /** Names have to lie in one of these. */
  readonly permitted: ReadonlyArray<Base>;
  /** Names must lie in none of these. */
  readonly excluded: ReadonlyArray<Base>;
}

const baseDer = (base: Base): Bytes =>
  base.type === 'dns' ? derText(context(2, 'primitive'), base.text) : der(context(7, 'primitive'), base.network);

const listDer = (n: number, bases: ReadonlyArray<Base>): ReadonlyArray<Bytes> =>
  bases.length === 0 ? [] : [der(context(n), ...bases.map((base) => der(TAG.sequence, baseDer(base))))];

/** The value of the extension, DER. */
export const nameConstraintsDer = ({ permitted, excluded }: Subtrees): Bytes =>
  der(TAG.sequence, ...listDer(0, permitted), ...listDer(1, excluded));
