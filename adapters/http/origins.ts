/**
 * Pages of other origins: which may use the API, what lets them read the answer, and how the others are recognized.
 *
 * A browser sends some requests from any page to any server without asking first: a form's, `text/plain`, a POST without a body. It does
 * not show the answer to the page, but the request was carried out. What the browser says about the page distinguishes such requests:
 * `Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/) and, if that is not sent, as to a plain `http:` address, `Origin` (RFC 6454
 * section 7). No page can set either of them. Programs send neither.
 *
 * @module
 */

/** What must be known about pages of other origins. */
export interface Origins {
  /** Whether a page that is not allowed made this request. */
  readonly isForeign: (request: Request) => boolean;
  /** Whether a browser asks what an allowed page may send (https://fetch.spec.whatwg.org/#cors-preflight-fetch). */
  readonly isPreflight: (request: Request) => boolean;
  /** The headers that let an allowed page read the answer. */
  readonly headersFor: (request: Request) => Readonly<Record<string, string>>;
}

/** The answer to a preflight of an allowed page. */
export const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, traceparent',
  'access-control-max-age': '600',
};

/** What a browser sends if no other site made the request: it comes from a page of this server, or from the user directly. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** The host of a URL in one form, with the port if it is not the scheme's default; null for anything else, such as `null`. */
const hostIn = (url: string): string | null => {
  try {
    return new URL(url).host || null;
  } catch {
    // The owner is unknown.
    return null;
  }
};

/** Whether an origin is this server's own. The server does not know the scheme if a proxy in front of it has the certificate. */
const isOwn = (origin: string, { headers, url }: Request): boolean => {
  const host = headers.get('host') ?? new URL(url).host;
  const scheme = /^https?:/i.exec(origin)?.[0];
  return scheme !== undefined && hostIn(origin) === hostIn(`${scheme}//${host}`);
};

/** Origins, given the allowed ones as browsers write them. */
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
