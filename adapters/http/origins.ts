/**
 * Pages of other origins: which may use the API, what lets them read the answer, and how the others are known.
 *
 * A browser sends some requests of any page anywhere, with no question before: a form's, `text/plain`, a POST without a body. It does not show
 * the answer to the page, but the request was carried out. What the browser says of the page tells such requests apart: `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/), and where it is not sent, as to a plain `http:` address, `Origin` (RFC 6454 section 7). No page can
 * write either of them. Programs send neither.
 *
 * @module
 */

/** What is to be known of pages of other origins. */
export interface Origins {
  /** Whether a page that was not let in made this request. */
  readonly isForeign: (request: Request) => boolean;
  /** Whether a browser asks for a page that was let in what it may send (https://fetch.spec.whatwg.org/#cors-preflight-fetch). */
  readonly isPreflight: (request: Request) => boolean;
  /** What lets a page that was let in read the answer. */
  readonly headersFor: (request: Request) => Readonly<Record<string, string>>;
}

/** What a preflight of a page that was let in is told. */
export const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, traceparent',
  'access-control-max-age': '600',
};

/** Where a browser says that a request of nobody else comes from: a page of this server, or the person at the keyboard. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** The host of a URL in one form, with the port where it is not the scheme's own; null for what is none, as `null`. */
const hostIn = (url: string): string | null => {
  try {
    return new URL(url).host || null;
  } catch {
    // Whose it is cannot be told.
    return null;
  }
};

/** Whether an origin is this very server's. Of the scheme it knows nothing where something in front of it has the certificate. */
const isOwn = (origin: string, { headers, url }: Request): boolean => {
  const host = headers.get('host') ?? new URL(url).host;
  const scheme = /^https?:/i.exec(origin)?.[0];
  return scheme !== undefined && hostIn(origin) === hostIn(`${scheme}//${host}`);
};

/** Origins of which these, as browsers write them, were let in. */
export const originsOf = (letIn: ReadonlyArray<string>): Origins => {
  const known = new Set(letIn);
  const isKnown = ({ headers }: Request): boolean => known.has(headers.get('origin') ?? '');
  return {
    isForeign: (request) => {
      const [site, origin] = [request.headers.get('sec-fetch-site'), request.headers.get('origin')];
      if (isKnown(request)) return false;
      if (site !== null) return !OWN_SITES.has(site);
      return origin !== null && !isOwn(origin, request);
    },
    isPreflight: (request) =>
      request.method === 'OPTIONS' && request.headers.has('access-control-request-method') && isKnown(request),
    headersFor: (request) => {
      if (known.size === 0) return {};
      return isKnown(request)
        ? {
          vary: 'origin',
          'access-control-allow-origin': request.headers.get('origin') ?? '',
          'access-control-expose-headers': 'allow, retry-after, www-authenticate',
          'cross-origin-resource-policy': 'cross-origin',
        }
        : { vary: 'origin' };
    },
  };
};
