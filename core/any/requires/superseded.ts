/**
 * Requests that once received their certificate by CSR: what a provider has left in the reactive form is no longer a certificate for them,
 * even while the CSR's certificate is missing, revoked or being renewed.
 *
 * @module
 */
import type { CsrRequest } from '../../csr/requires/intent.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import { givenIn, noteOf } from '../../reactive/given.ts';
import { requestId } from './request-id.ts';

/** The name of the note. */
export const SUPERSEDED_NOTE = 'any.superseded';

/** Whether a request has received its certificate by CSR, as far as the memory shows. */
export const supersededIn = (remembered: Remembered | undefined): (request: CsrRequest) => boolean => {
  const known = givenIn(remembered);
  return (request) => known.has(requestId(request));
};

/** What to remember of these requests. */
export const supersededNote = (requests: ReadonlyArray<CsrRequest>): Note | null =>
  noteOf(new Map(requests.map((request) => [requestId(request), ''])));
