/**
 * What is shown of a session and of what its provider publishes.
 *
 * @module
 */
import type { Finding } from '../../core/model/finding.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { Fault } from './fault.ts';
import type { ProtocolName } from './protocol.ts';
import { relationOf, type ShownRequest } from './provider.ts';
import type { Session, SessionEntry } from './session.ts';

/** A session, without any private key. */
export interface ToldSession {
  /** In the address of the session. */
  readonly id: string;
  /** The protocol that the provider speaks. */
  readonly protocol: ProtocolName;
  /** By its own clock. */
  readonly now: Timestamp;
  /** By the server's clock: when it expires if nobody uses it. */
  readonly expires: Timestamp;
  /** The certificate of its CA, PEM. */
  readonly ca: string;
  /** How it misbehaves now. */
  readonly faults: ReadonlyArray<Fault>;
  /** What units ask for, and what they see. */
  readonly requests: ReadonlyArray<ShownRequest>;
  /** What was done to the session. */
  readonly log: ReadonlyArray<SessionEntry>;
}

/** What the provider publishes to a unit. */
export interface Published {
  /** In the provider's numbering: one relation for each application. */
  readonly relationId: RelationId | null;
  /** The provider's unit. */
  readonly unit: UnitName;
  /** The unit's databag on the relation, including private keys; empty if the relation is gone, and in the CSR protocol. */
  readonly databag: Databag;
  /** The application's databag, which has the answers of the CSR protocol; it contains no private key. */
  readonly applicationDatabag: Databag;
  /** What the provider noticed, e.g. requests that its policy refuses. */
  readonly findings: ReadonlyArray<Finding>;
}

// A date writes itself as a timestamp.
const timestamp = (date: Date): Timestamp => date.toISOString() as Timestamp;

/** Shows a session. */
export const tellSession = (
  { id, provider: { protocol, authority, faults, requests }, log }: Session,
  now: Date,
  expires: Date,
): ToldSession => ({
  id,
  protocol,
  now: timestamp(now),
  expires: timestamp(expires),
  ca: authority.state.certificate,
  faults,
  requests,
  log,
});

/** Shows what is published to a unit. */
export const tellPublished = ({ provider }: Session, unit: UnitName): Published => {
  const id = relationOf(provider, unit)?.id ?? null;
  const shown = id === null ? undefined : provider.shown.get(id);
  return {
    relationId: id,
    unit: provider.good.snapshot.localUnit,
    databag: shown?.unit ?? {},
    applicationDatabag: shown?.application ?? {},
    findings: provider.findings.filter(({ place: { relationId } }) => relationId === undefined || relationId === id),
  };
};
