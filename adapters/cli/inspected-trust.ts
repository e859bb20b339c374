/**
 * A relation of `certificate_transfer`, for operators: who hands out which CA certificates to whom, how long each is valid, and which ones
 * cannot be trusted.
 *
 * @module
 */
import { hintsOfTrust, remedyOfTrust, summaryOfTrust } from '../../core/examine/trust-words.ts';
import type { TrustExamination } from '../../core/examine/trust-exchange.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';
import { findingLines, validity } from './inspected-request.ts';
import type { Page } from './terminal.ts';

/** How many certificates are listed; a system's bundle has hundreds. */
const MAX_LISTED = 20;

/** A trust relation as lines. */
export const trustLines = (page: Page, examined: TrustExamination, now: string | null): ReadonlyArray<string> => {
  const { paint, width } = page;
  const { requirer, relationId, certificates, findings } = examined;
  const who = paint('bold', printable(requirer ?? 'somebody'));
  const more = certificates.length - MAX_LISTED;
  return [
    '',
    `${who} on ${paint('bold', printable(relationId))}: ${printable(summaryOfTrust(examined), 200)}`,
    ...hintsOfTrust(examined).flatMap((hint) => wrapped(hint, width - 2)).map((line) => paint('dim', `  ${line}`)),
    ...certificates.slice(0, MAX_LISTED).flatMap((certificate) => [
      `  CA ${printable(certificate.subject.text, 80)}`,
      ...validity(page, certificate, now).map((line) => `     ${line}`),
    ]),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...findingLines(page, findings, undefined, null, (code) => remedyOfTrust(code, examined)),
  ];
};
