/**
 * What every store of sessions must do, seen from the servers that share it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { httpHandler, type HttpOptions, type KeptSessions, type SessionStore } from '../../../adapters/http/mod.ts';
import { SEEDED } from '../../runs.ts';

/** A key for tests. */
export const KEY: string = btoa('0123456789abcdef0123456789abcdef');

/** Sends one request to a server; the answer's status and JSON. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  // deno-lint-ignore no-explicit-any -- it is what came.
) => Promise<{ readonly status: number; readonly body: any }>;

/** A request to an address that nobody needs. */
export const requestOf = (method: string, path: string, body?: unknown): Request =>
  new Request(`http://localhost${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

/** The answer of a response. */
export const answerOf = async (response: Pick<Response, 'status' | 'text'>) => {
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
};

/** A server that keeps its sessions there. */
export const serverOn = (sessions: KeptSessions, options: HttpOptions = {}): Send => {
  const { fetch } = httpHandler({ limits: { workTime: 600_000 }, ...options, sessions });
  return async (method, path, body) => await answerOf(await fetch(requestOf(method, path, body)));
};

const databagOf = (unit: string) => ({
  unit,
  databag: { unit_name: unit.replace('/', '_'), common_name: `${unit.replace('/', '-')}.example`, sans: '[]' },
});

let sessions = 0;

/** One session's requests, sent to either server at random: both tell the same history, and nobody is answered twice. */
export const oneHistory = async (servers: readonly [Send, Send], runs = 3): Promise<void> => {
  const step = fc.record({
    server: fc.constantFrom(0, 1),
    did: fc.constantFrom('databag', 'databag', 'rotate', 'advance', 'faults', 'read'),
    unit: fc.constantFrom('web/0', 'web/1', 'api/0'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const id = `history-${++sessions}`;
      assert.equal((await servers[0]('POST', '/provider', { id })).status, 201);
      const shown = new Map<string, string>();
      for (const { server, did, unit } of steps) {
        const send = servers[server === 0 ? 0 : 1];
        const path = `/provider/${id}${did === 'read' ? '' : `/${did}`}`;
        const body = did === 'databag'
          ? databagOf(unit)
          : did === 'advance'
          ? { seconds: 60 }
          : did === 'faults'
          ? { faults: [] }
          : undefined;
        const method = did === 'read' ? 'GET' : did === 'faults' ? 'PUT' : 'POST';
        const answer = await send(method, path, body);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        if (did === 'rotate') shown.clear();
        if (did !== 'databag') continue;
        const cert = answer.body.databag[`${unit.replace('/', '_')}.server.cert`];
        assert.match(cert, /^-----BEGIN CERTIFICATE/);
        assert.equal(cert, shown.get(unit) ?? cert, 'what is good stays as it is');
        shown.set(unit, cert);
      }
      const [here, there] = [await servers[0]('GET', `/provider/${id}`), await servers[1]('GET', `/provider/${id}`)];
      const { now: _here, expires: _expires, ...told } = here.body;
      const { now: _there, expires: _ends, ...toldThere } = there.body;
      assert.deepEqual(told, toldThere);
      const wanted = ['created', ...steps.map(({ did }) => did).filter((did) => did !== 'read')];
      assert.deepEqual(told.log.map(({ did }: { did: string }) => did), wanted);
      assert.equal((await servers[1]('DELETE', `/provider/${id}`)).status, 204);
      assert.equal((await servers[0]('GET', `/provider/${id}`)).status, 404);
    }),
    { numRuns: runs, ...SEEDED },
  );
};

/** Units that come at once to both servers: each is answered, and none of them is lost. */
export const nothingLost = async (servers: readonly [Send, Send], units = 10): Promise<void> => {
  const id = `at-once-${++sessions}`;
  assert.equal((await servers[0]('POST', '/provider', { id })).status, 201);
  const names = Array.from({ length: units }, (_, i) => `web/${i}`);
  const answers = await Promise.all(
    names.map((unit, i) => servers[i % 2 === 0 ? 0 : 1]('POST', `/provider/${id}/databag`, databagOf(unit))),
  );
  assert.deepEqual(answers.map(({ status }) => status), names.map(() => 200));
  const told = (await servers[1]('GET', `/provider/${id}`)).body;
  const entries: ReadonlyArray<{ unit?: string }> = told.log.slice(1);
  assert.deepEqual(entries.map(({ unit }) => unit).toSorted(), names);
  const asking: ReadonlyArray<{ unit: string }> = told.requests;
  assert.deepEqual([...new Set(asking.map(({ unit }) => unit))].toSorted(), names);
  for (const [i, { body }] of answers.entries()) {
    const again = await servers[i % 2]?.('POST', `/provider/${id}/databag`, databagOf(names[i] ?? ''));
    assert.equal(again?.body.databag[`web_${i}.server.cert`], body.databag[`web_${i}.server.cert`]);
  }
  await servers[0]('DELETE', `/provider/${id}`);
};

/** Names, numbers and ends of sessions hold across servers. The store must be empty. */
export const limitsHold = async (kept: KeptSessions): Promise<void> => {
  let time = Date.now();
  const limits = { sessions: 2, sessionIdle: 60_000, sessionLife: 150_000 };
  const options = { limits, now: () => new Date(time) };
  const [a, b] = [serverOn(kept, options), serverOn(kept, options)];
  const status = async (send: Send, method: string, path: string, body?: unknown) =>
    (await send(method, path, body)).status;
  assert.equal(await status(a, 'POST', '/provider', { id: 'one' }), 201);
  assert.equal(await status(b, 'POST', '/provider', { id: 'one' }), 409);
  // Both see room for one more; one of them gets it.
  const last = await Promise.all([a, b].map((send, i) => status(send, 'POST', '/provider', { id: `last-${i}` })));
  assert.deepEqual(last.toSorted(), [201, 503]);
  time += 50_000;
  assert.equal(await status(b, 'GET', '/provider/one'), 200);
  time += 50_000;
  assert.equal(await status(a, 'GET', '/provider/one'), 200, 'it was used meanwhile');
  assert.equal(await status(a, 'GET', `/provider/last-${last.indexOf(201)}`), 404, 'nobody used it');
  assert.equal(await status(b, 'POST', '/provider', { id: 'two' }), 201);
  time += 50_000;
  assert.equal(await status(a, 'POST', '/provider/one/rotate'), 404, 'its life is over');
  assert.equal(await status(a, 'GET', '/provider/two'), 200);
  assert.equal(await status(b, 'DELETE', '/provider/two'), 204);
  assert.equal(await status(a, 'DELETE', '/provider/two'), 404);
  assert.equal(await status(a, 'DELETE', '/provider/one'), 404);
  // What has ended is swept away when another one is added.
  assert.equal(await status(a, 'POST', '/provider', { id: 'three' }), 201);
  assert.equal(await status(b, 'DELETE', '/provider/three'), 204);
};

/** A store by itself: long texts, versions, and what comes second. The store must be empty. */
export const keepsValues = async (store: SessionStore): Promise<void> => {
  const now = Date.now();
  const life = { end: now + 60_000, last: now + 120_000 };
  const room = { now, most: 2 };
  const long = 'a1/+'.repeat(90_000);
  assert.equal(await store.read('x'), null);
  assert.equal(await store.add('x', long, life, room), 'free');
  const first = await store.read('x') ?? assert.fail();
  assert.deepEqual({ ...first, version: '' }, { ...life, value: long, version: '' });
  assert.equal(await store.add('x', 'other', life, room), 'taken');
  // Of two that began with the same version, one comes second.
  const both = await Promise.all(['left', 'right'].map((value) => store.swap('x', first.version, value, now)));
  assert.deepEqual(both.toSorted(), [false, true]);
  const second = await store.read('x') ?? assert.fail();
  assert.equal(second.value, both[0] ? 'left' : 'right');
  assert.notEqual(second.version, first.version);
  await store.extend('x', now + 90_000, now);
  assert.deepEqual(await store.read('x'), { ...second, end: now + 90_000 });
  assert.equal(await store.swap('x', second.version, long, now), true, 'a longer life is no other version');
  assert.equal((await store.read('x'))?.value, long);
  const old = (await store.read('x'))?.version ?? '';
  assert.equal(await store.remove('x'), true);
  assert.equal(await store.remove('x'), false);
  assert.equal(await store.add('x', 'another', life, room), 'free');
  assert.equal(await store.swap('x', old, 'revenant', now), false, 'this is another session of that name');
  assert.equal(await store.swap('y', old, 'nobody', now), false);
  await store.extend('y', now + 1_000, now);
  assert.equal(await store.read('y'), null);
  assert.equal(await store.look('y', room), 'free');
  assert.equal(await store.add('y', 'second', life, room), 'free');
  assert.equal(await store.look('z', room), 'full');
  assert.equal(await store.add('z', 'third', life, room), 'full');
  assert.equal(
    await store.add('z', 'third', { end: now + 99_000, last: now + 99_000 }, { now: now + 61_000, most: 2 }),
    'free',
  );
  for (const id of ['x', 'y', 'z']) await store.remove(id);
};
