/**
 * `inspect --short`: one line for each certificate or request. And `--problems`: only what has a finding.
 *
 * @module
 */
import type { Examination, Examinations, ExaminedRequest } from '../../core/examine/examination.ts';
import type { Finding } from '../../core/model/finding.ts';
import { printable } from '../text/printable.ts';
import { aligned } from '../text/table.ts';
import { markOf, STATES, timeLeft } from './inspected-request.ts';
import type { Page } from './terminal.ts';

const isProblem = ({ severity }: Finding): boolean => severity !== 'info';

/** The codes of what is wrong, without repeats. */
const codesOf = (findings: ReadonlyArray<Finding>): string =>
  [...new Set(findings.filter(isProblem).map(({ code }) => code))].join(', ');

const rowOf = (
  { paint }: Page,
  { requirer, relationId }: Examination,
  request: ExaminedRequest,
  now: string | null,
) => {
  const [style, mark] = markOf(request);
  const certificate = request.answer?.certificate ?? null;
  return [
    paint(style, mark),
    printable(requirer, 40),
    printable(relationId, 30),
    request.certType,
    printable(request.commonName, 60),
    certificate === null ? STATES[request.state] : timeLeft(paint, certificate, now) ?? `until ${certificate.notAfter}`,
    codesOf(request.findings),
  ];
};

/** One line for each request, and one for each problem of a whole relation, for certificates or for trust. */
export const shortLines = (page: Page, { examinations, trust, findings, now }: Examinations): ReadonlyArray<string> =>
  aligned([
    ...(codesOf(findings) === '' ? [] : [['', '', '', '', '', '', codesOf(findings)]]),
    ...examinations.flatMap((one) => [
      ...(codesOf(one.findings) === '' ? [] : [[
        page.paint('yellow', '!'),
        printable(one.requirer, 40),
        printable(one.relationId, 30),
        '',
        '',
        '',
        codesOf(one.findings),
      ]]),
      ...one.requests.map((request) => rowOf(page, one, request, now)),
    ]),
    ...trust.flatMap((one) =>
      codesOf(one.findings) === '' ? [] : [[
        page.paint('yellow', '!'),
        printable(one.requirer ?? '', 40),
        printable(one.relationId, 30),
        '',
        '',
        '',
        codesOf(one.findings),
      ]]
    ),
  ], '');

/** An examination without what is fine. */
export const problemsOf = ({ examinations, trust, findings, now }: Examinations): Examinations => ({
  now,
  findings: findings.filter(isProblem),
  examinations: examinations
    .map((one): Examination => ({
      ...one,
      findings: one.findings.filter(isProblem),
      requests: one.requests
        .filter((request) => request.state !== 'answered' || request.findings.some(isProblem)),
    }))
    .filter(({ requests, findings }) => requests.length + findings.length > 0),
  trust: trust.filter(({ findings }) => findings.some(isProblem)),
});
