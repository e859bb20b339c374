/**
 * What a requirer's charm can read of the CSR protocol. There is no private key in it: the keyring has them.
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
 * How far a request has come:
 * `missing`: a CSR has to be made for it; `asked`: its CSR is published; `answered`: there is a certificate; `renewing`: a new CSR stands
 * beside the answered one; `denied`: it is refused and there is no certificate; `impossible`: no CSR can say it; `unrelated`: there is no
 * relation to ask on.
 */
export type RequestState = 'missing' | 'asked' | 'answered' | 'renewing' | 'denied' | 'impossible' | 'unrelated';

/** Why a CSR has to be made: none was published, one of other content was, the certificate is due, or its key is no longer in force. */
export type MissingWhy = 'new' | 'changed' | 'renewal' | 'other-key';

/** One wanted request. What is not there is null; `certificate` is delivered whenever it is there, whatever the state. */
export interface RequestView {
  /** The request, as the intent has it. */
  readonly request: CsrRequest;
  /** The relation that it is made on; null where there is none. */
  readonly relationId: RelationId | null;
  /** Where its CSR stands. */
  readonly bag: Bag;
  /** How far it is. */
  readonly state: RequestState;
  /** Only while it is `missing`. */
  readonly why: MissingWhy | null;
  /** The last one that is published. */
  readonly csr: NormalPem | null;
  /** The keeper's name for the key of the certificate, or of the CSR while there is none. */
  readonly keyName: string | null;
  /** The certificate in PEM. */
  readonly certificate: NormalPem | null;
  /** The CA that signed it, in PEM. */
  readonly ca: NormalPem | null;
  /** As the provider ordered it; it should begin with the certificate. */
  readonly chain: ReadonlyArray<NormalPem>;
  /** When the certificate falls due for renewal. */
  readonly renewAt: Timestamp | null;
  /** Why the last CSR is refused. */
  readonly denied: RequestError | null;
}

/** All that the charm can read. */
export interface CsrRequiresView {
  /** In the order of the intent. */
  readonly requests: ReadonlyArray<RequestView>;
  /** What the provider says that it can issue; null where it says nothing. */
  readonly capabilities: Capabilities | null;
  /** PEM: the last of the first delivered chain if that is self-issued, else that certificate's CA. */
  readonly rootCaCert: string | null;
  /** PEM: the first delivered chain without its certificate. */
  readonly rootCaChain: string | null;
}
