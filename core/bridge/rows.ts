/**
 * The rows of a bridge's table, from one decision to the next.
 *
 * @module
 */
import type { Texts } from '../csr/texts.ts';
import type { AskedBelow } from './asked.ts';
import type { Decided } from './decided.ts';
import type { OwnCsr } from './standing.ts';
import { type BridgeRow, type BridgeTable, csrDigest } from './table.ts';

/** What is published above for somebody whose databag is unreadable at the moment. */
export interface HeldCsr {
  readonly own: OwnCsr;
  readonly rows: ReadonlyArray<BridgeRow>;
}

/** Finds it by the table. */
export const heldCsrs = (
  { rows }: BridgeTable,
  { isHeld }: AskedBelow,
  published: ReadonlyArray<OwnCsr>,
): ReadonlyArray<HeldCsr> => {
  const byCsr = new Map<string, Array<BridgeRow>>();
  for (const row of rows) {
    if (!isHeld(row)) continue;
    const others = byCsr.get(row.csr);
    if (others === undefined) byCsr.set(row.csr, [row]);
    else others.push(row);
  }
  if (byCsr.size === 0) return [];
  return published.flatMap((own) => {
    const here = byCsr.get(csrDigest(own.known.pem));
    return here === undefined ? [] : [{ own, rows: here }];
  });
};

/** The table of what is published above. */
export const tableOf = (
  decided: ReadonlyArray<Decided>,
  { byCsr }: AskedBelow,
  held: ReadonlyArray<HeldCsr>,
  texts: Texts,
): BridgeTable => {
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
  return { rows: [...rows.values()] };
};
