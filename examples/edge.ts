/**
 * The whole API in a worker at the edge: `POST /decide`, `POST /inspect`, the fake provider, and their documentation.
 *
 * `node tools/edge.mjs edge.js` bundles it; it runs in workerd (wrangler, miniflare) without any compatibility flag. Where the worker has a
 * variable or a secret called `TOKEN`, whoever sends a document has to have it.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates/http'.
import { type HttpHandler, httpHandler } from '../adapters/http/mod.ts';

/** The worker's variables and secrets. */
export interface Environment {
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
