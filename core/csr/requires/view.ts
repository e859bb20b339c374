/**
 * What a requirer's charm can read in the CSR protocol. It contains no private key: the keyring has them.
 *
 * @module
 */
import type { Bag } from '../../model/outcome.ts';
import type { RelationId } from '../../model/names.ts';
import type { Timestamp } from '../../model/snapshot.ts';
import type { Capabilities } from '../capabilities.ts';
import type { RequestError } from '../errors.ts';
import type { NormalPem } from '../texts.ts';
import type { CsrRequest } from './intent.ts';

/**
 * The state of a request: `missing`: a CSR has to be made for it; `asked`: its CSR is published; `answered`: there is a certificate;
 * `renewing`: a new CSR is published beside the answered one; `denied`: it is refused and there is no certificate; `impossible`: no CSR can
 * express it; `unrelated`: there is no relation to ask on.
 */
export type RequestState = 'missing' | 'asked' | 'answered' | 'renewing' | 'denied' | 'impossible' | 'unrelated';

/** Why a CSR has to be made: there was none, the published one has other content, the certificate is due, or its key is no longer in force. */
export type MissingWhy = 'new' | 'changed' | 'renewal' | 'other-key';

/** One wanted request. Whatever is absent is null; `certificate` is delivered whenever it is there, in any state. */
export interface RequestView {
  /** The request, as the intent has it. */
  readonly request: CsrRequest;
  /** The relation that it is made on; null where there is none. */
  readonly relationId: RelationId | null;
  /** The relation that holds its CSR. */
  readonly bag: Bag;
  /** How far it is. */
  readonly state: RequestState;
  /** Only while it is `missing`. */
  readonly why: MissingWhy | null;
  /** The last one that is published. */
  readonly csr: NormalPem | null;
  /** The keeper's name for the key of the certificate, or of the CSR as long as there is no certificate. */
  readonly keyName: string | null;
  /** The certificate in PEM. */
  readonly certificate: NormalPem | null;
  /** The CA that signed it, in PEM. */
  readonly ca: NormalPem | null;
  /** In the provider's order; it should start with the certificate. */
  readonly chain: ReadonlyArray<NormalPem>;
  /** When the certificate is due for renewal. */
  readonly renewAt: Timestamp | null;
  /** Why the last CSR was refused. */
  readonly denied: RequestError | null;
}

/** Everything that the charm can read. */
export interface CsrRequiresView {
  /** In the order of the intent. */
  readonly requests: ReadonlyArray<RequestView>;
  /** What the provider says it can issue; null if it says nothing. */
  readonly capabilities: Capabilities | null;
  /** PEM: the last certificate of the first delivered chain if it is self-issued, otherwise the CA of that certificate. */
  readonly rootCaCert: string | null;
  /** PEM: the first delivered chain without its leaf. */
  readonly rootCaChain: string | null;
}
