/**
 * The input and the result of a bridge's decision.
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

/** The input of a bridge's decision. */
export interface BridgeInput {
  /** The lower endpoint as the hook sees it. Only the leader asks above and answers below. Without `now`, nothing is renewed. */
  readonly snapshot: Pick<Snapshot, 'isLeader' | 'isLeaving' | 'now' | 'created' | 'relations'>;
  /** What `any/provides` decided on the lower endpoint. */
  readonly below: Pick<Outcome<AnyProvidesView>, 'view' | 'findings'>;
  /** What {@link decideAbove} read on the upper endpoint. */
  readonly above: AboveView;
  /** What was kept. */
  readonly table: BridgeTable;
  /**
   * The public halves of all keys that are kept for the bridge; if a request has several, the first is in force. A host that cannot read
   * them must not decide: a key that is missing here is replaced, and its certificate with it.
   */
  readonly keys: ReadonlyArray<BridgeKey>;
  /** The certificate requests that were made for what a first decision listed as missing. */
  readonly made: ReadonlyArray<CsrPem>;
  /** The fraction of a certificate's life after which it is renewed. Default: 0.9. */
  readonly renewAfter?: number;
  /** Whether requirers by name get a client certificate that they share. Default: no. */
  readonly sharedClient?: boolean;
}

/** A certificate request that must be made. */
export interface MissingCsr {
  /** The label under which a new key is kept. */
  readonly label: KeyLabel;
  /** What it is for. Keep it with the key. */
  readonly request: RequestId;
  /** The keeper's name for the key to make it with; null: make and keep a key first. */
  readonly keyName: string | null;
  /** What the CSR must contain. */
  readonly content: Content;
  /** The kind that is requested. */
  readonly certType: CertType;
  /** Why it is needed. */
  readonly why: MissingWhy | 'revoked';
}

/** The decision of a bridge. */
export interface Bridged {
  /** For `any/provides`, after {@link withPrivateKeys} has filled in the keys. */
  readonly below: BelowIntent;
  /** For {@link decideAbove}. */
  readonly above: AboveIntent;
  /** What to keep. */
  readonly table: BridgeTable;
  /** CSRs that must be made. */
  readonly missing: ReadonlyArray<MissingCsr>;
  /** Keys that nothing needs any more. Delete them after everything else is applied. */
  readonly unused: ReadonlyArray<BridgeKey>;
  /** What is requested below, and the result so far. Empty on a unit that stands by. */
  readonly requests: ReadonlyArray<BridgedRequest>;
  /** When time alone would change this decision. */
  readonly until: Timestamp | null;
  /** What was noticed. */
  readonly findings: ReadonlyArray<Finding>;
}
