/**
 * The plan: what an outcome would do, for operators. Secrets are never shown.
 *
 * Source: docs/commands.md.
 *
 * @module
 */
import { lookup } from '../../core/databag/lookup.ts';
import { REDACTED } from '../../core/model/certificate.ts';
import type { Flag } from '../../core/model/flag.ts';
import type { Finding } from '../../core/model/finding.ts';
import { changesNothing, type Outcome, type Write } from '../../core/model/outcome.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Databag, Relation } from '../../core/model/snapshot.ts';
import type { Decision } from '../../core/side/input.ts';
import type { Delivered, Delivery, Explain, RequestProgress } from '../../core/side/row.ts';
import { counted } from '../../core/model/shape.ts';
import { printable } from '../text/printable.ts';
import { fitted, type Page, type Paint } from './terminal.ts';
import { aligned } from '../text/table.ts';
import type { Tally } from '../../core/examine/tally.ts';

/** How many findings are shown; the first of them describe a databag with ten thousand broken entries well enough. */
const MAX_FINDINGS = 50;

const section = (paint: Paint, title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : ['', paint('bold', title), ...lines];

const marks = { set: '+', changed: '~', delete: '-', same: ' ' } as const;
const colours = { set: 'green', changed: 'yellow', delete: 'red', same: 'none' } as const;

const marked = (paint: Paint, mark: keyof typeof marks): string => paint(colours[mark], marks[mark]);

const bagOf = (relation: Relation | undefined, { bag }: Write): Databag =>
  (bag === 'unit' ? relation?.localUnitData : relation?.localApplicationData) ?? {};

/** A value as it may be shown: of a value with private keys, in whatever form, only the size. */
const shownValue = ({ isSecret }: Explain, key: string, value: string): string =>
  isSecret(key) ? `${REDACTED}, ${counted(value.length, 'character')}` : printable(value, 72);

const writeLines = (
  paint: Paint,
  explain: Explain,
  relations: ReadonlyMap<RelationId, Relation>,
  write: Write,
): ReadonlyArray<string> => {
  const before = bagOf(relations.get(write.relationId), write);
  const rows = [
    ...Object.entries(write.set).map(([key, value]) => [
      marked(paint, lookup(before, key) === null ? 'set' : 'changed'),
      printable(key),
      shownValue(explain, key, value),
      paint('dim', explain.key(key) ?? ''),
    ]),
    ...write.delete.map((
      key,
    ) => [marked(paint, 'delete'), printable(key), '', paint('dim', explain.key(key) ?? '')]),
  ];
  return [`  ${printable(write.relationId)}, the ${write.bag}'s databag`, ...aligned(rows, '    ')];
};

const flagLines = (
  paint: Paint,
  explain: Explain,
  endpoint: string,
  { flags, memory }: Outcome,
): ReadonlyArray<string> => {
  const added = new Set(flags.set);
  const prefix = `${endpoint}.`;
  const meaning = (flag: Flag): string | null =>
    flag.startsWith(prefix) ? explain.flag(flag.slice(prefix.length)) : null;
  const rows = [
    ...memory.flags.map((flag) => [marked(paint, added.has(flag) ? 'set' : 'same'), flag] as const),
    ...flags.clear.map((flag) => [marked(paint, 'delete'), flag] as const),
  ];
  return aligned(
    rows.map((
      [mark, flag],
    ) => [mark, printable(flag), paint('dim', meaning(flag) ?? 'of another endpoint')]),
  );
};

const pem = (text: string | null): string => {
  if (text === null) return 'none';
  const blocks = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  return blocks === 0 ? `no PEM, ${counted(text.length, 'character')}` : counted(blocks, 'certificate');
};

const keyWords = (key: Delivery['key']): string =>
  key === null ? 'without a key' : 'sent' in key ? `with ${REDACTED}` : `its key is kept as ${printable(key.kept, 60)}`;

const certificateLines = (paint: Paint, { deliveries, common }: Delivered): ReadonlyArray<string> =>
  common === null ? [] : aligned([
    ['CA', '', pem(common.ca)],
    ['chain', '', pem(common.chain)],
    ...deliveries.map(({ request: { certType, commonName }, certificate, key }) => [
      certType,
      printable(commonName),
      pem(certificate),
      paint('dim', keyWords(key)),
    ]),
    ...(common.client === null
      ? []
      : [['client', '(shared by all)', pem(common.client.cert), paint('dim', `with ${REDACTED}`)]]),
  ]);

/** How many requests are shown: a provider may serve hundreds of units. */
const MAX_REQUESTS = 200;

/** How many names of one request are shown; an application's units may share thousands, which are repeated for each unit. */
const MAX_NAMES = 20;

const namesOf = (sans: ReadonlyArray<string>): string => {
  const more = sans.length - MAX_NAMES;
  const shown = sans.slice(0, MAX_NAMES).map((san) => printable(san, 60)).join(' ');
  return more > 0 ? `${shown} … and ${more} more` : shown;
};

const requestLines = (paint: Paint, asked: ReadonlyArray<RequestProgress>): ReadonlyArray<string> => {
  const rows = asked.slice(0, MAX_REQUESTS).map((
    { relationId, unit, certType, commonName, sans, state, isSettled },
  ) => [
    printable(relationId ?? ''),
    printable(unit ?? ''),
    certType ?? '',
    printable(commonName),
    paint(isSettled ? 'green' : 'yellow', state),
    paint('dim', namesOf(sans)),
  ]);
  const more = asked.length - MAX_REQUESTS;
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

/** What an inspection of the same document finds, if anything. */
export const inspectLines = (
  page: Page,
  path: string,
  { errors, warnings, sentence }: Tally,
  isUnchanged: boolean,
): ReadonlyArray<string> => {
  if (errors + warnings === 0) return [];
  const found = [
    ...(errors === 0 ? [] : [counted(errors, 'error')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ].join(' and ');
  return fitted(page, [
    '',
    page.paint('bold', 'Inspection'),
    `  ${page.paint(errors > 0 ? 'red' : 'yellow', sentence)} ${
      isUnchanged ? 'The inspection finds' : 'Before these changes, the inspection finds'
    } ${found}:`,
    `  tls-certificates inspect ${shellWord(path)}`,
  ]);
};

/** A path as a shell accepts it. */
const shellWord = (path: string): string => {
  const shown = printable(path, 400);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
};

/** The plan as lines. */
export const planLines = (page: Page, decision: Decision): ReadonlyArray<string> => {
  const { paint } = page;
  const { side, snapshot, outcome, asked, explain } = decision;
  const relations = new Map(snapshot.relations.map((relation) => [relation.id, relation]));
  const verdict = changesNothing(outcome)
    ? 'Nothing to change.'
    : `${counted(outcome.writes.length, 'databag')} to write, ${counted(outcome.flags.set.length, 'flag')} to set, ${
      counted(outcome.flags.clear.length, 'flag')
    } to clear.`;
  return fitted(page, [
    `${paint('bold', printable(snapshot.localUnit))} on ${
      paint('bold', printable(snapshot.endpoint))
    } (${side}): ${verdict}`,
    ...section(paint, 'Certificates', certificateLines(paint, decision)),
    ...section(paint, 'Requests', requestLines(paint, asked)),
    ...section(paint, 'Writes', outcome.writes.flatMap((write) => writeLines(paint, explain, relations, write))),
    ...section(paint, 'Flags', flagLines(paint, explain, snapshot.endpoint, outcome)),
    ...section(paint, 'Findings', findingLines(paint, outcome.findings)),
  ]);
};
