/**
 * What the requirer's name shows.
 *
 * @module
 */
import { lookup } from '../databag/lookup.ts';
import type { Finding, Place } from '../model/finding.ts';
import { munge } from '../model/names.ts';
import { REQUIRER_KEYS } from '../reactive/wire.ts';
import type { UnitExchange } from './exchange.ts';
import { finding } from './findings.ts';

/** Across models, the provider knows the unit as `remote-…`, and the two names must differ. */
export const nameFindings = (
  { relationId, requirer, asked }: UnitExchange,
  hasRequests: boolean,
): ReadonlyArray<Finding> => {
  if (asked === null) return [];
  const place: Place = { relationId, unit: requirer, key: REQUIRER_KEYS.unitName };
  const name = lookup(asked, REQUIRER_KEYS.unitName);
  if (name === null) {
    return hasRequests
      ? [
        finding(
          'unit-name-missing',
          place,
          'the unit asks without saying its name: a provider in another model cannot answer it',
        ),
      ]
      : [];
  }
  return name === munge(requirer) || requirer.startsWith('remote-') ? [] : [
    finding(
      'unit-name-differs',
      place,
      `the unit calls itself by another name than ${munge(requirer)}: it is answered under that one`,
    ),
  ];
};
