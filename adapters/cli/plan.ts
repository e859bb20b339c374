/**
 * The plan: what an outcome would do, for an operator's eyes. Secrets are never shown.
 *
 * Source: contract.md, Commands.
 *
 * @module
 */
import type { Decided, SideName } from '../../core/decide.ts';
import { lookup } from '../../core/databag/lookup.ts';
import { type Certificate, type KeyPair, REDACTED } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import { changesNothing, type Outcome, type Write } from '../../core/model/outcome.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Databag, Relation } from '../../core/model/snapshot.ts';
import { explainFlag, explainKey } from '../../core/reactive/explain.ts';
import { holdsPrivateKeys } from '../../core/reactive/wire.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { counted } from '../../core/model/shape.ts';
import { printable } from '../text/printable.ts';
import type { Paint } from './terminal.ts';
import { aligned } from '../text/table.ts';

/** Findings shown at most; a databag with ten thousand broken entries is described well enough by its first. */
const MAX_FINDINGS = 50;

const section = (paint: Paint, title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : ['', paint('bold', title), ...lines];

const marks = { set: '+', changed: '~', delete: '-', same: ' ' } as const;
const colours = { set: 'green', changed: 'yellow', delete: 'red', same: 'none' } as const;

const marked = (paint: Paint, mark: keyof typeof marks): string => paint(colours[mark], marks[mark]);

const bagOf = (relation: Relation | undefined, { bag }: Write): Databag =>
  (bag === 'unit' ? relation?.localUnitData : relation?.localApplicationData) ?? {};

/** A value as it may be seen: what holds private keys is told by its size, whatever form they have. */
const shownValue = (key: string, value: string): string =>
  holdsPrivateKeys(key) ? `${REDACTED}, ${counted(value.length, 'character')}` : printable(value, 72);

const writeLines = (
  paint: Paint,
  side: SideName,
  relations: ReadonlyMap<RelationId, Relation>,
  write: Write,
): ReadonlyArray<string> => {
  const before = bagOf(relations.get(write.relationId), write);
  const rows = [
    ...Object.entries(write.set).map(([key, value]) => [
      marked(paint, lookup(before, key) === null ? 'set' : 'changed'),
      printable(key),
      shownValue(key, value),
      paint('dim', explainKey(side, key) ?? ''),
    ]),
    ...write.delete.map((
      key,
    ) => [marked(paint, 'delete'), printable(key), '', paint('dim', explainKey(side, key) ?? '')]),
  ];
  return [`  ${printable(write.relationId)}, the ${write.bag}'s databag`, ...aligned(rows, '    ')];
};

const flagLines = (
  paint: Paint,
  side: SideName,
  endpoint: string,
  { flags, memory }: Outcome,
): ReadonlyArray<string> => {
  const added = new Set(flags.set);
  const rows = [
    ...memory.flags.map((flag) => [marked(paint, added.has(flag) ? 'set' : 'same'), flag] as const),
    ...flags.clear.map((flag) => [marked(paint, 'delete'), flag] as const),
  ];
  return aligned(
    rows.map((
      [mark, flag],
    ) => [mark, printable(flag), paint('dim', explainFlag(side, endpoint, flag) ?? 'kept for others')]),
  );
};

const pem = (text: string | null): string => {
  if (text === null) return 'none';
  const blocks = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  return blocks === 0 ? `no PEM, ${counted(text.length, 'character')}` : counted(blocks, 'certificate');
};

const certificateLines = (paint: Paint, view: RequiresView): ReadonlyArray<string> => {
  const row = (kind: string, commonName: string, { cert }: KeyPair): ReadonlyArray<string> => [
    kind,
    printable(commonName),
    pem(cert),
    paint('dim', `with ${REDACTED}`),
  ];
  const rowsOf = (kind: string, certificates: ReadonlyArray<Certificate>): ReadonlyArray<ReadonlyArray<string>> =>
    certificates.map((certificate) => row(kind, certificate.commonName, certificate));
  return aligned([
    ['CA', '', pem(view.rootCaCert)],
    ['chain', '', pem(view.rootCaChain)],
    ...rowsOf('server', view.serverCerts),
    ...rowsOf('client', view.clientCerts),
    ...rowsOf('application', view.applicationCerts),
    ...rowsOf('intermediate', view.intermediateCerts),
    ...(view.globalClientCert === null ? [] : [row('client', '(shared with everybody)', view.globalClientCert)]),
  ]);
};

/** Requests shown at most: a provider may serve hundreds of units. */
const MAX_REQUESTS = 200;

/** Names shown of one request; those that an application's units share can be thousands, and stand at each of them. */
const MAX_NAMES = 20;

const namesOf = (sans: ReadonlyArray<string>): string => {
  const more = sans.length - MAX_NAMES;
  const shown = sans.slice(0, MAX_NAMES).map((san) => printable(san, 60)).join(' ');
  return more > 0 ? `${shown} … and ${more} more` : shown;
};

const requestLines = (paint: Paint, { allRequests }: ProvidesView): ReadonlyArray<string> => {
  const rows = allRequests.slice(0, MAX_REQUESTS).map((
    { relationId, unit, certType, commonName, sans, isHandled, cert },
  ) => [
    printable(relationId),
    printable(unit),
    certType,
    printable(commonName),
    isHandled ? paint('green', 'answered') : paint('yellow', cert === null ? 'new' : 'to be answered anew'),
    paint('dim', namesOf(sans)),
  ]);
  const more = allRequests.length - MAX_REQUESTS;
  return [...aligned(rows), ...(more > 0 ? [`  … and ${counted(more, 'request')} more`] : [])];
};

const severities = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

const findingLines = (paint: Paint, findings: ReadonlyArray<Finding>): ReadonlyArray<string> => {
  const lines = findings.slice(0, MAX_FINDINGS).flatMap(({ code, severity, place, message }) => {
    const where = [place.relationId, place.unit, place.key, place.commonName]
      .filter((part) => part !== undefined)
      .map((part) => printable(part, 60));
    return [
      `  ${paint(severities[severity], severity)} ${code}${where.length > 0 ? ` at ${where.join(' · ')}` : ''}`,
      `    ${printable(message, 400)}`,
    ];
  });
  const more = findings.length - MAX_FINDINGS;
  return more > 0 ? [...lines, `  … and ${counted(more, 'finding')} more`] : lines;
};

/** The plan as lines. */
export const planLines = (paint: Paint, decided: Decided): ReadonlyArray<string> => {
  const { side, snapshot, outcome } = decided;
  const relations = new Map(snapshot.relations.map((relation) => [relation.id, relation]));
  const verdict = changesNothing(outcome)
    ? 'Nothing to change.'
    : `${counted(outcome.writes.length, 'databag')} to write, ${counted(outcome.flags.set.length, 'flag')} to set, ${
      counted(outcome.flags.clear.length, 'flag')
    } to clear.`;
  return [
    `${paint('bold', printable(snapshot.localUnit))} on ${
      paint('bold', printable(snapshot.endpoint))
    } (${side}): ${verdict}`,
    ...(decided.side === 'reactive/requires'
      ? section(paint, 'Certificates', certificateLines(paint, decided.outcome.view))
      : section(paint, 'Requests', requestLines(paint, decided.outcome.view))),
    ...section(paint, 'Writes', outcome.writes.flatMap((write) => writeLines(paint, side, relations, write))),
    ...section(paint, 'Flags', flagLines(paint, side, snapshot.endpoint, outcome)),
    ...section(paint, 'Findings', findingLines(paint, outcome.findings)),
  ];
};
