/**
 * One log record for each request, in the terms of OpenTelemetry's log data model and its semantic conventions for HTTP servers.
 *
 * A record contains what the server itself chose: a route that it knows, a status, sizes, times. It contains nothing from a body, a header,
 * a query or a foreign path, except for the trace's id, which is only hexadecimal digits.
 *
 * @module
 */

/** A record. `JSON.stringify` makes a line of it. */
export interface LogRecord {
  /** When the request arrived, as an RFC 3339 timestamp. */
  readonly timestamp: string;
  /** `ERROR` from status 500 on, `WARN` from 400 on. */
  readonly severityText: 'INFO' | 'WARN' | 'ERROR';
  /** A sentence for people. */
  readonly body: string;
  /** From the header `traceparent`, if present (https://www.w3.org/TR/trace-context/). */
  readonly traceId?: string;
  /** The request's span, if the request has a trace. */
  readonly spanId?: string;
  /** What was measured, named as in OpenTelemetry. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The result of a request. */
export interface Handled {
  readonly request: Request;
  /** As described, e.g. `/decide`; null if it is not described. */
  readonly route: string | null;
  readonly status: number;
  /** The problem's kind, or the name of what was thrown. */
  readonly error: string | null;
  readonly began: Date;
  /** Milliseconds. */
  readonly took: number;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

const traceOf = (headers: Headers): Pick<LogRecord, 'traceId' | 'spanId'> => {
  const [, traceId, spanId] = TRACE_PARENT.exec(headers.get('traceparent') ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? {} : { traceId, spanId };
};

/** The record of a request. */
export const recordOf = ({ request, route, status, error, began, took }: Handled): LogRecord => ({
  timestamp: began.toISOString(),
  severityText: status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
  body: 'request',
  ...traceOf(request.headers),
  attributes: {
    'http.request.method': METHODS.has(request.method) ? request.method : '_OTHER',
    ...(route === null ? {} : { 'http.route': route }),
    'http.response.status_code': status,
    'http.server.request.duration': took / 1000,
    ...(error === null ? {} : { 'error.type': error }),
  },
});
