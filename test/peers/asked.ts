/**
 * What requirers ask for here, whoever they are.
 *
 * @module
 */

/** The modes of the Python library. */
export type Mode = 'UNIT' | 'APP' | 'APP_AND_UNIT';

/** What a requirer asks for. */
export interface Asked {
  readonly mode: Mode;
  /** An `intermediate` is what Python calls a certificate with `is_ca`. */
  readonly certType: 'server' | 'intermediate';
  readonly keys: 'RSA-2048' | 'P-256';
  /** What a unit of ours asks for besides. */
  readonly more: ReadonlyArray<'client' | 'intermediate'>;
}
