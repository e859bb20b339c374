/**
 * The sides of a requirer with its own keys, and what a charm must know about each: the CSR protocol alone, or whichever protocol its
 * provider speaks.
 *
 * This room loads X.509.
 *
 * @module
 */
import { requestsByCsr } from '../../core/any/requires/by-csr.ts';
import type { AnyRequiresView } from '../../core/any/requires/view.ts';
import { anyRequires } from '../../core/any/requires.ts';
import type { CsrRequiresIntent, CsrRequiresIntentDocument } from '../../core/csr/requires/intent.ts';
import type { CsrRequiresView, RequestView } from '../../core/csr/requires/view.ts';
import { csrRequires } from '../../core/csr/requires.ts';
import type { Memory } from '../../core/model/memory.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import { type Delivered, deliveredBy, type Row } from '../../core/side/row.ts';
import type { Status } from '../reaction.ts';
import { anyCertificates, type CertificateEntry, csrCertificates } from './actions/certificates.ts';
import { anyStatusOf, type Standing } from './any-status.ts';
import { inOrder } from './csr-installable.ts';
import { csrStatusOf } from './csr-status.ts';

/** A requirer's side with its own keys. */
export interface KeyedSide<View> {
  readonly side: Row<string, CsrRequiresIntent, View, CsrRequiresIntentDocument>;
  /** The state of the requests by CSR; none if the provider does not take CSRs. */
  readonly byCsr: (snapshot: Snapshot, intent: CsrRequiresIntent, memory: Memory) => ReadonlyArray<RequestView>;
  /** Whether it is known that the provider of a relation takes CSRs. */
  readonly takesCsrs: (view: View, relation: RelationId) => boolean;
  /** The requests for which the keyring may have to make a CSR. */
  readonly missing: (view: View) => ReadonlyArray<RequestView>;
  /** What a view delivers, in the form that is installed. */
  readonly installable: (view: View) => Delivered;
  /** The certificates as actions list them. */
  readonly certificates: (view: View) => ReadonlyArray<CertificateEntry>;
  readonly statusOf: (endpoint: string, standing: Standing<View>) => Status;
}

/** The CSR protocol alone. */
export const csrKeyed: KeyedSide<CsrRequiresView> = {
  side: csrRequires,
  byCsr: (snapshot, intent, memory) => csrRequires.decide(snapshot, intent, memory).view.requests,
  takesCsrs: () => true,
  missing: ({ requests }) => requests,
  installable: (view) => {
    const { deliveries, common } = deliveredBy(csrRequires, view);
    return { deliveries: deliveries.map(inOrder), common };
  },
  certificates: csrCertificates,
  statusOf: (endpoint, { outcome, failures, waits }) => csrStatusOf(endpoint, outcome, failures, waits),
};

/** Whichever protocol the provider speaks. */
export const anyKeyed: KeyedSide<AnyRequiresView> = {
  side: anyRequires,
  byCsr: requestsByCsr,
  takesCsrs: ({ protocols }, relation) => protocols[relation] === 'csr',
  missing: ({ missing }) => missing,
  installable: (view) => {
    const { deliveries, common } = deliveredBy(anyRequires, view);
    // A reactive provider's chain is already in order, and its CA is the root.
    return {
      deliveries: deliveries.map((one, i) => (view.deliveries[i]?.protocol === 'csr' ? inOrder(one) : one)),
      common,
    };
  },
  certificates: anyCertificates,
  statusOf: anyStatusOf,
};
