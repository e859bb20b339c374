/**
 * The schemas of what is sent over HTTP and has no decoder: output of `juju show-unit`, the server's health, problems, and sessions with a
 * fake provider.
 *
 * @module
 */
import { CERT_TYPES } from '../../core/model/certificate.ts';
import type { InputIssue } from '../../core/model/input-error.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { anything, list, map, maybe, named, number, orNull, record, text, words } from '../schema/describe.ts';
import { FindingSchema } from '../schema/outcome.ts';
import type { ProblemDocument } from './problem.ts';
import type { Published, ToldSession } from '../provider/answer.ts';
import { type Fault, FAULT_NAMES } from '../provider/fault.ts';
import { PROTOCOLS } from '../provider/protocol.ts';
import type { ShownRequest } from '../provider/provider.ts';
import type { SessionEntry } from '../provider/session.ts';

/** What `juju show-unit` printed. */
export const ShowUnitSchema: SchemaOf<string> = named(
  'ShowUnit',
  'What juju show-unit printed for one unit or several, as YAML or JSON.',
  text(),
);

/**
 * Several outputs of `juju show-unit`.
 *
 * @internal
 */
export interface Several {
  readonly documents: ReadonlyArray<unknown>;
}

/** Several outputs of `juju show-unit`. */
export const SeveralSchema: SchemaOf<Several> = named(
  'SeveralDocuments',
  'Texts or objects: output of juju show-unit for units of both sides, put together by relation.',
  record<Several>({ documents: list(anything) }),
);

/** That the server is running. */
export interface Health {
  readonly status: 'ok';
  readonly version: string;
}

/** The server's health. */
export const HealthSchema: SchemaOf<Health> = named(
  'Health',
  'That the server is there.',
  record<Health>({ status: words('ok'), version: text() }),
);

/** A problem. */
export const ProblemSchema: SchemaOf<ProblemDocument> = named(
  'Problem',
  'Why there is no answer (RFC 9457). Nothing of what was sent is in it but names of fields.',
  record<ProblemDocument>({
    type: text(),
    status: number,
    title: text(),
    detail: text(),
    errors: maybe(list(record<InputIssue>({ path: text(), message: text() }))),
  }),
);

const FaultSchema: SchemaOf<Fault> = named(
  'SessionFault',
  'What the provider does wrong.',
  record<Fault>({
    fault: words(...FAULT_NAMES),
    unit: maybe(text<UnitName>()),
    certType: maybe(words(...CERT_TYPES)),
    commonName: maybe(text()),
    days: maybe(number),
    calls: maybe(number),
    seconds: maybe(number),
    code: maybe(number),
  }),
);

/** What is reported about a session. */
export const SessionSchema: SchemaOf<ToldSession> = named(
  'Session',
  'A session with a fake provider, without any private key.',
  record<ToldSession>({
    id: text(),
    protocol: words(...PROTOCOLS),
    now: text<Timestamp>(),
    expires: text<Timestamp>(),
    ca: text(),
    faults: list(FaultSchema),
    requests: list(record<ShownRequest>({
      relationId: text<RelationId>(),
      unit: orNull(text<UnitName>()),
      certType: orNull(words(...CERT_TYPES)),
      commonName: text(),
      state: words('answered', 'refused', 'unanswered'),
      fault: orNull(words(...FAULT_NAMES)),
    })),
    log: list(record<SessionEntry>({
      at: text<Timestamp>(),
      did: words('created', 'databag', 'depart', 'rotate', 'advance', 'faults'),
      unit: maybe(text()),
      findings: list(text()),
    })),
  }),
);

/** What the provider publishes. */
export const PublishedSchema: SchemaOf<Published> = named(
  'ProviderDatabag',
  'What the provider publishes to a unit, in the databags of its unit and of its application; private keys and all.',
  record<Published>({
    relationId: orNull(text<RelationId>()),
    unit: text<UnitName>(),
    databag: map(text()),
    applicationDatabag: map(text()),
    findings: list(FindingSchema),
  }),
);
