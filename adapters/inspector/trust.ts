/**
 * Relations of `certificate_transfer` on the page: who hands out what, above the same ledger of CAs as everywhere.
 *
 * @module
 */
import type { Examination, Examinations } from '../../core/examine/examination.ts';
import { hintsOfTrust, summaryOfTrust } from '../../core/examine/trust-words.ts';
import type { TrustExamination } from '../../core/examine/trust-exchange.ts';
import type { ApplicationName } from '../../core/model/names.ts';
import { el } from './element.ts';
import { foreign } from './words.ts';

/** What a ledger shows of a relation for trust: its CAs. */
const inLedger = (
  { relationId, requirer, provider, certificates, findings, ...trust }: TrustExamination,
): Examination => ({
  relationId,
  // Where nobody is named, the relation is.
  requirer: requirer ?? relationId as string as ApplicationName,
  asker: 'application',
  protocol: 'unknown',
  evidence: [],
  capabilities: null,
  providers: provider === null ? [] : [provider],
  askedSeen: true,
  areRolesAssumed: trust.areRolesAssumed,
  ca: certificates,
  chain: [],
  requests: [],
  waitingSince: null,
  findings,
});

/** All that has a ledger: exchanges, then relations for trust. */
export const ledgersIn = ({ examinations, trust }: Examinations): ReadonlyArray<Examination> => [
  ...examinations,
  ...trust.map(inLedger),
];

/** What stands above the ledger of a relation for trust. */
export const trustFigure = (examined: TrustExamination): HTMLElement =>
  el(
    'div',
    { class: 'trust' },
    el('p', { class: 'summary' }, foreign(summaryOfTrust(examined), 300)),
    ...hintsOfTrust(examined).map((hint) => el('p', { class: 'hint' }, hint)),
  );
