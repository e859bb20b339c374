/**
 * `examples/edge.ts` as two workers in workerd that share a Durable Object: each has a memory of its own, and a session has one history.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load, without } from '../../browser.ts';
import { PATIENCE } from '../../patience.ts';
import { answerOf, KEY, nothingLost, oneHistory, type Send } from './servers.ts';

const built = async (): Promise<string> =>
  await (await import(new URL('../../../tools/edge.mjs', import.meta.url).href)).edgeWorker();

/** Two workers of one script; the second has the objects of the first. */
const workers = async (bindings: Readonly<Record<string, string>>) => {
  const { Miniflare } = load('miniflare');
  const common = { modules: true, script: await built(), compatibilityDate: '2026-07-01', bindings };
  const own = { className: 'SessionObject', useSQLite: true };
  return new Miniflare({
    workers: [
      { ...common, name: 'first', durableObjects: { SESSIONS: own } },
      { ...common, name: 'second', durableObjects: { SESSIONS: { ...own, scriptName: 'first' } } },
    ],
  });
};

describe('sessions in a Durable Object', () => {
  it(
    'have one history in two workers, and lose nothing',
    { skip: without('miniflare'), timeout: PATIENCE },
    async () => {
      const both = await workers({ SESSION_KEY: KEY });
      const sendTo = async (name: string): Promise<Send> => {
        const worker = await both.getWorker(name);
        return async (method, path, body) =>
          await answerOf(
            await worker.fetch(`http://localhost${path}`, {
              method,
              ...(body === undefined
                ? {}
                : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
            }),
          );
      };
      try {
        const servers = [await sendTo('first'), await sendTo('second')] as const;
        await oneHistory(servers);
        await nothingLost(servers);
      } finally {
        await both.dispose();
      }
    },
  );

  it('are refused in a worker without a key', { skip: without('miniflare'), timeout: PATIENCE }, async () => {
    const both = await workers({});
    try {
      const response = await both.dispatchFetch('http://localhost/health');
      assert.equal(response.status, 500);
      assert.match(await response.text(), /openssl rand -base64 32/);
    } finally {
      await both.dispose();
    }
  });
});
