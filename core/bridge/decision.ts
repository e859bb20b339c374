/**
 * What a bridge decides on, and what it decides.
 *
 * @module
 */
import type { AnyProvidesView } from '../any/provides/view.ts';
import type { Content } from '../csr/content.ts';
import type { CsrPem } from '../csr/csr-pem.ts';
import type { MissingWhy } from '../csr/requires/view.ts';
import type { CertType } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Snapshot, Timestamp } from '../model/snapshot.ts';
import type { AboveIntent, AboveView } from './above.ts';
import type { BelowIntent } from './below.ts';
import type { BridgeKey } from './keys.ts';
import type { KeyLabel, RequestId } from './request-id.ts';
import type { BridgedRequest } from './bridged-request.ts';
import type { BridgeTable } from './table.ts';

/** What a bridge decides on. */
export interface BridgeInput {
  /** The lower endpoint as the hook sees it. Only the leader asks above and answers below. Without `now`, nothing is renewed. */
  readonly snapshot: Pick<Snapshot, 'isLeader' | 'isLeaving' | 'now' | 'created' | 'relations'>;
  /** What `any/provides` decided on the lower endpoint. */
  readonly below: Pick<Outcome<AnyProvidesView>, 'view' | 'findings'>;
  /** What {@link decideAbove} read on the upper endpoint. */
  readonly above: AboveView;
  readonly table: BridgeTable;
  /**
   * The public halves of all keys that are kept for the bridge; of several for one request the first is in force. A host that cannot read
   * them must not decide: a key that is missing here is made anew, and its certificate with it.
   */
  readonly keys: ReadonlyArray<BridgeKey>;
  /** The certificate requests that were made for what a first decision said is missing. */
  readonly made: ReadonlyArray<CsrPem>;
  /** The part of a certificate's life after which it is renewed. Default: 0.9. */
  readonly renewAfter?: number;
  /** Whether requirers by name are given a client certificate that they share. Default: no. */
  readonly sharedClient?: boolean;
}

/** A certificate request that has to be made. */
export interface MissingCsr {
  readonly label: KeyLabel;
  /** What it is for. Keep it with the key. */
  readonly request: RequestId;
  /** The keeper's name for the key to make it with; null: a key has to be made and kept first. */
  readonly keyName: string | null;
  readonly content: Content;
  readonly certType: CertType;
  readonly why: MissingWhy | 'revoked';
}

/** What a bridge decided. */
export interface Bridged {
  /** For `any/provides`, once {@link withPrivateKeys} has put the keys in. */
  readonly below: BelowIntent;
  /** For {@link decideAbove}. */
  readonly above: AboveIntent;
  readonly table: BridgeTable;
  readonly missing: ReadonlyArray<MissingCsr>;
  /** Keys that nothing needs any more. Delete them once the rest is applied. */
  readonly unused: ReadonlyArray<BridgeKey>;
  /** What is asked below and what has come of it. Empty on a unit that stands by. */
  readonly requests: ReadonlyArray<BridgedRequest>;
  /** When time alone would change this decision. */
  readonly until: Timestamp | null;
  readonly findings: ReadonlyArray<Finding>;
}
