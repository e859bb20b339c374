/**
 * What is sent back, before it becomes a response.
 *
 * @module
 */

/** A reply: made once, without the headers that every answer has. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for an answer without one. */
  readonly body: string | null;
}

/** A reply whose text is JSON. */
export const jsonText = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
});

/** A reply as JSON. */
export const json = (value: unknown, status = 200): Reply => jsonText(JSON.stringify(value), status);

/** A reply without a body. */
export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: null,
});
