/**
 * A unit that is being removed: it sees the units on the other side depart one by one, though they stay. What its application has published
 * for them is not its to take away; whoever leads next carries on.
 *
 * Juju tells of it in `-relation-departed` hooks alone, so it is remembered until the unit is gone.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Digest, Memory } from '../../model/memory.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { rememberedOf } from '../../side/remember.ts';

const NAME = 'csr.leaving';

/** The notes to keep about it: none while the unit stays. */
export const leavingNotes = (
  { endpoint, isLeaving = false }: Snapshot,
  memory: Memory,
): ReadonlyMap<string, Digest> =>
  new Map(
    isLeaving || rememberedOf(endpoint, memory)(NAME) !== undefined ? [[NAME, digestOf(['leaving'])] as const] : [],
  );
