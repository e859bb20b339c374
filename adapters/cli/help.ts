/**
 * The help: what a command does, its arguments and flags with their defaults, its exit codes, an example, and where to read more. It fits
 * the terminal.
 *
 * @module
 */
import * as CliOutput from 'effect/cli/CliOutput';
import type { HelpDoc } from 'effect/cli/HelpDoc';
import * as Option from 'effect/Option';
import { wrapped } from '../text/table.ts';
import type { Page } from './terminal.ts';

/** The start page of the documentation. */
export const HOMEPAGE = 'https://www.npmjs.com/package/interface-tls-certificates';

/** The exit codes of a command. Source: docs/commands.md, Exit codes. */
const ENDINGS: ReadonlyArray<readonly [code: string, meaning: string]> = [
  ['0', 'done'],
  ['1', 'done, and a finding is an error'],
  ['2', 'the input or the arguments are wrong; nothing was written'],
  ['3', 'a file, a hook tool or the network failed; nothing was half done'],
];

/** The commands whose exit codes differ. */
const OTHER_ENDINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hook: { '1': 'never: Juju would undo what the hook did' },
  inspect: { '1': 'done, and a finding is an error (or a warning, with --fail-on warning)' },
};

/** The documentation page of a command. */
const PAGES: Readonly<Record<string, string>> = {
  inspect: 'docs/findings.md',
  hook: 'docs/hook-configuration.md',
  serve: 'docs/http.md',
};

/** Lines wider than this are hard to read. */
const MAX_WIDTH = 100;

/** A name and its meaning, side by side if there is room for both. */
const rowLines = (
  { paint }: Page,
  width: number,
  rows: ReadonlyArray<readonly [name: string, meaning: string]>,
): ReadonlyArray<string> => {
  const longest = rows.reduce((most, [name]) => Math.max(most, name.length), 0);
  const isBeside = width - longest - 4 >= 36;
  const indent = isBeside ? longest + 4 : 6;
  return rows.flatMap(([name, meaning]) => {
    const lines = meaning === '' ? [] : wrapped(meaning, width - indent);
    const blank = ' '.repeat(indent);
    if (!isBeside) return [`  ${paint('cyan', name)}`, ...lines.map((line) => blank + line)];
    const [first = '', ...rest] = lines;
    return [
      `  ${paint('cyan', name)}${' '.repeat(longest - name.length + 2)}${first}`.trimEnd(),
      ...rest.map((line) => blank + line),
    ];
  });
};

const textOf = (description: Option.Option<string>): string => Option.getOrElse(description, () => '');

const flagRow = (
  { name, aliases, type, description, required }: HelpDoc['flags'][number],
): readonly [string, string] => [
  [`--${name}`, ...aliases].join(', ') + (type === 'boolean' ? '' : ` ${type}`),
  textOf(description) + (required ? ' (required)' : ''),
];

/** The help as lines. */
const helpLines = (page: Page, doc: HelpDoc): ReadonlyArray<string> => {
  const { paint } = page;
  const width = Math.min(page.width, MAX_WIDTH);
  const command = doc.commandPath?.[1] ?? '';
  const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
    lines.length === 0 ? [] : [paint('bold', title), ...lines, ''];
  const table = (rows: ReadonlyArray<readonly [string, string]>) => rowLines(page, width, rows);
  const examples = (doc.examples ?? []).flatMap(({ command, description }) => [
    ...(description === undefined ? [] : [`  ${paint('dim', `# ${description}`)}`]),
    `  ${command}`,
  ]);
  const subcommands = (doc.subcommands ?? []).flatMap(({ commands }) => commands);
  const endings = ENDINGS.map(([code, meaning]) => [code, OTHER_ENDINGS[command]?.[code] ?? meaning] as const);
  return [
    ...section('DESCRIPTION', wrapped(doc.description, width - 2).map((line) => `  ${line}`)),
    ...section('USAGE', [`  ${doc.usage}`]),
    ...section(
      'SUBCOMMANDS',
      table(subcommands.map(({ name, shortDescription, description }) => [name, shortDescription ?? description])),
    ),
    ...section(
      'ARGUMENTS',
      table((doc.args ?? []).map(({ name, variadic, required, description }) => [
        variadic ? `${name}...` : name,
        textOf(description) + (required ? '' : ' (optional)'),
      ])),
    ),
    ...section('FLAGS', table(doc.flags.map(flagRow))),
    ...section('GLOBAL FLAGS', table((doc.globalFlags ?? []).map(flagRow))),
    ...section('EXIT CODES', table(endings)),
    ...section('EXAMPLES', examples),
    ...section('MORE', [
      `  ${HOMEPAGE}`,
      ...(PAGES[command] === undefined ? [] : [`  ${PAGES[command]} in the package`]),
    ]),
  ];
};

/** Formats the help for a terminal or a file; errors and the version keep the library's format. */
export const helpFormatter = (page: Page): CliOutput.Formatter => ({
  ...CliOutput.defaultFormatter({ colors: false }),
  formatHelpDoc: (doc) => helpLines(page, doc).join('\n').trimEnd(),
});
