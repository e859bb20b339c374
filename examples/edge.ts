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
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/http'.
import { type HttpHandler, httpHandler } from '../adapters/http/mod.ts';

/** The worker's variables and secrets. */
export interface Environment {
  /** At least 16 random characters, such as `openssl rand -hex 32` makes. Absent: the worker is open to everybody. */
  readonly TOKEN?: string;
}

let handler: HttpHandler | null = null;

/** The worker. */
export default {
  fetch: (request: Request, { TOKEN }: Environment): Promise<Response> => {
    handler ??= httpHandler(TOKEN === undefined ? {} : { token: TOKEN });
    return handler.fetch(request);
  },
};
