/**
 * What an inspection says at the end of the reactive story.
 *
 * @module
 */
import { allFindings } from '../../../core/examine/examination.ts';
import { examine } from '../../../core/examine/examine.ts';
import { exchangesOfRequirer } from '../../../core/examine/exchange.ts';
import { counted } from '../../../core/model/shape.ts';
import type { Model } from '../../memory/model.ts';
import { inspectionLines } from '../inspection.ts';
import type { Page } from '../terminal.ts';
import type { Seen } from './documents.ts';

/** What is shown at the end, and whether something is wrong with it. */
export interface Ending {
  readonly lines: ReadonlyArray<string>;
  readonly foundError: boolean;
}

/** Units whose certificates are shown. */
const SHOWN = 3;

/** An inspection of the first units of `web`. */
export const inspectionIn = async (page: Page, juju: Model, lastSeen: ReadonlyMap<string, Seen>): Promise<Ending> => {
  const asking = [...lastSeen].filter(([unit]) => unit.startsWith('web/')).sort(([a], [b]) => (a < b ? -1 : 1));
  const exchanges = asking.flatMap(([, { snapshot }]) => exchangesOfRequirer(snapshot).exchanges);
  const examinations = await examine({ exchanges: exchanges.slice(0, SHOWN), now: juju.state().now })();
  const more = exchanges.length - SHOWN;
  return {
    lines: [
      '',
      page.paint('bold', 'What tls-certificates inspect says at the end'),
      ...inspectionLines(page, examinations),
      ...(more > 0 ? ['', `… and ${counted(more, 'unit')} more`] : []),
    ],
    foundError: allFindings(examinations).some(({ severity }) => severity === 'error'),
  };
};
