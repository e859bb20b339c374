/**
 * The rows of a bridge's table, from one decision to the next.
 *
 * @module
 */
import type { Texts } from '../csr/texts.ts';
import type { AskedBelow } from './asked.ts';
import type { Decided } from './decided.ts';
import type { BridgeKeys } from './keys.ts';
import { labelOf } from './request-id.ts';
import type { OwnCsr } from './standing.ts';
import { type BridgeRow, type BridgeTable, csrDigest } from './table.ts';

/** A published request above whose requirer is unreadable, or possibly not visible, at the moment. */
export interface HeldCsr {
  readonly own: OwnCsr;
  /** The known requirers; empty if they are unknown, as after a change of leader. */
  readonly rows: ReadonlyArray<BridgeRow>;
}

/** The known requirers of what is published above, even if they no longer ask for it: by its key, or by the table. */
export const askersOf = ({ rows }: BridgeTable, { ownerOf }: BridgeKeys) => {
  const byCsr = new Map<string, Array<BridgeRow>>();
  for (const row of rows) {
    const others = byCsr.get(row.csr);
    if (others === undefined) byCsr.set(row.csr, [row]);
    else others.push(row);
  }
  return ({ known }: OwnCsr): ReadonlyArray<BridgeRow> => {
    const csr = csrDigest(known.pem);
    const owner = ownerOf(known.publicKey);
    return owner === null ? byCsr.get(csr) ?? [] : [{ csr, origin: 'made', ...owner.request }];
  };
};

/** Finds what is held. The requests by name of readable requirers are decided as usual. */
export const heldCsrs = (
  { byName, isHeld, isMalformed }: AskedBelow,
  published: ReadonlyArray<OwnCsr>,
  rowsOf: (own: OwnCsr) => ReadonlyArray<BridgeRow>,
  hasUnseen: boolean,
): ReadonlyArray<HeldCsr> => {
  const asked = new Set(byName.map(({ label }) => label));
  const isAsked = ({ origin, relationId, unit, certType, commonName }: BridgeRow): boolean =>
    origin === 'made' && certType !== null && asked.has(labelOf({ relationId, unit, certType, commonName }));
  return published.flatMap((own): ReadonlyArray<HeldCsr> => {
    const all = rowsOf(own);
    if (all.length === 0) return hasUnseen ? [{ own, rows: [] }] : [];
    const rows = all.filter((row) => isMalformed(row) || (isHeld(row) && !isAsked(row)));
    return rows.length === 0 ? [] : [{ own, rows }];
  });
};

/** The rows of what is published above. */
export const rowsAfter = (
  decided: ReadonlyArray<Decided>,
  { byCsr }: AskedBelow,
  held: ReadonlyArray<HeldCsr>,
  texts: Texts,
): BridgeTable['rows'] => {
  const rows = new Map<string, BridgeRow>();
  const keep = (row: BridgeRow): void =>
    void rows.set(JSON.stringify([row.csr, row.relationId, row.unit, row.certType]), row);
  for (const { one: { id }, csrs } of decided) {
    for (const { csr } of csrs) {
      const known = texts.csr(csr);
      if (known !== null) keep({ csr: csrDigest(known.pem), origin: 'made', ...id });
    }
  }
  for (const { relationId, unit, csr } of byCsr) {
    keep({ csr: csrDigest(csr), origin: 'passed', relationId, unit, certType: null, commonName: '' });
  }
  for (const one of held) one.rows.forEach(keep);
  return [...rows.values()];
};
