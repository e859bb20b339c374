/**
 * Answers of a CA that is not stored here: those of the charm before an upgrade, or of a CA whose secret is gone.
 *
 * A new CA would replace every one of them, so none is made until the operator asks for it: `import-ca` hands over the CA that issued them,
 * and `replace-ca`, or a generation above 1, asks for a new one. Until then nothing is issued and nothing is withdrawn. Source:
 * docs/actions.md, Taking a CA over.
 *
 * @module
 */
import { readAnswers } from '../../core/csr/published.ts';
import { textsOnce } from '../../core/csr/texts.ts';
import { snapshotAfter } from '../../core/databag/write.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Relation, Snapshot } from '../../core/model/snapshot.ts';
import { answeredUnit } from '../../core/reactive/wire.ts';
import type { Hook } from '../juju/hook.ts';
import { onLeader } from './actions/requested.ts';

/** Whether the databags of a relation have answers that count. */
export type HasAnswers = (relation: Relation) => boolean;

/** The answers of the CSR protocol, in the application's databag. */
export const hasCsrAnswers: HasAnswers = ({ localApplicationData }) =>
  readAnswers(localApplicationData, textsOnce()).entries.some(({ value }) => !value.isRevoked);

/** The answers of the reactive protocol, in the unit's own databag. */
export const hasReactiveAnswers: HasAnswers = ({ localUnitData }) =>
  Object.keys(localUnitData).some((key) => answeredUnit(key) !== null);

/** Whether the operator's number asks for a CA other than the first one. */
const asksForAnother = (generation: number | null): boolean => generation !== null && generation > 1;

/**
 * Why no CA may be made although none is stored, as a sentence; null if one may be made. `idle` is what the side decides if nothing is
 * wanted: the answers that it withdraws belong to no request any more, so only those that it leaves count.
 */
export const whyNoCa = (
  hook: Hook,
  snapshot: Snapshot,
  { writes }: Pick<Outcome, 'writes'>,
  hasAnswers: HasAnswers,
  generation: number | null,
): string | null =>
  asksForAnother(generation) || !snapshotAfter(snapshot, writes).relations.some(hasAnswers)
    ? null
    : 'the certificates here were issued by a CA that this charm does not have. Hand it over: ' +
      `${onLeader(hook, 'import-ca')} certificate=… private-key=… – or have a new CA reissue everything: ` +
      onLeader(hook, 'replace-ca');
