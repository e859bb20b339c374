/**
 * Front door `./edge`: `POST /decide` alone, as a fetch handler for workers and other places where size matters. It does not load effect,
 * nor X.509 code unless the given `decide` does, nor any API of a runtime beyond that of the web.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { VERSION } from '../version.ts';
import { type DecideDocument, decideWith } from './decide.ts';
import { readPlainly } from './json.ts';
import { LIMITS, type Limits } from './limits.ts';
import { json } from './reply.ts';
import { type HttpHandler, service, type ServiceOptions } from './service.ts';

export type { DecideDocument } from './decide.ts';
export type { Limits } from './limits.ts';
export type { LogRecord } from './log.ts';
export type { ProblemDocument } from './problem.ts';
export type { HttpHandler, ServiceOptions } from './service.ts';

/**
 * `POST /decide` and `GET /health`, and nothing else, answered as `./http` answers them: the same problems, limits and headers. For a body
 * that is not JSON it does not report the line and column, which would need a parser of its own.
 *
 * It supports the sides that `decide` supports. The `decide` of the front door is the smallest and knows the reactive sides; those of
 * `./csr` and `./any` include the reader of certificates. A document for another side is a problem with status 422.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { decideHandler } from 'interface-tls-certificates/edge';
 * const { fetch } = decideHandler(decide);
 * const document = { side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] } };
 * const headers = { 'content-type': 'application/json' };
 * const request = new Request('http://localhost/decide', { method: 'POST', headers, body: JSON.stringify(document) });
 * assert.deepEqual((await (await fetch(request)).json()).writes, []);
 * ```
 */
export const decideHandler = (decide: DecideDocument, options: ServiceOptions = {}): HttpHandler => {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const answer = decideWith(decide, readPlainly);
  return service(options, {
    ready: new Map(),
    endpoints: [
      { method: 'POST', path: '/decide', isOpen: false, answer: (request) => answer(request, limits) },
      {
        method: 'GET',
        path: '/health',
        isOpen: true,
        answer: () => TE.right(json({ status: 'ok', version: VERSION })),
      },
    ],
    hint: 'there are POST /decide and GET /health',
  });
};
