/**
 * The verdicts as a Markdown page.
 *
 * @module
 */
import { printable } from '../../text/printable.ts';
import type { TestedRole } from './conversation.ts';
import type { Verdict } from './conform.ts';

const cell = (text: string): string => printable(text, 400).replaceAll('|', '\\|');

/** Counts the verdicts of a kind. */
export const countOf = (verdicts: ReadonlyArray<Verdict>, verdict: Verdict['verdict']): number =>
  verdicts.filter((one) => one.verdict === verdict).length;

/** Writes the page. */
export const conformancePage = (charm: string, role: TestedRole, verdicts: ReadonlyArray<Verdict>): string =>
  [
    `# Conformance of ${printable(charm)} as a ${role}`,
    '',
    `${countOf(verdicts, 'kept')} conversations kept, ${countOf(verdicts, 'broken')} broken, ${
      countOf(verdicts, 'left out')
    } left out.`,
    '',
    '| conversation | protocol | verdict | rule | source |',
    '|---|---|---|---|---|',
    ...verdicts.map(({ name, protocol, verdict, why, rule, source }) =>
      `| ${cell(name)} | ${protocol} | ${verdict}${why === '' ? '' : `: ${cell(why)}`} | ${cell(rule)} | ${
        cell(source)
      } |`
    ),
    '',
  ].join('\n');
