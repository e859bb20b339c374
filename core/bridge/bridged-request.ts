/**
 * A request of a requirer below as a bridge reports it, and its state.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Digest } from '../model/memory.ts';
import type { RelationId, UnitName } from '../model/names.ts';
import type { Timestamp } from '../model/snapshot.ts';

/**
 * The state of a request. `answered`: its certificate is in use. `replacing`: the certificate for the earlier names stays in use until the
 * new one arrives. `asked`: it is awaited from above. `refused`: it receives nothing, and `why` says so. `unasked`: there is no provider to
 * ask.
 */
export type BridgedState = 'answered' | 'replacing' | 'asked' | 'refused' | 'unasked';

/** One request of a requirer below. */
export interface BridgedRequest {
  /** Null for the shared client certificate. */
  readonly relationId: RelationId | null;
  /** Null for a request that all units of an application share. */
  readonly unit: UnitName | null;
  /** Null if a certificate request does not say. */
  readonly certType: CertType | null;
  /** The requested common name. */
  readonly commonName: string;
  /** Whether the requirer's own certificate request is passed on; otherwise the bridge makes key and request. */
  readonly isPassedOn: boolean;
  /** How far it has come. */
  readonly state: BridgedState;
  /** Why it is refused; null if it is not. */
  readonly why: string | null;
  /** SHA-256 of the text of the last certificate request above; null if there is none. */
  readonly csr: Digest | null;
  /** When the certificate in use ends. */
  readonly notAfter: Timestamp | null;
}
