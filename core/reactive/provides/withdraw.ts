/**
 * Withdraws answers whose request is gone, including private keys: Python leaves them in the databag for ever (D26).
 *
 * An unreadable request is not a withdrawn one: its answer stays until the request can be read again.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import type { UnitName } from '../../model/names.ts';
import type { BagRequests } from '../asked.ts';
import { answersKey, topLevelKeys } from '../wire.ts';
import { finding } from './findings.ts';
import { answersIn, isPublished, type Slot, SLOTS, strayKeys } from './published.ts';
import { type Gone, withdrawing } from './publishing.ts';
import { isStaleAtTop, type Provided } from './relation.ts';
import type { Requirer } from './requests.ts';

const asksIn = ({ top, collections, malformed, unreadable }: BagRequests, slot: Slot): boolean =>
  slot === 'top'
    ? top !== null
    : collections[slot].size > 0 || unreadable.has(slot) || malformed.some(({ certType }) => certType === slot);

/** The common names in a slot whose answers stay; null if that is unknown. */
const standingIn = (
  { collections, malformed, unreadable }: BagRequests,
  slot: Exclude<Slot, 'top'>,
): ReadonlySet<string> | null =>
  unreadable.has(slot) ? null : new Set([
    ...collections[slot].keys(),
    ...malformed.filter(({ certType }) => certType === slot).map(({ commonName }) => commonName),
  ]);

/** What to remove from a slot, and how to report it; with a common name only if it is a single answer. */
interface Withdrawn {
  readonly gone: Gone;
  readonly told: ReadonlyArray<{ readonly message: string; readonly commonName?: string }>;
}

const GONE = 'the request is gone: its answer is withdrawn';

const withdrawnIn = (provided: Provided, requirer: Requirer, slot: Slot, asks: boolean): ReadonlyArray<Withdrawn> => {
  const { published } = provided;
  const { unitName: unit, asked } = requirer;
  const all = (message: string): ReadonlyArray<Withdrawn> =>
    isPublished(published, unit, slot) ? [{ gone: { unit, slot, entries: null }, told: [{ message }] }] : [];
  if (!asks) return all(GONE);
  if (slot === 'application') return [];
  if (slot === 'top') {
    return isStaleAtTop(provided, requirer) ? all('it was given for another common name: it is withdrawn') : [];
  }
  const answered = answersIn(published, unit, slot);
  const standing = answered.size === 0 ? null : standingIn(asked, slot);
  if (standing === null) return [];
  const entries = [...answered.keys()].filter((name) => !standing.has(name));
  const told = entries.map((commonName) => ({ message: GONE, commonName }));
  return entries.length === 0 ? [] : [{ gone: { unit, slot, entries }, told }];
};

/** A relation after a step, with its findings. */
export interface Told {
  readonly provided: Provided;
  readonly findings: ReadonlyArray<Finding>;
}

/** The relation without answers that nobody asks for any more; each removal is reported. */
export const withdrawGone = (provided: Provided, localUnit: UnitName): Told => {
  const { relation, requirers, published } = provided;
  const at = (key: string): Place => ({ relationId: relation.id, unit: localUnit, key });
  const names = new Set(requirers.units.map(({ unitName }) => unitName));
  const stray = strayKeys(published, (name) => names.has(name));
  const applicationAsks = requirers.units.some(({ asked }) => asksIn(asked, 'application'));
  const withdrawn = requirers.units.flatMap((requirer) =>
    SLOTS.flatMap((slot) => {
      const asks = slot === 'application' ? applicationAsks : asksIn(requirer.asked, slot);
      return withdrawnIn(provided, requirer, slot, asks);
    })
  );
  return {
    provided: { ...provided, published: withdrawing(published, withdrawn.map(({ gone }) => gone), stray) },
    findings: [
      ...stray.map((key) =>
        finding('answer-withdrawn', at(key), 'the unit that this answers is gone: the answer is withdrawn')
      ),
      ...withdrawn.flatMap(({ gone: { unit, slot }, told }) => {
        const place = at(slot === 'top' ? topLevelKeys(unit).cert : answersKey(unit, slot));
        return told.map(({ message, ...name }) => finding('answer-withdrawn', { ...place, ...name }, message));
      }),
    ],
  };
};
