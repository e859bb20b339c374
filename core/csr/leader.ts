/**
 * What only the leader does: it alone reads and writes the databag of its application, even if a snapshot shows that databag to others.
 *
 * Source: docs/csr-protocol.md.
 *
 * @module
 */
import type { Bag } from '../model/outcome.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Whether the local unit may write one of its side's databags. */
export const mayWrite = ({ isLeader }: Snapshot, bag: Bag): boolean => bag === 'unit' || isLeader;

/** The databags that the local unit reads and writes as its own. */
export const ownBags = (snapshot: Snapshot): ReadonlyArray<Bag> =>
  (['unit', 'application'] as const).filter((bag) => mayWrite(snapshot, bag));
