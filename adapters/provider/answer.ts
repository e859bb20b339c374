/**
 * What is told of a session and of what its provider publishes.
 *
 * @module
 */
import type { CertType } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { Fault, FaultName } from './fault.ts';
import { PROVIDER, relationOf } from './provider.ts';
import type { Session, SessionEntry } from './sessions.ts';

/** One request of a session. */
export interface ToldRequest {
  readonly relationId: RelationId;
  readonly unit: UnitName;
  readonly certType: CertType;
  readonly commonName: string;
  readonly state: 'answered' | 'unanswered';
  /** What is done wrong with it now. */
  readonly fault: FaultName | null;
}

/** A session, without any private key. */
export interface ToldSession {
  readonly id: string;
  /** By its own clock. */
  readonly now: Timestamp;
  /** By the server's clock: when it expires if nobody comes. */
  readonly expires: Timestamp;
  /** The certificate of its CA, PEM. */
  readonly ca: string;
  readonly faults: ReadonlyArray<Fault>;
  readonly requests: ReadonlyArray<ToldRequest>;
  readonly log: ReadonlyArray<SessionEntry>;
}

/** What the provider publishes to a unit. */
export interface Published {
  /** As the provider numbers it: one relation for each application. */
  readonly relationId: RelationId | null;
  /** The provider's unit. */
  readonly unit: UnitName;
  /** Its databag on the relation, private keys and all; empty where the relation is gone. */
  readonly databag: Databag;
  /** What the provider noticed, e.g. requests that its policy refuses. */
  readonly findings: ReadonlyArray<Finding>;
}

// What a date writes is a timestamp.
const timestamp = (date: Date): Timestamp => date.toISOString() as Timestamp;

/** Tells a session. */
export const tellSession = (
  { id, provider: { authority, faults, requests }, log }: Session,
  now: Date,
  expires: Date,
): ToldSession => ({
  id,
  now: timestamp(now),
  expires: timestamp(expires),
  ca: authority.state.certificate,
  faults,
  requests: requests.map(({ request: { relationId, unit, certType, commonName }, fault, isAnswered }) => ({
    relationId,
    unit,
    certType,
    commonName,
    state: isAnswered ? 'answered' : 'unanswered',
    fault,
  })),
  log,
});

/** Tells what is published to a unit. */
export const tellPublished = ({ provider }: Session, unit: UnitName): Published => {
  const id = relationOf(provider, unit)?.id ?? null;
  return {
    relationId: id,
    unit: PROVIDER,
    databag: id === null ? {} : provider.shown.get(id) ?? {},
    findings: provider.findings.filter(({ place: { relationId } }) => relationId === undefined || relationId === id),
  };
};
