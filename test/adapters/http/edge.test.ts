/**
 * The example for the edge in workerd: the same table of requests, answered alike.
 *
 * miniflare is among the runtimes (test/runtimes); without it, or elsewhere than on Node, the test is skipped and says so.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { load, without } from '../../browser.ts';
import { type Answered, faultsOf, REQUESTS, send, unhurried } from './requests.ts';
import { PATIENCE } from '../../patience.ts';

const HERE = 'http://localhost';

const built = async (): Promise<string> =>
  await (await import(new URL('../../../tools/edge.mjs', import.meta.url).href)).edgeWorker();

/** What depends on the clock, or on how a runtime writes a header. */
const comparable = ({ text, type, ...answered }: Answered) => ({
  ...answered,
  type: type?.replace(';charset=utf-8', '') ?? null,
  text: text
    .replace(/"(now|at|expires)":"[^"]+"/g, '"$1":"…"')
    // Keys and serial numbers are random.
    .replace(/-----BEGIN [^"]+/g, '…'),
});

describe('examples/edge.ts', () => {
  it('answers the table of requests in workerd as the handler does here', {
    skip: without('miniflare'),
    timeout: PATIENCE,
  }, async () => {
    const { Miniflare } = load('miniflare');
    const worker = new Miniflare({ modules: true, script: await built(), compatibilityDate: '2026-07-01' });
    const dispatch = (request: Request): Promise<Response> =>
      request.text().then((body) =>
        worker.dispatchFetch(request.url, {
          method: request.method,
          headers: Object.fromEntries(request.headers),
          ...(['GET', 'HEAD'].includes(request.method) ? {} : { body }),
        })
      );
    const { fetch } = unhurried();
    try {
      for (const one of REQUESTS) {
        const there = await send(dispatch, HERE, one);
        assert.deepEqual(faultsOf(one, there), []);
        const here = await send(fetch, HERE, one);
        assert.deepEqual(comparable(there), comparable(here), one.name);
      }
    } finally {
      await worker.dispose();
    }
  });

  it('wants a token in workerd where there is one', { skip: without('miniflare'), timeout: PATIENCE }, async () => {
    const { Miniflare } = load('miniflare');
    const worker = new Miniflare({
      modules: true,
      script: await built(),
      compatibilityDate: '2026-07-01',
      bindings: { TOKEN: 'open-sesame' },
    });
    const asking = (authorization: string) =>
      worker.dispatchFetch(`${HERE}/decide`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', authorization },
      });
    try {
      assert.equal((await asking('Bearer wrong')).status, 401);
      assert.equal((await asking('Bearer open-sesame')).status, 422);
    } finally {
      await worker.dispose();
    }
  });

  it('answers units of one session that come at once, in workerd', {
    skip: without('miniflare'),
    timeout: PATIENCE,
  }, async () => {
    const { Miniflare } = load('miniflare');
    const worker = new Miniflare({ modules: true, script: await built(), compatibilityDate: '2026-07-01' });
    const post = async (path: string, body: unknown) => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return await (await worker.dispatchFetch(`${HERE}${path}`, init)).json();
    };
    try {
      await post('/provider', { id: 'many' });
      const units = Array.from({ length: 8 }, (_, i) => `web/${i}`);
      const answers = await Promise.all(units.map((unit) => {
        const databag = { unit_name: unit.replace('/', '_'), common_name: 'web.example', sans: '[]' };
        return post('/provider/many/databag', { unit, databag });
      }));
      const own = answers.map(({ databag }, i) => databag?.[`web_${i}.server.cert`]);
      assert.ok(own.every((cert) => /^-----BEGIN CERTIFICATE/.test(cert)));
      assert.equal(new Set(own).size, 8);
    } finally {
      await worker.dispose();
    }
  });

  it('is no larger than a worker has to be', { skip: without() }, async () => {
    const worker = await built();
    assert.doesNotMatch(worker, /from\s*["']node:|require\(["']/);
    const packed = gzipSync(worker, { level: 9 }).length;
    assert.ok(packed < 260_000, `${packed} bytes, gzipped`);
  });
});
