/**
 * The status of a requirer's unit: what it waits for, what people must do, or that all is well.
 *
 * @module
 */
import type { Outcome } from '../../core/model/outcome.ts';
import type { Delivered, Delivery } from '../../core/side/row.ts';
import type { Status } from '../reaction.ts';

/** The requests, whatever the protocol. */
type Wanted = Pick<Delivery['request'], 'certType' | 'commonName'>;

/** The requests without a certificate. All application certificates share one name. */
const unansweredIn = (
  deliveries: ReadonlyArray<Delivery>,
  requests: ReadonlyArray<Wanted>,
): ReadonlyArray<Wanted> => {
  const given = new Set(
    deliveries.flatMap(({ request: { certType, commonName } }) => [`${certType} ${commonName}`, certType]),
  );
  return requests.filter(({ certType, commonName }) =>
    !given.has(certType === 'application' ? certType : `${certType} ${commonName}`)
  );
};

/** The status after an outcome; `failures` are what failed and will be tried again, `waits` what else the unit waits for. */
export const statusOf = (
  endpoint: string,
  requests: ReadonlyArray<Wanted>,
  { memory, findings }: Outcome,
  { deliveries }: Delivered,
  failures: ReadonlyArray<string>,
  waits: ReadonlyArray<string> = [],
): Status => {
  const blocked = (message: string): Status => ({ status: 'blocked', message });
  const waiting = (message: string): Status => ({ status: 'waiting', message: `${endpoint}: ${message}` });
  const [failure] = failures;
  if (failure !== undefined) return blocked(failure);
  if (findings.some(({ code }) => code === 'no-relation')) {
    return blocked(`${endpoint}: not related to a provider of certificates (juju integrate)`);
  }
  if (requests.length > 0 && !memory.flags.some((flag) => flag === `${endpoint}.available`)) {
    return waiting('waiting for a unit of the provider');
  }
  const missing = unansweredIn(deliveries, requests).length;
  if (missing > 0) {
    return waiting(
      requests.length === 1
        ? 'waiting for the certificate'
        : `waiting for ${missing} of ${requests.length} certificates`,
    );
  }
  const [wait] = waits;
  if (wait !== undefined) return waiting(wait);
  // What a requirer notices on a relation is never an error; what an installation notices is among the failures.
  return { status: 'active', message: '' };
};
