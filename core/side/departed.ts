/**
 * When a unit stops counting: in the hook that reports its departure, while Juju still shows what it published.
 *
 * @module
 */
import type { UnitName } from '../model/names.ts';
import type { Relation, Snapshot } from '../model/snapshot.ts';

/** The unit that departs from a relation in this hook; null if none does. */
export const departingFrom = ({ id }: Relation, { departing }: Snapshot): UnitName | null =>
  departing?.relationId === id ? departing.unit : null;
