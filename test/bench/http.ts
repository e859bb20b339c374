/**
 * How many requests a second `POST /decide` answers, beside a handler that does nothing but parse the same body and write it again: in
 * the same process, which shows what the handler costs (beside one that decides, too, and nothing more), and over loopback from several clients at once, with the same server for both.
 * On Node also how long a worker with the API takes from nothing to its first answer in workerd, beside one that does nothing.
 *
 * Prints one JSON line per size. Client and server share the processors over loopback, so that those figures are no more than a floor.
 *
 * @module
 */
import process from 'node:process';
import { httpHandler } from '../../adapters/http/mod.ts';
import { decide } from '../../core/decide.ts';
import { serve } from '../../adapters/serve/server.ts';
import { load, without } from '../browser.ts';
import { median } from './authority.ts';
import { granted } from './granted.ts';

const SIZES = [10, 500];

const CLIENTS = 8;

/** Milliseconds for which clients ask over loopback. */
const WHILE = 1_500;

type Fetch = (request: Request) => Promise<Response>;

const bare: Fetch = async (request) => Response.json(await request.json());

/** The least that an answer can take: nothing but the core between reading and writing. */
const least: Fetch = async (request) => Response.json(decide(await request.json()));

const asking = (address: string, body: string): Request =>
  new Request(`${address}/decide`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

/** Requests a second in this process, one after the other. */
const inProcess = async (fetch: Fetch, body: string): Promise<number> =>
  1_000 / await median(async () => await (await fetch(asking('http://localhost', body))).arrayBuffer());

/** Requests a second over loopback. */
const overLoopback = async (answer: Fetch, body: string): Promise<number> => {
  const serving = await serve((request) => answer(request), { host: '127.0.0.1', port: 0 })();
  if (serving._tag === 'Left') throw new Error(serving.left.message);
  const { address, stop } = serving.right;
  const ask = async (until: number): Promise<number> => {
    let count = 0;
    while (performance.now() < until) {
      const response = await fetch(asking(address, body));
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`answered with ${response.status}`);
      count += 1;
    }
    return count;
  };
  const together = async (time: number): Promise<number> => {
    const began = performance.now();
    const counts = await Promise.all(Array.from({ length: CLIENTS }, () => ask(began + time)));
    return 1_000 * counts.reduce((sum, n) => sum + n, 0) / (performance.now() - began);
  };
  await together(WHILE / 3);
  const rate = await together(WHILE);
  await stop(0);
  return rate;
};

const IDLE_WORKER = 'export default { fetch: () => new Response("{}") };';

/** Milliseconds from a script to its first answer in workerd. */
const coldStart = async (script: string): Promise<number> => {
  const { Miniflare } = load('miniflare');
  const times: Array<number> = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01' });
    await (await worker.dispatchFetch('http://localhost/health')).arrayBuffer();
    times.push(performance.now() - began);
    await worker.dispose();
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
};

const edge = async (): Promise<string> =>
  await (await import(new URL('../../tools/edge.mjs', import.meta.url).href)).edgeWorker();

const { fetch: ours } = httpHandler();
const isNode = without('miniflare') === false;
const cold = isNode
  ? { cold: await coldStart(await edge()), idle: await coldStart(IDLE_WORKER) }
  : { cold: null, idle: null };
for (const n of SIZES) {
  const body = JSON.stringify(granted(n));
  console.log(JSON.stringify({
    n,
    bytes: body.length,
    handler: await inProcess(ours, body),
    bare: await inProcess(bare, body),
    least: await inProcess(least, body),
    served: await overLoopback(ours, body),
    bareServed: await overLoopback(bare, body),
    ...(n === SIZES[0] ? cold : { cold: null, idle: null }),
  }));
}
// Connections that `fetch` keeps open would keep some runtimes waiting.
process.exit(0);
