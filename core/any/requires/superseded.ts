/**
 * Requests whose certificate has come by CSR once: what a provider has left over in the reactive form is no certificate for them any more,
 * not even while that of the CSR is missing, revoked or asked for anew.
 *
 * @module
 */
import type { CsrRequest } from '../../csr/requires/intent.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import { givenIn, noteOf } from '../../reactive/given.ts';
import { requestId } from './request-id.ts';

/** The name of the note. */
export const SUPERSEDED_NOTE = 'any.superseded';

/** Whether a request had its certificate by CSR, as far as is remembered. */
export const supersededIn = (remembered: Remembered | undefined): (request: CsrRequest) => boolean => {
  const known = givenIn(remembered);
  return (request) => known.has(requestId(request));
};

/** What to remember of these requests. */
export const supersededNote = (requests: ReadonlyArray<CsrRequest>): Note | null =>
  noteOf(new Map(requests.map((request) => [requestId(request), ''])));
