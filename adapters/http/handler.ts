/**
 * The API as one function from a request to a response, which never fails: for `Deno.serve`, `Bun.serve`, a Worker's `fetch`, and
 * tests in the same process.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { publishedSchema, SCHEMA_NAMES, type SchemaName } from '../schema/published.ts';
import { HEALTH, type Route, ROUTES } from './api.ts';
import { docsPage } from './docs.ts';
import { LIMITS, type Limits, places } from './limits.ts';
import { type LogRecord, recordOf } from './log.ts';
import { openApi } from './openapi.ts';
import { OPERATIONS } from './operations.ts';
import { originsOf, PREFLIGHT } from './origins.ts';
import { type Page, pageOf } from './page.ts';
import { kindOf, problem, type ProblemDocument, problemReply } from './problem.ts';
import { sessionsOf } from '../provider/sessions.ts';
import { empty, json, type Reply } from './reply.ts';
import { hasToken } from './token.ts';

/** How requests are handled; everything may be left out. */
export interface HttpOptions {
  /** The inspector page, as `tools/page.mjs` builds it; without it `/` leads to the documentation. */
  readonly page?: string;
  /** Clients must send this token to send documents or use sessions; the documentation and `/health` are open to all. */
  readonly token?: string;
  /** Origins whose pages may use the API from a browser, such as `https://app.example`; none but the server's own unless given. */
  readonly origins?: ReadonlyArray<string>;
  /** Names under which the server answers, as in the header `host`, without the port; all unless given. */
  readonly hosts?: ReadonlyArray<string>;
  readonly limits?: Partial<Limits>;
  /** Tells clients apart, for the limit on each; null for one that cannot be. */
  readonly clientOf?: (request: Request) => string | null;
  /** Is told of each request once it was answered. */
  readonly log?: (record: LogRecord) => void;
  /** The clock. */
  readonly now?: () => Date;
  /** Random bytes of good quality, for the names of sessions and for serial numbers. */
  readonly random?: (length: number) => Uint8Array;
}

/** The API, to be handed to a server. */
export interface HttpHandler {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Headers that every answer has: nothing is kept, guessed, framed, or told to others. */
const SECURITY: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What stands ready at a path, without any work. */
type Ready = () => Reply;

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

/** What is to be done for a method and a path. */
type Destination =
  | { readonly _tag: 'Ready'; readonly path: string; readonly ready: Ready }
  | { readonly _tag: 'Operation'; readonly session: string; readonly route: Route };

/** What stands for a session's name in a route. */
const SESSION = ':session';

/** What a path has in the place of the session's name; empty for a route without one, null for a path of another route. */
const sessionIn = (route: string, path: string): string | null => {
  const [wanted, given] = [route.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const fits = wanted.every((part, i) => part === given[i] || (part === SESSION && given[i] !== ''));
  return fits ? given[wanted.indexOf(SESSION)] ?? '' : null;
};

const destinationOf = (
  ready: ReadonlyMap<string, Ready>,
  method: string,
  path: string,
): E.Either<{ readonly told: ProblemDocument; readonly allow?: string }, Destination> => {
  const asked = method === 'HEAD' ? 'GET' : method;
  const found = ready.get(path);
  const routes = ROUTES.filter((route) => sessionIn(route.path, path) !== null);
  const route = routes.find((candidate) => candidate.method === asked);
  if (found !== undefined && asked === 'GET') return E.right({ _tag: 'Ready', path, ready: found });
  if (route !== undefined) return E.right({ _tag: 'Operation', session: sessionIn(route.path, path) ?? '', route });
  if (found === undefined && routes.length === 0) {
    return E.left({ told: problem('not-found', 'the paths are told at /docs and in /openapi.json') });
  }
  const methods = [...(found === undefined ? [] : ['GET']), ...routes.map((candidate) => candidate.method)];
  const allow = methods.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ');
  return E.left({ told: problem('method-not-allowed', `use ${allow}`), allow });
};

/** An answer with what there is to say of it in a log. */
interface Answered {
  readonly reply: Reply;
  readonly route: string | null;
  readonly error: string | null;
}

const refused = (
  told: ProblemDocument,
  route: string | null,
  headers?: Readonly<Record<string, string>>,
): Answered => ({
  reply: problemReply(told, headers),
  route,
  error: kindOf(told),
});

/** The name of what was thrown: its message could quote what was sent. */
const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.constructor.name : typeof thrown);

const hostOf = ({ headers, url }: Request): string => {
  const host = headers.get('host') ?? new URL(url).host;
  return host.replace(/:\d+$/, '').toLowerCase();
};

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
  const take = places(limits);
  const isAuthorized = options.token === undefined ? () => true : hasToken(options.token);
  const ready = readyPaths(options.page);
  const origins = originsOf(options.origins ?? []);
  const hosts = options.hosts === undefined ? null : new Set(options.hosts);

  const sessions = sessionsOf(limits, now, random);

  const carryOut = async (request: Request, { operation, path }: Route, session: string): Promise<Answered> => {
    const place = take(options.clientOf?.(request) ?? null);
    if (E.isLeft(place)) return refused(place.left, path);
    try {
      const result = await OPERATIONS[operation](request, { limits, now, random, sessions, session })();
      return E.isLeft(result) ? refused(result.left, path) : { reply: result.right, route: path, error: null };
    } finally {
      place.right();
    }
  };

  const answer = async (request: Request): Promise<Answered> => {
    if (hosts !== null && !hosts.has(hostOf(request))) {
      return refused(problem('wrong-host', `use one of these names: ${[...hosts].join(', ')}`), null);
    }
    const destination = destinationOf(ready, request.method, new URL(request.url).pathname);
    if (E.isLeft(destination)) {
      const { told, allow } = destination.left;
      return refused(told, null, allow === undefined ? {} : { allow });
    }
    if (destination.right._tag === 'Ready') {
      return { reply: destination.right.ready(), route: destination.right.path, error: null };
    }
    const { route, session } = destination.right;
    if (route.path !== HEALTH && origins.isForeign(request)) {
      return refused(
        problem('foreign-origin', 'a page of another origin sent this: start the server with it in `origins`'),
        route.path,
      );
    }
    if (route.path !== HEALTH && !isAuthorized(request.headers.get('authorization'))) {
      const told = problem('token-wanted', 'send the header authorization: Bearer …, with the token of this server');
      return refused(told, route.path, { 'www-authenticate': 'Bearer' });
    }
    return await carryOut(request, route, session);
  };

  const answerAnyway = async (request: Request): Promise<Answered> => {
    try {
      return await answer(request);
    } catch (thrown) {
      const told = problem(
        'internal',
        'this is a defect of the server: please report what was sent, without private keys',
      );
      return { ...refused(told, null), error: nameOf(thrown) };
    }
  };

  const preflight: Answered = { reply: empty(204, PREFLIGHT), route: null, error: null };

  return {
    fetch: async (request) => {
      const began = now();
      const { reply, route, error } = origins.isPreflight(request) ? preflight : await answerAnyway(request);
      const { status } = reply;
      options.log?.(recordOf({ request, route, status, error, began, took: now().getTime() - began.getTime() }));
      // What the reply says of itself counts before what all say.
      const headers = { ...SECURITY, ...origins.headersFor(request), ...reply.headers };
      return new Response(request.method === 'HEAD' ? null : reply.body, { status, headers });
    },
  };
};
