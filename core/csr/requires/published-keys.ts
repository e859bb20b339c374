/**
 * The keys whose CSRs are published: a replaced key is needed as long as one of its CSRs is published.
 *
 * @module
 */
import type { Bag } from '../../model/outcome.ts';
import type { PublicKeyText, Snapshot } from '../../model/snapshot.ts';
import { ownBags } from '../leader.ts';
import { textsOnce } from '../texts.ts';
import { readOwn } from './own-bag.ts';

/** The public keys of the CSRs in an owner's databags on all relations; none if this unit may not read them. */
export const publishedKeys = (snapshot: Snapshot, owner: Bag): ReadonlySet<PublicKeyText> => {
  const texts = textsOnce();
  const bags = ownBags(snapshot).filter((bag) => bag === owner);
  return new Set(
    snapshot.relations.flatMap((relation) =>
      bags.flatMap((bag) => readOwn(relation, bag, texts).entries.map(({ value }) => value.known.publicKey))
    ),
  );
};
