/**
 * Pages of other origins: what they cannot do to a server that a browser can reach.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROUTES } from '../../../adapters/http/api.ts';
import type { HttpOptions, LogRecord } from '../../../adapters/http/mod.ts';
import { documentOf } from '../../world.ts';
import { unhurried } from './requests.ts';

const HERE = 'http://localhost:8080';

type Sent = Readonly<Record<string, string>>;

/** What browsers send with a request of a page elsewhere, or of one whose origin they keep to themselves. */
const FOREIGN: ReadonlyArray<Sent> = [
  { origin: 'https://evil.example' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'cross-site' },
  // Another port of this machine is another origin of the same site.
  { origin: 'http://localhost:3000' },
  { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
  { origin: 'http://localhost' },
  { origin: 'http://localhost.evil.example:8080' },
  { origin: 'http://evil.example#http://localhost:8080' },
  { origin: 'file://' },
  { origin: 'chrome-extension://abcdef' },
  { origin: 'http://localhost:8080, http://localhost:8080' },
  { origin: '' },
  { 'sec-fetch-site': 'same-origin, cross-site' },
  { 'sec-fetch-site': 'elsewhere' },
];

/** What browsers send with a request of the server's own pages, or of the person; and programs. */
const OWN: ReadonlyArray<Sent> = [
  {},
  { origin: 'http://localhost:8080' },
  { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  // Whoever has the certificate may be in front of this server.
  { origin: 'https://localhost:8080' },
];

/** Requests that a browser sends for any page without asking before. */
const simple = (headers: Sent): ReadonlyArray<Request> => {
  const typed = { ...headers, 'content-type': 'text/plain' };
  return [
    new Request(`${HERE}/provider/kept/rotate`, { method: 'POST', headers }),
    new Request(`${HERE}/provider/kept/rotate`, { method: 'POST', headers: typed, body: 'x' }),
    new Request(`${HERE}/inspect`, { method: 'POST', headers: typed, body: JSON.stringify(documentOf()) }),
    new Request(`${HERE}/inspect?requirer=web`, { method: 'POST', headers: typed, body: 'web/0: {}' }),
    new Request(`${HERE}/provider/kept`, { headers }),
    new Request(`${HERE}/provider/kept`, { method: 'HEAD', headers }),
  ];
};

/** Each operation of the API as a page would call it if it were let in. */
const everything = (headers: Sent): ReadonlyArray<Request> =>
  ROUTES.filter(({ path }) => path !== '/health').map(({ method, path }) =>
    new Request(`${HERE}${path.replace(':session', 'kept')}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: '{}' }),
    })
  );

const withSession = async (options: HttpOptions = {}) => {
  const handler = unhurried(options);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${options.token ?? ''}` };
  await handler.fetch(new Request(`${HERE}/provider`, { method: 'POST', headers, body: '{"id":"kept"}' }));
  const log = async (): Promise<unknown> =>
    (await (await handler.fetch(new Request(`${HERE}/provider/kept`, { headers }))).json()).log;
  return { ...handler, log };
};

describe('httpHandler() and pages of other origins', () => {
  it('carries out nothing of what they send, whatever it is', async () => {
    const { fetch, log } = await withSession();
    const before = await log();
    for (const headers of FOREIGN) {
      for (const request of [...simple(headers), ...everything(headers)]) {
        const name = `${request.method} ${request.url} ${JSON.stringify(headers)}`;
        const response = await fetch(request);
        assert.equal(response.status, 403, name);
        assert.equal(response.headers.get('access-control-allow-origin'), null, name);
        assert.equal(response.headers.get('cache-control'), 'no-store', name);
        if (request.method !== 'HEAD') assert.equal((await response.json()).type, '/docs#foreign-origin', name);
      }
    }
    assert.deepEqual(await log(), before, 'nothing happened in the session');
  });

  it('leaves its own pages, people and programs alone', async () => {
    for (const headers of OWN) {
      const { fetch } = await withSession();
      for (const request of [...simple(headers), ...everything(headers)]) {
        assert.notEqual(
          (await fetch(request)).status,
          403,
          `${request.method} ${request.url} ${JSON.stringify(headers)}`,
        );
      }
    }
  });

  it('compares its own name without the port that goes without saying', async () => {
    const { fetch } = unhurried();
    const asking = (host: string, origin: string) =>
      fetch(new Request(`http://${host}/inspect`, { method: 'POST', headers: { host, origin } }));
    for (
      const [host, origin] of [['a.example', 'https://a.example'], ['A.example:443', 'https://a.example']] as const
    ) {
      assert.equal((await asking(host, origin)).status, 415, `${origin} at ${host}`);
    }
    assert.equal((await asking('a.example:443', 'http://a.example')).status, 403);
    assert.equal((await asking('[::1]:8080', 'http://[::1]:8080')).status, 415);
  });

  it('lets in an origin that was named, and no other', async () => {
    const origin = 'https://app.example';
    const { fetch } = await withSession({ origins: [origin] });
    for (const headers of [{ origin }, { origin, 'sec-fetch-site': 'cross-site' }]) {
      for (const request of everything(headers)) {
        const response = await fetch(request);
        assert.notEqual(response.status, 403);
        assert.equal(
          response.headers.get('access-control-allow-origin'),
          origin,
          `errors can be read, too: ${response.status}`,
        );
        assert.equal(response.headers.get('vary'), 'origin');
      }
    }
    for (
      const other of [...FOREIGN, { origin: 'http://app.example' }, { origin: 'https://app.example.evil.example' }]
    ) {
      const response = await fetch(new Request(`${HERE}/provider/kept/rotate`, { method: 'POST', headers: other }));
      assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [403, null]);
    }
  });

  it('refuses them with the right token as well, and does not tell whether it was right', async () => {
    const token = 'open-sesame';
    const { fetch } = await withSession({ token });
    for (const authorization of [`Bearer ${token}`, 'Bearer wrong']) {
      const headers = { origin: 'https://evil.example', authorization };
      assert.equal((await fetch(new Request(`${HERE}/provider/kept`, { headers }))).status, 403);
    }
  });

  it('shows everybody the documentation, for links lead there', async () => {
    const { fetch } = unhurried();
    const headers = { 'sec-fetch-site': 'cross-site' };
    for (const path of ['/docs', '/openapi.json', '/health']) {
      assert.equal((await fetch(new Request(`${HERE}${path}`, { headers }))).status, 200, path);
    }
  });

  it('logs the refusal, and nothing of who was refused', async () => {
    const records: Array<LogRecord> = [];
    const { fetch } = unhurried({ log: (record) => records.push(record) });
    await fetch(new Request(`${HERE}/inspect`, { method: 'POST', headers: { origin: 'https://secret.example' } }));
    assert.equal(records[0]?.attributes['error.type'], 'foreign-origin');
    assert.doesNotMatch(JSON.stringify(records), /secret/);
  });
});
