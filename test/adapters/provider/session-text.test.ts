/**
 * A session as text: what is written is read again, whatever the session has been through, and what is no session is not read.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { keptIn, sessionCipher } from '../../../adapters/provider/cipher.ts';
import { FAULTS_OF } from '../../../adapters/provider/fault.ts';
import type { Session } from '../../../adapters/provider/session.ts';
import { readSession, writeSession } from '../../../adapters/provider/session-text.ts';
import { memoryStore } from '../../../adapters/provider/store.ts';
import { makeRequest } from '../../../core/x509/mod.ts';
import { generateKey } from '../../../core/x509/mod.ts';
import { PATIENCE } from '../../patience.ts';
import { SEEDED } from '../../runs.ts';

const KEY = btoa('0'.repeat(32));

/** A server, and the text of a session that it has. */
const server = () => {
  const store = memoryStore<string>();
  const kept = keptIn(store, { key: KEY });
  const cipher = sessionCipher(KEY);
  if (kept._tag === 'Left' || cipher._tag === 'Left') return assert.fail();
  const { fetch } = httpHandler({ sessions: kept.right, limits: { workTime: 600_000, sessions: 1_000 } });
  return {
    send: async (method: string, path: string, body?: unknown): Promise<number> => {
      const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const request = new Request(`http://localhost/provider${path}`, { method, ...(body === undefined ? {} : init) });
      return (await fetch(request)).status;
    },
    textOf: async (id: string): Promise<string> =>
      await cipher.right.open(id, (await store.read(id))?.value ?? '') ?? assert.fail('it cannot be opened'),
  };
};

/** All that a session is, by its own fields; of its CA what is kept, since the rest is made from that. */
const plain = (session: Session): unknown =>
  JSON.parse(JSON.stringify(session, (key, value) => {
    if (key === 'authority') return { state: value.state };
    return value instanceof Map ? { entries: [...value] } : value;
  }));

const read = async (json: string): Promise<Session> => await readSession(json) ?? assert.fail('it is no session');

const csrOf = async (commonName: string): Promise<string> => {
  const key = await generateKey('P-256')();
  const csr = key._tag === 'Right' ? await makeRequest({ commonName, sans: [], key: key.right })() : key;
  return csr._tag === 'Right' ? csr.right : assert.fail();
};

const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '\ud800', '{"'));

describe('a session as text', () => {
  it('is read as it was written, after any history', { timeout: PATIENCE }, async () => {
    const { send, textOf } = server();
    const csr = await csrOf('web.example');
    let sessions = 0;
    const protocols = fc.constantFrom('reactive' as const, 'csr' as const);
    const steps = fc.array(
      fc.record({
        did: fc.constantFrom('databag', 'databag', 'hostile', 'rotate', 'advance', 'faults', 'depart'),
        unit: fc.constantFrom('web/0', 'web/1', 'api/0'),
        bag: fc.dictionary(hostile, hostile, { maxKeys: 4 }),
        fault: fc.nat(),
      }),
      { minLength: 3, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(protocols, steps, hostile, async (protocol, history, applicationKey) => {
        const id = `s${++sessions}`;
        await send('POST', '', { id, protocol });
        for (const { did, unit, bag, fault } of history) {
          const asking = protocol === 'csr'
            ? { certificate_signing_requests: JSON.stringify([{ certificate_signing_request: csr, ca: false }]) }
            : { unit_name: unit.replace('/', '_'), common_name: 'web.example', sans: '[]' };
          const names = FAULTS_OF[protocol];
          const name = names[fault % names.length];
          const more = name === 'late' ? { calls: 1 } : name === 'denied' ? { code: 101 } : {};
          const path = `/${id}/${did === 'hostile' ? 'databag' : did}`;
          if (did === 'rotate') await send('POST', path);
          else if (did === 'advance') await send('POST', path, { seconds: 5_000_000 });
          else if (did === 'faults') await send('PUT', path, { faults: [{ fault: name, ...more }] });
          else if (did === 'depart') await send('POST', path, { unit });
          else {
            const databag = did === 'hostile' ? { ...bag, ...asking } : asking;
            await send('POST', path, { unit, databag, applicationDatabag: { [applicationKey]: applicationKey } });
          }
        }
        const session = await read(await textOf(id));
        const again = await read(writeSession(session));
        assert.deepEqual(plain(again), plain(session));
        assert.deepEqual(Object.keys(again.provider).toSorted(), Object.keys(session.provider).toSorted());
        assert.equal(writeSession(again), writeSession(session));
      }),
      { numRuns: 25, ...SEEDED },
    );
  });

  it('keeps what misbehaviour needs: forgeries, their CA, and when requests were first seen', async () => {
    const { send, textOf } = server();
    const databag = { unit_name: 'web_0', common_name: 'web.example', sans: '[]' };
    await send('POST', '', { id: 'x', faults: [{ fault: 'wrong-ca' }] });
    assert.equal(await send('POST', '/x/databag', { unit: 'web/0', databag }), 200);
    const session = await read(await textOf('x'));
    assert.ok(session.provider.forgedPairs.stranger !== null);
    assert.equal(session.provider.forgedPairs.made.size, 1);
    assert.equal(session.provider.seen.size, 1);
    assert.equal(session.provider.shown.size, 1);
    assert.deepEqual(session.log.map(({ did }) => did), ['created', 'databag']);
    const printed = inspect([...session.provider.forgedPairs.made.values(), session.provider.authority.state]);
    assert.doesNotMatch(printed, /BEGIN PRIVATE KEY/);
  });

  it('is not read if it is anything else', { timeout: PATIENCE }, async () => {
    const { send, textOf } = server();
    await send('POST', '', { id: 'x' });
    const json = await textOf('x');
    const whole = JSON.parse(json);
    for (const other of ['', '{', 'null', '[]', '{}', json.slice(0, -1), JSON.stringify({ ...whole, form: 2 })]) {
      assert.equal(await readSession(other), null, other.slice(0, 20));
    }
    const provider = (changes: object) => JSON.stringify({ ...whole, provider: { ...whole.provider, ...changes } });
    assert.equal(await readSession(provider({ protocol: 'other' })), null);
    assert.equal(await readSession(provider({ authority: { ...whole.provider.authority, key: 'no key' } })), null);
    // Without one of its fields, whichever.
    for (const field of Object.keys(whole.provider)) {
      assert.equal(await readSession(provider({ [field]: undefined })), null, field);
    }
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => {
      assert.equal(await readSession(JSON.stringify(value)), null);
      assert.equal(await readSession(provider({ snapshot: value })), null);
    }));
  });
});
