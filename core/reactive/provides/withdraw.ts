/**
 * Withdrawing answers whose request is gone, private keys included: Python leaves them in the databag for ever (D26).
 *
 * A request that cannot be read is none that is gone: its answer stays until it can be read again.
 *
 * @module
 */
import type { Finding } from '../../model/finding.ts';
import type { UnitName } from '../../model/names.ts';
import type { Asked } from '../asked.ts';
import { answersKey, topLevelKeys } from '../wire.ts';
import { finding } from './findings.ts';
import { type Slot, SLOTS } from './published.ts';
import { isStaleAtTop, type Provided } from './relation.ts';
import type { Requirer } from './requests.ts';

const asksIn = ({ top, collections, malformed, unreadable }: Asked, slot: Slot): boolean =>
  slot === 'top'
    ? top !== null
    : collections[slot].size > 0 || unreadable.has(slot) || malformed.some(({ certType }) => certType === slot);

/** The common names in a slot whose answers stay; null where that cannot be told. */
const standingIn = (
  { collections, malformed, unreadable }: Asked,
  slot: Exclude<Slot, 'top'>,
): ReadonlySet<string> | null =>
  unreadable.has(slot) ? null : new Set([
    ...collections[slot].keys(),
    ...malformed.filter(({ certType }) => certType === slot).map(({ commonName }) => commonName),
  ]);

/** Withdraws what nobody asks for any more on a relation, and tells of each. */
export const withdrawGone = (provided: Provided, localUnit: UnitName): ReadonlyArray<Finding> => {
  const { relation, requirers, published } = provided;
  const findings: Array<Finding> = [];
  const tell = (key: string, message: string, commonName?: string): void => {
    const place = { relationId: relation.id, unit: localUnit, key };
    findings.push(finding('answer-withdrawn', commonName === undefined ? place : { ...place, commonName }, message));
  };

  const clear = ({ unitName }: Requirer, slot: Slot, why: string): void => {
    if (!published.has(unitName, slot)) return;
    published.clear(unitName, slot);
    tell(slot === 'top' ? topLevelKeys(unitName).cert : answersKey(unitName, slot), why);
  };

  const withdrawSome = (requirer: Requirer, slot: Exclude<Slot, 'top'>): void => {
    const { unitName, asked } = requirer;
    const standing = standingIn(asked, slot);
    if (standing === null) return;
    for (const commonName of [...published.in(unitName, slot).keys()].filter((name) => !standing.has(name))) {
      published.withdraw(unitName, slot, commonName);
      tell(answersKey(unitName, slot), 'the request is gone: its answer is withdrawn', commonName);
    }
  };

  const names = new Set(requirers.units.map(({ unitName }) => unitName));
  for (const key of published.strayKeys((name) => names.has(name))) {
    published.drop(key);
    tell(key, 'the unit that this answers is gone: the answer is withdrawn');
  }
  const applicationAsks = requirers.units.some(({ asked }) => asksIn(asked, 'application'));
  for (const requirer of requirers.units) {
    for (const slot of SLOTS) {
      const asks = slot === 'application' ? applicationAsks : asksIn(requirer.asked, slot);
      if (!asks) clear(requirer, slot, 'the request is gone: its answer is withdrawn');
      else if (slot === 'top') {
        if (isStaleAtTop(provided, requirer)) {
          clear(requirer, 'top', 'it was given for another common name: it is withdrawn');
        }
      } else if (slot !== 'application') withdrawSome(requirer, slot);
    }
  }
  return findings;
};
