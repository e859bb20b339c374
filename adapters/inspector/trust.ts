/**
 * Relations of `certificate_transfer` on the page: who hands out what, above the same kind of ledger of CAs as elsewhere.
 *
 * @module
 */
import type { Examination, Examinations } from '../../core/examine/examination.ts';
import { hintsOfTrust, summaryOfTrust } from '../../core/examine/trust-words.ts';
import type { TrustExamination } from '../../core/examine/trust-exchange.ts';
import type { ApplicationName } from '../../core/model/names.ts';
import { el } from './element.ts';
import { foreign } from './words.ts';

/** What the ledger of a trust relation shows: its CAs. */
const inLedger = (
  { relationId, requirer, provider, certificates, findings, ...trust }: TrustExamination,
): Examination => ({
  relationId,
  // If no requirer is known, the relation is named instead.
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

/** Everything that has a ledger: exchanges, then trust relations. */
export const ledgersIn = ({ examinations, trust }: Examinations): ReadonlyArray<Examination> => [
  ...examinations,
  ...trust.map(inLedger),
];

/** What is shown above the ledger of a trust relation. */
export const trustFigure = (examined: TrustExamination): HTMLElement =>
  el(
    'div',
    { class: 'trust' },
    el('p', { class: 'summary' }, foreign(summaryOfTrust(examined), 300)),
    ...hintsOfTrust(examined).map((hint) => el('p', { class: 'hint' }, hint)),
  );
