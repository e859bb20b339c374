/**
 * The whole API in a worker at the edge: `POST /decide`, `POST /inspect`, the fake provider, and their documentation.
 *
 * `node tools/edge.mjs edge.js` bundles it; it runs in workerd (wrangler, miniflare) without any compatibility flag. Give the worker a
 * secret called `TOKEN` before you deploy it (`wrangler secret put TOKEN`): callers have to send it. Without one the worker
 * answers anybody who reaches it, and everybody can.
 *
 * A test of any charm, in any language, can use it. A session of the CSR protocol takes the databags of a requirer unit as `requests.json` has them,
 * `{"unit": "web/0", "databag": {"certificate_signing_requests": "…"}}`, and answers with `certificates`, `request_errors` and `capabilities`;
 * here with a fault, a chain in the wrong order:
 *
 * ```sh
 * post() { curl -s "https://my-worker.example/provider$1" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d "$2"; }
 * post '' '{"id": "my-test", "protocol": "csr", "faults": [{"fault": "reversed-chain"}]}'
 * post /my-test/databag @requests.json
 * ```
 *
 * A worker may run as several instances, each with a memory of its own. With a Durable Object they share their sessions: bind the class
 * `SessionObject` as `SESSIONS`, and give the worker a secret `SESSION_KEY` of `openssl rand -base64 32`, since sessions have private keys
 * and are only kept encrypted.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/http' and 'interface-tls-certificates/sessions/durable-objects'.
import { type HttpHandler, httpHandler, type HttpOptions } from '../adapters/http/mod.ts';
import { durableSessions, type ObjectNamespace } from '../adapters/sessions/durable-objects.ts';

export { SessionObject } from '../adapters/sessions/durable-objects.ts';

/** The worker's variables and secrets. */
export interface Environment {
  /** At least 16 random characters, such as `openssl rand -hex 32` makes. Absent: the worker is open to everybody. */
  readonly TOKEN?: string;
  /** Durable Objects of the class `SessionObject`. Absent: each instance has sessions of its own. */
  readonly SESSIONS?: ObjectNamespace;
  /** 32 random bytes in base64, such as `openssl rand -base64 32` makes; wanted with `SESSIONS`. */
  readonly SESSION_KEY?: string;
}

const begun = ({ TOKEN, SESSIONS, SESSION_KEY }: Environment): HttpHandler => {
  const options: HttpOptions = TOKEN === undefined ? {} : { token: TOKEN };
  if (SESSIONS === undefined) return httpHandler(options);
  const kept = durableSessions(SESSIONS, { key: SESSION_KEY });
  switch (kept._tag) {
    case 'Right':
      return httpHandler({ ...options, sessions: kept.right });
    case 'Left': {
      const { detail } = kept.left;
      // Whoever deploys it sees what to do; the key is not in it.
      return { fetch: () => Promise.resolve(new Response(`${detail}\n`, { status: 500 })) };
    }
  }
};

let handler: HttpHandler | null = null;

/** The worker. */
export default {
  fetch: (request: Request, environment: Environment): Promise<Response> => {
    handler ??= begun(environment);
    return handler.fetch(request);
  },
};
