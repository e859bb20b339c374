/**
 * Bridges in an inspection: an application that answers requirers on one relation and asks a provider on another. It hands down what it
 * received from above, so the certificate itself shows which request above serves which request below, and what is still pending.
 *
 * @module
 */
import type { Examination, ExaminedRequest } from '../../core/examine/examination.ts';
import { applicationOf, type UnitName } from '../../core/model/names.ts';
import { printable } from '../text/printable.ts';
import { aligned } from '../text/table.ts';

/** An application with the relations below it and above it. */
interface Bridge {
  readonly name: string;
  readonly below: ReadonlyArray<Examination>;
  readonly above: ReadonlyArray<Examination>;
}

const requirerOf = ({ requirer, asker }: Examination): string =>
  asker === 'application' ? requirer : applicationOf(requirer as UnitName);

const bridgesIn = (examinations: ReadonlyArray<Examination>): ReadonlyArray<Bridge> => {
  const asking = new Map<string, Array<Examination>>();
  const answering = new Map<string, Array<Examination>>();
  const add = (all: Map<string, Array<Examination>>, name: string, one: Examination): void => {
    const known = all.get(name);
    if (known === undefined) all.set(name, [one]);
    else known.push(one);
  };
  for (const one of examinations) {
    add(asking, requirerOf(one), one);
    for (const name of new Set(one.providers.map((unit) => applicationOf(unit as UnitName)))) add(answering, name, one);
  }
  return [...answering].flatMap(([name, below]) => {
    const above = asking.get(name);
    return above === undefined ? [] : [{ name, below, above }];
  });
};

const fingerprintOf = ({ answer }: ExaminedRequest): string | null => answer?.certificate?.sha256 ?? null;

/** The state of a request below. */
const stateOf = (
  request: ExaminedRequest,
  given: ReadonlyMap<string, string>,
  awaited: ReadonlyMap<string, string>,
): string => {
  const fingerprint = fingerprintOf(request);
  if (fingerprint !== null) {
    const from = given.get(fingerprint);
    return from === undefined ? 'answered with a certificate that is not seen above' : `handed down from ${from}`;
  }
  if (request.state === 'denied') return 'refused';
  const from = awaited.get(request.commonName);
  return from === undefined ? 'not asked above' : `awaited from ${from}`;
};

const linesOf = ({ name, below, above }: Bridge): ReadonlyArray<string> => {
  const given = new Map<string, string>();
  const awaited = new Map<string, string>();
  for (const { requests, providers: [unit], relationId } of above) {
    const provider = printable(unit === undefined ? relationId : applicationOf(unit as UnitName), 60);
    for (const request of requests) {
      const fingerprint = fingerprintOf(request);
      if (fingerprint !== null) given.set(fingerprint, provider);
      else awaited.set(request.commonName, provider);
    }
  }
  const rows = below.flatMap((examination) =>
    examination.requests.map((request) => [
      printable(examination.requirer, 60),
      `${request.certType} ${printable(request.commonName, 70)}`,
      stateOf(request, given, awaited),
    ])
  );
  const served = rows.filter(([, , state]) => state?.startsWith('handed down')).length;
  return [
    '',
    `${printable(name, 60)} is a bridge: ${served} of ${rows.length} requests below are served from above`,
    ...aligned(rows),
  ];
};

/** What is reported about all bridges; nothing if there are none. */
export const bridgeLines = (examinations: ReadonlyArray<Examination>): ReadonlyArray<string> =>
  bridgesIn(examinations).flatMap(linesOf);
