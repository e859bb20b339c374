/**
 * The handler: what it answers, what it refuses, and what nobody gets to see.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decide } from '../../../core/decide.ts';
import type { LogRecord } from '../../../adapters/http/mod.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { anyText } from '../../text.ts';
import { documentOf, relation, topAnswer } from '../../world.ts';
import { faultsOf, REQUESTS, send, unhurried } from './requests.ts';

const HERE = 'http://localhost';

const real = (name: string): string => readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8');

const post = (path: string, body: BodyInit, headers: Readonly<Record<string, string>> = {}): Request =>
  new Request(`${HERE}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    // Streams want it, and no type knows it yet.
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });

/** A body that comes in pieces, each when it is asked for. */
const pieces = (piece: Uint8Array, count: number): { stream: ReadableStream<Uint8Array>; given: () => number } => {
  let given = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (given++ < count) controller.enqueue(piece);
      else controller.close();
    },
  });
  return { stream, given: () => given };
};

/** A body of which nothing comes until it is let go. */
const held = () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await released;
      controller.enqueue(new TextEncoder().encode('{}'));
      controller.close();
    },
  });
  return { stream, release };
};

const kindOf = async (response: Response): Promise<string> =>
  `${response.status} ${String((await response.json()).type).replace('/docs#', '')}`;

