/**
 * Answers requests over HTTP, whatever they ask for: routes, the token, origins, limits, headers and the log. It never fails.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { LIMITS, type Limits, places } from './limits.ts';
import { type LogRecord, recordOf } from './log.ts';
import { originsOf, PREFLIGHT } from './origins.ts';
import { kindOf, problem, type ProblemDocument, problemReply } from './problem.ts';
import { empty, type Reply } from './reply.ts';
import { hasToken } from './token.ts';

/** How requests are handled; every option may be omitted. */
export interface ServiceOptions {
  /** Clients must send this token to send documents or use sessions; the documentation and `/health` are open to all. */
  readonly token?: string;
  /** Origins whose pages may use the API from a browser, such as `https://app.example`; by default only the server's own. */
  readonly origins?: ReadonlyArray<string>;
  /** Names under which the server answers, as in the header `host`, without the port; all by default. */
  readonly hosts?: ReadonlyArray<string>;
  /** Those that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** Distinguishes clients, for the limit on each; null for one that cannot be distinguished. */
  readonly clientOf?: (request: Request) => string | null;
  /** Called for each request after it was answered. */
  readonly log?: (record: LogRecord) => void;
  /** The clock. */
  readonly now?: () => Date;
}

/** The API, for use by a server. */
export interface HttpHandler {
  /** Answers one request; it never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Headers that every answer has: it is not stored, guessed, framed, or revealed to others. */
const SECURITY: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What is ready at a path, without any work. */
export type Ready = () => Reply;

/** What is done for a method and a path. A part of the path that is `:session` stands for any name. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  /** It is open to all, from everywhere: it takes no document and reveals nothing. */
  readonly isOpen: boolean;
  /** Its reply, or the problem that it ends in. The session is the one in the path; empty if the path has none. */
  readonly answer: (request: Request, session: string) => TE.TaskEither<ProblemDocument, Reply>;
}

/** What the server offers. */
export interface Offer {
  readonly ready: ReadonlyMap<string, Ready>;
  readonly endpoints: ReadonlyArray<Endpoint>;
  /** Where people find out what it offers. */
  readonly hint: string;
}

/** What to do for a method and a path. */
type Destination =
  | { readonly _tag: 'Ready'; readonly path: string; readonly ready: Ready }
  | { readonly _tag: 'Operation'; readonly session: string; readonly endpoint: Endpoint };

/** The placeholder for a session's name in a route. */
const SESSION = ':session';

/** The session's name in a path; empty for a route without one, null if the path belongs to another route. */
const sessionIn = (route: string, path: string): string | null => {
  const [wanted, given] = [route.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const fits = wanted.every((part, i) => part === given[i] || (part === SESSION && given[i] !== ''));
  return fits ? given[wanted.indexOf(SESSION)] ?? '' : null;
};

const destinationOf = (
  { ready, endpoints, hint }: Offer,
  method: string,
  path: string,
): E.Either<{ readonly told: ProblemDocument; readonly allow?: string }, Destination> => {
  const asked = method === 'HEAD' ? 'GET' : method;
  const found = ready.get(path);
  const there = endpoints.filter((endpoint) => sessionIn(endpoint.path, path) !== null);
  const endpoint = there.find((candidate) => candidate.method === asked);
  if (found !== undefined && asked === 'GET') return E.right({ _tag: 'Ready', path, ready: found });
  if (endpoint !== undefined) {
    return E.right({ _tag: 'Operation', session: sessionIn(endpoint.path, path) ?? '', endpoint });
  }
  if (found === undefined && there.length === 0) {
    return E.left({ told: problem('not-found', hint) });
  }
  const methods = [...(found === undefined ? [] : ['GET']), ...there.map((candidate) => candidate.method)];
  const allow = methods.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ');
  return E.left({ told: problem('method-not-allowed', `use ${allow}`), allow });
};

/** An answer with what to log about it. */
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

/** A handler of an offer, with these options. */
export const service = (options: ServiceOptions, offer: Offer): HttpHandler => {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const now = options.now ?? (() => new Date());
  const take = places(limits);
  const isAuthorized = options.token === undefined ? () => true : hasToken(options.token);
  const origins = originsOf(options.origins ?? []);
  const hosts = options.hosts === undefined ? null : new Set(options.hosts);

  const carryOut = async (request: Request, endpoint: Endpoint, session: string): Promise<Answered> => {
    const { path } = endpoint;
    const place = take(options.clientOf?.(request) ?? null);
    if (E.isLeft(place)) return refused(place.left, path);
    try {
      const result = await endpoint.answer(request, session)();
      return E.isLeft(result) ? refused(result.left, path) : { reply: result.right, route: path, error: null };
    } finally {
      place.right();
    }
  };

  const answer = async (request: Request): Promise<Answered> => {
    if (hosts !== null && !hosts.has(hostOf(request))) {
      return refused(problem('wrong-host', `use one of these names: ${[...hosts].join(', ')}`), null);
    }
    const destination = destinationOf(offer, request.method, new URL(request.url).pathname);
    if (E.isLeft(destination)) {
      const { told, allow } = destination.left;
      return refused(told, null, allow === undefined ? {} : { allow });
    }
    if (destination.right._tag === 'Ready') {
      return { reply: destination.right.ready(), route: destination.right.path, error: null };
    }
    const { endpoint, session } = destination.right;
    if (!endpoint.isOpen && origins.isForeign(request)) {
      return refused(
        problem('foreign-origin', 'a page of another origin sent this: start the server with it in `origins`'),
        endpoint.path,
      );
    }
    if (!endpoint.isOpen && !isAuthorized(request.headers.get('authorization'))) {
      const told = problem('token-wanted', 'send the header authorization: Bearer …, with the token of this server');
      return refused(told, endpoint.path, { 'www-authenticate': 'Bearer' });
    }
    return await carryOut(request, endpoint, session);
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
      // The headers of the reply override the common ones.
      const headers = { ...SECURITY, ...origins.headersFor(request), ...reply.headers };
      return new Response(request.method === 'HEAD' ? null : reply.body, { status, headers });
    },
  };
};
