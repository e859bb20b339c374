/**
 * What the units have at the end of the CSR story: each certificate verified up to the CA, and where its key is kept.
 *
 * @module
 */
import type { RequestView } from '../../../core/csr/requires/view.ts';
import { csrRequires } from '../../../core/csr/requires.ts';
import { judge } from '../../../core/x509/mod.ts';
import type { Model } from '../../memory/model.ts';
import { printable } from '../../text/printable.ts';
import { aligned } from '../../text/table.ts';
import type { Page } from '../terminal.ts';
import type { Ending } from './ending.ts';
import { ASKING } from './story.ts';

/** Units whose certificates are shown. */
const SHOWN = 3;

const DAY = 86_400_000;

/** One request as a row, and whether all is well with it. */
const rowOf = async (
  { paint }: Page,
  { request: { certType, commonName, sans }, bag, certificate, chain, ca, denied, state }: RequestView,
  now: Date,
): Promise<{ readonly row: ReadonlyArray<string>; readonly isGood: boolean }> => {
  const name = [certType, printable(commonName)];
  if (certificate === null) {
    const why = denied === null ? state : `refused with code ${denied.code}`;
    return { row: [paint('red', '✗'), ...name, why], isGood: false };
  }
  const judged = await judge({
    certificate,
    certType,
    names: { commonName, sans },
    chain: chain.slice(1).join('\n') || null,
    ca: chain.at(-1) ?? ca,
    now,
  })();
  const isGood = judged.verdict === 'good' && judged.isVerified === true;
  const left = Math.floor((Date.parse(judged.certificate?.notAfter ?? '') - now.getTime()) / DAY);
  const kept = bag === 'unit' ? "in the unit's secret" : "in the application's secret";
  return {
    row: [
      paint(isGood ? 'green' : 'red', isGood ? '✔' : '✗'),
      ...name,
      isGood ? `verified, ${left} days left` : judged.faults.map(({ code }) => code).join(', '),
      paint('dim', `its key is ${kept}`),
    ],
    isGood,
  };
};

/** The certificates of the first units. */
export const certificatesIn = async (page: Page, juju: Model): Promise<Ending> => {
  const { now, units } = juju.state();
  const asking = Object.keys(units).filter((unit) => unit.startsWith('web/'));
  const lines: Array<string> = ['', page.paint('bold', 'What the units have at the end')];
  let foundError = false;
  for (const unit of asking.slice(0, SHOWN)) {
    const requests = juju.unit(unit)?.outcome(csrRequires, ASKING)?.view.requests ?? [];
    const rows = [];
    for (const request of requests) rows.push(await rowOf(page, request, new Date(now)));
    foundError ||= rows.some(({ isGood }) => !isGood);
    lines.push('', `  ${page.paint('bold', unit)}`, ...aligned(rows.map(({ row }) => row), '    '));
  }
  const more = asking.length - SHOWN;
  return { lines: [...lines, ...(more > 0 ? ['', `… and ${more} more`] : [])], foundError };
};