describe('httpHandler()', () => {
  const { fetch: shared } = unhurried();

  for (const one of REQUESTS) {
    it(`answers ${one.name} with ${one.status}`, async () => {
      assert.deepEqual(faultsOf(one, await send(shared, HERE, one)), []);
    });
  }

  it('decides what decide() decides', async () => {
    for (const name of ['easyrsa-answered', 'easyrsa-fresh', 'vault-intermediate']) {
      const expected = decide(JSON.parse(real(name)));
      assert.equal(expected._tag, 'Right');
      const response = await unhurried().fetch(post('/decide', real(name)));
      const outcome = expected._tag === 'Right' ? expected.right : null;
      assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(outcome)));
    }
  });

  it('shows no private key in an inspection', async () => {
    for (const name of ['easyrsa-answered', 'vault-intermediate', 'trouble-expired']) {
      const text = await (await unhurried().fetch(post('/inspect', real(name)))).text();
      assert.match(text, /"state":"answered"/);
      const keys = [...real(name).matchAll(/PRIVATE KEY-----(?:\\\\?n)([A-Za-z0-9+/]{40})/g)].map(([, key = '']) =>
        key
      );
      assert.ok(keys.length > 0);
      assert.deepEqual(keys.filter((key) => text.includes(key)), []);
      assert.doesNotMatch(text, /PRIVATE KEY/);
    }
  });

  it('tells nothing of what was sent in logs and problems', async () => {
    const records: Array<LogRecord> = [];
    const { fetch } = unhurried({ log: (record) => records.push(record), token: 'TOKEN-SECRET' });
    const authorization = { authorization: 'Bearer TOKEN-SECRET' };
    const answered = documentOf({
      relations: [relation({ remoteUnits: { 'easyrsa/0': topAnswer('SECRET', 'SECRET') } })],
    });
    const bodies = [
      JSON.stringify(answered),
      '{"SECRET',
      JSON.stringify({ side: 'SECRET', snapshot: { SECRET: 'SECRET' } }),
    ];
    const told: Array<string> = [];
    for (const body of bodies) {
      for (const path of ['/decide', '/inspect', '/SECRET', '/inspect?requirer=SECRET&endsWithin=SECRET']) {
        const response = await fetch(post(path, body, { ...authorization, 'x-forwarded-for': 'SECRET' }));
        if (response.status !== 200) told.push(await response.text());
      }
      told.push(await (await fetch(post('/decide', body, { authorization: 'Bearer SECRET' }))).text());
    }
    assert.equal(records.length, 15);
    assert.ok(told.length > 8);
    assert.doesNotMatch(JSON.stringify([records, told]), /SECRET/);
  });

  it('logs the route, the status, the problem and the trace', async () => {
    const records: Array<LogRecord> = [];
    let looks = 0;
    const began = new Date('2026-11-25T10:00:00Z');
    const { fetch } = unhurried({
      log: (record) => records.push(record),
      // The second look at the clock is after the answer.
      now: () => new Date(began.getTime() + 250 * looks++),
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await fetch(post('/decide', '{', { traceparent }));
    assert.deepEqual(records, [{
      timestamp: '2026-11-25T10:00:00.000Z',
      severityText: 'WARN',
      body: 'request',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/decide',
        'http.response.status_code': 400,
        'http.server.request.duration': 0.25,
        'error.type': 'not-json',
      },
    }]);
  });

  it('refuses a large body while it comes, not after', async () => {
    const { fetch } = unhurried({ limits: { bytes: 1_000 } });
    const { stream, given } = pieces(new Uint8Array(100), 1_000);
    assert.equal(await kindOf(await fetch(post('/decide', stream))), '413 too-large');
    assert.ok(given() < 20, 'the rest is not asked for');
    const length = { 'content-length': '1001' };
    assert.equal(await kindOf(await fetch(post('/decide', '{}'.padEnd(1_001), length))), '413 too-large');
  });

  it('reads a body that comes in pieces', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(documentOf()));
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    assert.equal((await unhurried().fetch(post('/decide', stream))).status, 200);
  });

  it('gives up on a body that does not come', async () => {
    const { stream, release } = held();
    const { fetch } = unhurried({ limits: { bodyTime: 5 } });
    assert.equal(await kindOf(await fetch(post('/decide', stream))), '408 too-slow');
    release();
  });

  it('tells of a body that breaks off', async () => {
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('SECRET')) });
    const response = await unhurried().fetch(post('/decide', stream));
    assert.equal(response.status, 400);
    assert.match(await response.text(), /broke off/);
  });

  it('gives up on work that takes too long', async () => {
    let time = 0;
    const { fetch } = unhurried({ limits: { workTime: 1_000 }, now: () => new Date(time += 400) });
    assert.equal(await kindOf(await fetch(post('/inspect', real('easyrsa-answered')))), '503 too-much-work');
  });

  it('does no more than so much at once, for all and for each client', async () => {
    const waiting = [held(), held(), held()];
    const [first, second, third] = waiting;
    assert.ok(first && second && third);
    const { fetch } = unhurried({
      limits: { atOnce: 2, perClient: 1 },
      clientOf: ({ headers }) => headers.get('x-client'),
    });
    const from = (name: string, stream: ReadableStream<Uint8Array>) =>
      fetch(post('/decide', stream, { 'x-client': name }));
    const one = from('one', first.stream);
    assert.equal(await kindOf(await fetch(post('/decide', '{}', { 'x-client': 'one' }))), '429 too-many-at-once');
    const two = from('two', second.stream);
    const turnedAway = await fetch(post('/decide', '{}', { 'x-client': 'three' }));
    assert.equal(turnedAway.headers.get('retry-after'), '1');
    assert.equal(await kindOf(turnedAway), '503 busy');
    assert.equal((await fetch(new Request(`${HERE}/docs`))).status, 200, 'what takes no work is there for all');
    for (const { release } of waiting) release();
    assert.deepEqual([(await one).status, (await two).status], [422, 422]);
    assert.equal(
      (await from('one', pieces(new TextEncoder().encode('{}'), 1).stream)).status,
      422,
      'places are left again',
    );
  });

  it('lets in with the token only, and says how to send it', async () => {
    const { fetch } = unhurried({ token: 'open-sesame' });
    const wrong = [
      '',
      'Bearer',
      'Bearer ',
      'Bearer open-sesam',
      'Bearer open-sesame!',
      'Basic open-sesame',
      'open-sesame',
      `Bearer ${'x'.repeat(10_000)}`,
    ];
    for (const authorization of wrong) {
      const response = await fetch(post('/inspect', '{}', { authorization }));
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      assert.equal(await kindOf(response), '401 token-wanted', authorization);
    }
    for (const authorization of ['Bearer open-sesame', 'bearer  open-sesame']) {
      assert.equal((await fetch(post('/inspect', '{}', { authorization }))).status, 422);
    }
    assert.equal((await fetch(new Request(`${HERE}/health`))).status, 200);
  });

  it('answers for its own names only, where it was told them', async () => {
    const { fetch } = unhurried({ hosts: ['localhost'] });
    assert.equal((await fetch(new Request('http://localhost:8080/health'))).status, 200);
    assert.equal(await kindOf(await fetch(new Request('http://rebound.example/health'))), '421 wrong-host');
  });

  it('is closed to pages of other origins, unless one was let in', async () => {
    const asking = (origin: string) =>
      new Request(`${HERE}/decide`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = 'https://good.example';
    const closed = await unhurried().fetch(asking(allowed));
    assert.deepEqual([closed.status, closed.headers.get('access-control-allow-origin')], [405, null]);
    const { fetch } = unhurried({ origins: [allowed] });
    const open = await fetch(asking(allowed));
    assert.deepEqual([open.status, open.headers.get('access-control-allow-origin')], [204, allowed]);
    const other = await fetch(asking('https://bad.example'));
    assert.deepEqual([other.status, other.headers.get('access-control-allow-origin')], [405, null]);
    const answer = await fetch(post('/decide', JSON.stringify(documentOf()), { origin: allowed }));
    assert.equal(answer.headers.get('access-control-allow-origin'), allowed);
  });

  it('sends headers that keep browsers from guessing, framing and keeping', async () => {
    for (const path of ['/health', '/docs', '/openapi.json', '/nowhere']) {
      const { headers } = await unhurried().fetch(new Request(`${HERE}${path}`));
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'.*frame-ancestors 'none'$/);
    }
  });

  it('serves the page with the policy in its head', async () => {
    const policy = "default-src 'none'; script-src 'sha256-abc='";
    const page = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>x</title>`;
    const response = await unhurried({ page }).fetch(new Request(`${HERE}/`));
    assert.equal(response.headers.get('content-security-policy'), `${policy}; frame-ancestors 'none'`);
    assert.equal(await response.text(), page);
    assert.equal((await unhurried().fetch(new Request(`${HERE}/`))).headers.get('location'), '/docs');
  });

  it('says that a defect is one, and nothing more', async () => {
    const records: Array<LogRecord> = [];
    const { fetch } = unhurried({
      log: (record) => records.push(record),
      clientOf: () => {
        throw new TypeError('SECRET');
      },
    });
    const response = await fetch(post('/decide', '{}'));
    assert.equal(response.status, 500);
    assert.doesNotMatch(`${await response.text()}${JSON.stringify(records)}`, /SECRET/);
    assert.equal(records[0]?.attributes['error.type'], 'TypeError');
  });

  it('answers whatever it is sent', async () => {
    const { fetch } = unhurried({ limits: { sessions: 1_000 } });
    await fetch(post('/provider', '{"id":"x"}'));
    const paths = [
      '/decide',
      '/inspect',
      '/provider',
      ...['databag', 'depart', 'advance'].map((name) => `/provider/x/${name}`),
    ];
    const bodies = fc.oneof(
      fc.json({ maxDepth: 8 }),
      anyText({ maxLength: 200 }),
      fc.constantFrom(...HOSTILE),
      fc.constantFrom(...HOSTILE).map((text) =>
        JSON.stringify(
          documentOf({ relations: [relation({ remoteUnits: { 'a/0': { ca: text, 'web_0.server.cert': text } } })] }),
        )
      ),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => {
        const text = real('easyrsa-fresh');
        return text.slice(0, a % text.length) + text.slice(b % text.length);
      }),
      fc.uint8Array({ maxLength: 200 }),
    );
    const types = fc.constantFrom('application/json', 'text/yaml', 'text/plain', 'text/html', '');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), types, bodies, async (path, type, body) => {
        const response = await fetch(
          post(path, typeof body === 'string' ? body : new Uint8Array(body), { 'content-type': type }),
        );
        const answer = await response.json();
        assert.ok([200, 201, 400, 415, 422].includes(response.status), `${response.status}`);
        if (!response.ok) assert.equal(answer.status, response.status);
      }),
      runs(300),
    );
  });
});
