/**
 * A unit that is being removed sees all remote units depart one by one, although they stay. It must not take away what its application has
 * published for them; the next leader carries on.
 *
 * Juju only tells in `-relation-departed` hooks, so it is remembered until the unit is gone.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Digest, Memory } from '../../model/memory.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { rememberedOf } from '../../side/remember.ts';

const NAME = 'csr.leaving';

/** The notes to keep; none while the unit stays. */
export const leavingNotes = (
  { endpoint, isLeaving = false }: Snapshot,
  memory: Memory,
): ReadonlyMap<string, Digest> =>
  new Map(
    isLeaving || rememberedOf(endpoint, memory)(NAME) !== undefined ? [[NAME, digestOf(['leaving'])] as const] : [],
  );
