/**
 * What an inspection says at the end of a story.
 *
 * @module
 */
import { allFindings } from '../../../core/examine/examination.ts';
import { examine } from '../../../core/examine/examine.ts';
import { type Exchange, exchangesOfProvider, exchangesOfRequirer } from '../../../core/examine/exchange.ts';
import { counted } from '../../../core/model/shape.ts';
import type { Model } from '../../memory/model.ts';
import { inspectionLines } from '../inspection.ts';
import { summaryLines } from '../summary.ts';
import type { Page } from '../terminal.ts';
import type { Seen } from './documents.ts';

/** What is shown at the end, and whether something is wrong with it. */
export interface Ending {
  readonly lines: ReadonlyArray<string>;
  readonly foundError: boolean;
}

type Inspect = (page: Page, juju: Model, lastSeen: ReadonlyMap<string, Seen>) => Promise<Ending>;

/** Units whose certificates are shown. */
const SHOWN = 3;

/** What an inspection says of exchanges, of which those of the first units are shown. */
const inspectionOf = async (page: Page, juju: Model, exchanges: ReadonlyArray<Exchange>): Promise<Ending> => {
  const units = exchanges.filter(({ isApplication }) => isApplication !== true);
  const left = new Set(units.slice(SHOWN));
  const shown = exchanges.filter((one) => !left.has(one));
  const examinations = await examine({ exchanges: shown, now: juju.state().now })();
  return {
    lines: [
      '',
      page.paint('bold', 'What tls-certificates inspect says at the end'),
      ...summaryLines(page, examinations),
      ...inspectionLines(page, examinations),
      ...(left.size > 0 ? ['', `… and ${counted(left.size, 'unit')} more`] : []),
    ],
    foundError: allFindings(examinations).some(({ severity }) => severity === 'error'),
  };
};

/** An inspection of what the units of `web` see. */
export const inspectionOfAsking: Inspect = (page, juju, lastSeen) => {
  const asking = [...lastSeen].filter(([unit]) => unit.startsWith('web/')).sort(([a], [b]) => (a < b ? -1 : 1));
  return inspectionOf(page, juju, asking.flatMap(([, { snapshot }]) => exchangesOfRequirer(snapshot).exchanges));
};

/** An inspection of what the CA sees: all units, and the application that asks for itself. */
export const inspectionOfAnswering: Inspect = (page, juju, lastSeen) => {
  const answering = [...lastSeen].filter(([unit]) => unit.startsWith('ca/'));
  return inspectionOf(page, juju, answering.flatMap(([, { snapshot }]) => exchangesOfProvider(snapshot).exchanges));
};
