/**
 * The keys whose CSRs are published: a key that was replaced is needed while a CSR of it stands.
 *
 * @module
 */
import type { Bag } from '../../model/outcome.ts';
import type { PublicKeyText, Snapshot } from '../../model/snapshot.ts';
import { ownBags } from '../leader.ts';
import { textsOnce } from '../texts.ts';
import { readOwn } from './own-bag.ts';

/** The public keys of the CSRs in the own databags of an owner, on all relations; none where this unit may not read them. */
export const publishedKeys = (snapshot: Snapshot, owner: Bag): ReadonlySet<PublicKeyText> => {
  const texts = textsOnce();
  const bags = ownBags(snapshot).filter((bag) => bag === owner);
  return new Set(
    snapshot.relations.flatMap((relation) =>
      bags.flatMap((bag) => readOwn(relation, bag, texts).entries.map(({ value }) => value.known.publicKey))
    ),
  );
};
