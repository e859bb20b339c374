/**
 * The API as one function from a request to a response, which never fails: for `Deno.serve`, `Bun.serve`, a Worker's `fetch`, and
 * tests in the same process.
 *
 * @module
 */
import { publishedSchema, SCHEMA_NAMES, type SchemaName } from '../schema/published.ts';
import { HEALTH, ROUTES } from './api.ts';
import { docsPage } from './docs.ts';
import { LIMITS, type Limits } from './limits.ts';
import { openApi } from './openapi.ts';
import { OPERATIONS } from './operations.ts';
import { type Page, pageOf } from './page.ts';
import type { KeptSessions } from '../provider/cipher.ts';
import { sessionsOf, sharedSessionsOf } from '../provider/sessions.ts';
import { empty, json, type Reply } from './reply.ts';
import { type HttpHandler, type Ready, service, type ServiceOptions } from './service.ts';

export type { HttpHandler } from './service.ts';

/** How requests are handled; every option may be omitted. */
export interface HttpOptions extends ServiceOptions {
  /** The inspector page, as `tools/page.mjs` builds it; without it `/` leads to the documentation. */
  readonly page?: string;
  /** Random bytes of good quality, for the names of sessions and for serial numbers. */
  readonly random?: (length: number) => Uint8Array;
  /** Where the sessions of the fake provider are kept, so that several servers share them; in the memory of this one by default. */
  readonly sessions?: KeptSessions;
}

const html = ({ text, policy }: Page): Reply => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${policy}; frame-ancestors 'none'`,
  },
  body: text,
});

const schemaReply = (name: SchemaName): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/schema+json' },
  body: JSON.stringify(publishedSchema(name)),
});

const readyPaths = (page: string | undefined): ReadonlyMap<string, Ready> =>
  new Map<string, Ready>([
    ['/', page === undefined ? () => empty(307, { location: '/docs' }) : () => html(pageOf(page))],
    ['/docs', () => html(docsPage())],
    ['/openapi.json', () => json(openApi())],
    ...SCHEMA_NAMES.map((name): [string, Ready] => [`/schema/${name}`, () => schemaReply(name)]),
  ]);

/**
 * The API with these options.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { httpHandler } from 'interface-tls-certificates/http';
 * const { fetch } = httpHandler();
 * const response = await fetch(new Request('http://localhost/health'));
 * assert.equal((await response.json()).status, 'ok');
 * ```
 */
export const httpHandler = (options: HttpOptions = {}): HttpHandler => {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const now = options.now ?? (() => new Date());
  const random = options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const sessions = options.sessions === undefined
    ? sessionsOf(limits, now, random)
    : sharedSessionsOf(options.sessions, limits, now, random);
  const endpoints = ROUTES.map(({ method, path, operation }) => ({
    method,
    path,
    isOpen: path === HEALTH,
    answer: (request: Request, session: string) =>
      OPERATIONS[operation](request, { limits, now, random, sessions, session }),
  }));
  return service({ ...options, limits, now }, {
    ready: readyPaths(options.page),
    endpoints,
    hint: 'the paths are told at /docs and in /openapi.json',
  });
};
