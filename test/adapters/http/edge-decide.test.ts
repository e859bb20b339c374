/**
 * `/decide` alone at the edge: the same answers as the whole API gives, in workerd and here, in a worker of few bytes.
 *
 * miniflare is among the runtimes (test/runtimes); without it, or elsewhere than on Node, what needs it is skipped and says so.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decideHandler } from '../../../adapters/http/edge.ts';
import { decide as decideAny } from '../../../core/any/decide.ts';
import { decide } from '../../../mod.ts';
import { load, without } from '../../browser.ts';
import { PATIENCE } from '../../patience.ts';
import { type Answered, type Case, faultsOf, REQUESTS, send, unhurried } from './requests.ts';

const HERE = 'http://localhost';

const built = async (): Promise<string> =>
  await (await import(new URL('../../../tools/edge.mjs', import.meta.url).href)).edgeWorker('examples/edge-decide.ts');

/** A body that is no JSON: the whole API tells where, this one does not. */
const isPlain = ({ problem }: Case): boolean => problem !== 'not-json';

const DECISIONS = REQUESTS.filter(({ path }) => path === '/decide' || path === '/health');

const isOfReactive = ({ init }: Case): boolean => !/"side":"(csr|any)\//.test(String(init?.body ?? ''));

/** What depends on how a runtime writes a header. */
const comparable = ({ type, ...answered }: Answered) => ({ ...answered, type: type?.replace(';charset=utf-8', '') });

describe('decideHandler()', () => {
  it('answers what is sent to /decide as the whole API does, with the `decide` of all sides', async () => {
    const [alone, whole] = [decideHandler(decideAny), unhurried()];
    assert.ok(DECISIONS.length > 10);
    for (const one of DECISIONS) {
      const answered = await send(alone.fetch, HERE, one);
      // What such a body says is up to the next test.
      if (isPlain(one)) {
        assert.deepEqual(faultsOf(one, answered), []);
        assert.deepEqual(comparable(answered), comparable(await send(whole.fetch, HERE, one)), one.name);
      } else assert.equal(answered.status, one.status, one.name);
    }
  });

  it('says of a body that is no JSON that it is none, and nothing of what is in it', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['{"SECRET": ', '', '\ud800', '{"a": SECRET}', '[1,]', '\u0000']) {
      const response = await decideHandler(decide).fetch(
        new Request(`${HERE}/decide`, { method: 'POST', body, headers }),
      );
      const text = await response.text();
      assert.equal(response.status, 400, text);
      assert.match(text, /"title":.*(?:expected|not valid) JSON/);
      assert.doesNotMatch(text, /SECRET|line/);
    }
  });

  it('knows the sides that its `decide` knows, and tells of others that it does not', async () => {
    for (const one of DECISIONS.filter((one) => !isOfReactive(one))) {
      const answered = await send(decideHandler(decide).fetch, HERE, one);
      assert.equal(answered.status, 422, one.name);
      assert.match(answered.text, /"path":"side"/);
    }
  });

  it('has nothing but /decide and /health, and wants a token where there is one', async () => {
    const { fetch } = decideHandler(decide, { token: 'open-sesame', origins: ['https://app.example'] });
    const get = async (path: string, init: RequestInit = {}) => await fetch(new Request(`${HERE}${path}`, init));
    for (const path of ['/', '/docs', '/openapi.json', '/inspect', '/provider', '/schema/input', '/decide/x']) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
      assert.match(await response.text(), /POST \/decide/);
    }
    assert.equal((await get('/health')).status, 200);
    assert.equal((await get('/decide')).status, 405);
    const asking = (authorization: string, origin = HERE) =>
      get('/decide', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', authorization, origin },
      });
    assert.equal((await asking('Bearer wrong')).status, 401);
    assert.equal((await asking('Bearer open-sesame')).status, 422);
    assert.equal((await asking('Bearer open-sesame', 'https://app.example')).status, 422);
    assert.equal((await asking('Bearer open-sesame', 'https://elsewhere.example')).status, 403);
  });

  it('never fails, whatever its `decide` does', async () => {
    const { fetch } = decideHandler(() => {
      throw new Error('SECRET');
    });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new Request(`${HERE}/decide`, { method: 'POST', body: '{}', headers }));
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /SECRET/);
  });

  it(
    'answers the same in workerd, in examples/edge-decide.ts',
    { skip: without('miniflare'), timeout: PATIENCE },
    async () => {
      const { Miniflare } = load('miniflare');
      const worker = new Miniflare({
        modules: true,
        script: await built(),
        compatibilityDate: '2026-07-01',
        bindings: { TOKEN: 'open-sesame' },
      });
      const authorized = (request: Request): Request => {
        request.headers.set('authorization', 'Bearer open-sesame');
        return request;
      };
      const dispatch = async (request: Request): Promise<Response> => {
        const body = await request.text();
        const headers = Object.fromEntries(authorized(request).headers);
        const init = { method: request.method, headers, ...(['GET', 'HEAD'].includes(request.method) ? {} : { body }) };
        return worker.dispatchFetch(request.url, init);
      };
      const { fetch } = decideHandler(decide, { token: 'open-sesame' });
      try {
        for (const one of DECISIONS) {
          const there = await send(dispatch, HERE, one);
          assert.deepEqual(
            comparable(there),
            comparable(await send((request) => fetch(authorized(request)), HERE, one)),
            one.name,
          );
          if (isOfReactive(one) && isPlain(one)) assert.deepEqual(faultsOf(one, there), []);
        }
      } finally {
        await worker.dispose();
      }
    },
  );

  it('is a worker of no more than 30 kB, gzipped', { skip: without() }, async () => {
    const worker = await built();
    assert.doesNotMatch(worker, /from\s*["']node:|require\(["']|~effect|effect\//);
    const packed = gzipSync(worker, { level: 9 }).length;
    assert.ok(packed <= 30_000, `${packed} bytes, gzipped`);
  });
});
