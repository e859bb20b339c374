/**
 * `POST /decide` alone in a worker at the edge: no effect, no X.509, a tenth of the whole API's size.
 *
 * `node tools/edge.mjs edge.js examples/edge-decide.ts` bundles it. It decides for the reactive sides. A worker for all sides takes `decide`
 * from `interface-tls-certificates/any`. As in `edge.ts`, give the worker a secret called `TOKEN` before you deploy it.
 *
 * @module
 */
// In a project of your own: from 'interface-tls-certificates' and 'interface-tls-certificates/edge'.
import { decide } from '../mod.ts';
import { decideHandler, type HttpHandler } from '../adapters/http/edge.ts';

/** The worker's variables and secrets. */
export interface Environment {
  /** At least 16 random characters, such as `openssl rand -hex 32` makes. Absent: the worker is open to everybody. */
  readonly TOKEN?: string;
}

let handler: HttpHandler | null = null;

/** The worker. */
export default {
  fetch: (request: Request, { TOKEN }: Environment): Promise<Response> => {
    handler ??= decideHandler(decide, TOKEN === undefined ? {} : { token: TOKEN });
    return handler.fetch(request);
  },
};
