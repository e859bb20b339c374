/**
 * The unit of the other side that a hook is about, if any.
 *
 * @module
 */
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { HookEnvironment } from './environment.ts';

/** A hook about a unit of the other side. */
export interface HookUnit {
  readonly relation: RelationId;
  readonly unit: UnitName;
  readonly event: 'joined' | 'changed' | 'departed';
}

/** The unit that a hook of an endpoint is about; null if it is about something else. */
export const hookUnit = ({ relation }: HookEnvironment, endpoint: string): HookUnit | null => {
  if (relation === null || relation.endpoint !== endpoint || relation.remoteUnit === null) return null;
  const { id, event, remoteUnit: unit } = relation;
  return event === 'joined' || event === 'changed' || event === 'departed' ? { relation: id, unit, event } : null;
};
