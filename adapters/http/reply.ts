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

/** A reply that is JSON. */
export const json = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** A reply without a body. */
export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: null,
});
