/**
 * The status of a unit that speaks whichever protocol its provider speaks: which one that is, with which application, by which databag key
 * that shows, and since when the unit has waited.
 *
 * The status shows a moment and not a duration, so that it changes only when something has happened.
 *
 * @module
 */
import { shownBy, type Spoken } from '../../core/any/protocol.ts';
import type { AnyRequiresView, Waiting } from '../../core/any/requires/view.ts';
import type { RequestView } from '../../core/csr/requires/view.ts';
import { hidingKeys } from '../../core/model/certificate.ts';
import { flagOf } from '../../core/model/flag.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import { presentRelations } from '../../core/side/present.ts';
import type { Status } from '../reaction.ts';
import { refusalOf } from './csr-status.ts';

const SPEAKS: Readonly<Record<Spoken, string>> = {
  reactive: 'speaks the reactive protocol',
  csr: 'speaks the CSR protocol',
  unknown: 'has answered in neither protocol',
};

/** Which application speaks what, relation by relation, and the databag key that shows it. */
const spokenBy = ({ protocols }: AnyRequiresView, snapshot: Snapshot): string => {
  const units = new Map(presentRelations(snapshot).map((here) => [here.relation.id, here.units]));
  return snapshot.relations.map((relation) => {
    const { id, remoteApplication } = relation;
    const spoken = protocols[id] ?? 'unknown';
    const key = spoken === 'unknown' ? null : shownBy({ relation, units: units.get(id) ?? [] }, spoken);
    const why = spoken === 'unknown' ? '' : ` (${key === null ? 'as before' : hidingKeys(key)})`;
    return `${remoteApplication ?? id} ${SPEAKS[spoken]}${why}`;
  }).join(', ');
};

/** Since when the first of them has been waiting, to the minute. */
const sinceOf = (waiting: ReadonlyArray<Waiting>): string => {
  const [first] = waiting.flatMap(({ since }) => (since === null ? [] : [since])).sort();
  return first === undefined ? '' : ` since ${first.slice(0, 16).replace('T', ' ')} UTC`;
};

/** What a unit's status is made from. */
export interface Standing<View> {
  readonly outcome: Outcome<View>;
  readonly snapshot: Snapshot;
  /** The state of the requests by CSR. */
  readonly byCsr: () => ReadonlyArray<RequestView>;
  /** What failed and will be tried again, one sentence each. */
  readonly failures: ReadonlyArray<string>;
  /** What else the unit waits for, one sentence each. */
  readonly waits: ReadonlyArray<string>;
}

/** What the status says when every certificate is there: the refusal of a renewal, otherwise which application speaks what. */
const whileServed = (
  endpoint: string,
  { outcome: { view, memory }, snapshot, byCsr }: Standing<AnyRequiresView>,
): string => {
  if (memory.flags.includes(flagOf(endpoint, 'certs.denied'))) {
    for (const { request, denied } of byCsr()) if (denied !== null) return refusalOf({ request, denied });
  }
  return spokenBy(view, snapshot);
};

/** The status after an outcome. */
export const anyStatusOf = (endpoint: string, standing: Standing<AnyRequiresView>): Status => {
  const { outcome: { view, memory, findings }, snapshot, failures, waits } = standing;
  const say = (status: Status['status'], message: string): Status => ({ status, message: `${endpoint}: ${message}` });
  const [failure] = failures;
  if (failure !== undefined) return { status: 'blocked', message: failure };
  if (findings.some(({ code }) => code === 'no-relation')) {
    return say('blocked', 'not related to a provider of certificates (juju integrate)');
  }
  const impossible = findings.find(({ code }) => code === 'request-impossible');
  if (impossible !== undefined) return say('blocked', impossible.message);
  const { waiting, deliveries } = view;
  if (waiting.length + deliveries.length > 0 && !memory.flags.includes(flagOf(endpoint, 'available'))) {
    return say('waiting', 'waiting for a unit of the provider');
  }
  for (const { request, denied } of waiting) {
    if (denied !== null) return say('blocked', refusalOf({ request, denied }));
  }
  if (waiting.length > 0) {
    const all = waiting.length + deliveries.length;
    const what = all === 1 ? 'the certificate' : `${waiting.length} of ${all} certificates`;
    return say('waiting', `waiting for ${what}${sinceOf(waiting)}: ${spokenBy(view, snapshot)}`);
  }
  const [wait] = waits;
  if (wait !== undefined) return say('waiting', wait);
  if (deliveries.length === 0) return { status: 'active', message: '' };
  return say('active', whileServed(endpoint, standing));
};
