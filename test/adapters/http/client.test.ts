/**
 * The client, calling a handler in the same process.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { client } from '../../../adapters/http/mod.ts';
import type { RequiresDocument } from '../../../adapters/http/mod.ts';
import { unhurried } from './requests.ts';

const real = (name: string): RequiresDocument =>
  JSON.parse(readFileSync(new URL(`../../real/${name}.json`, import.meta.url), 'utf8'));

describe('client()', () => {
  it('decides and inspects as the functions do', async () => {
    const { decide, inspect } = client('http://localhost', { fetch: unhurried().fetch });
    const decided = await decide(real('easyrsa-answered'))();
    assert.ok(decided._tag === 'Right');
    assert.equal(decided.right.view.serverCerts[0]?.commonName, 'kubernetes-api.example');
    const inspected = await inspect(real('trouble-wrong-ca'))();
    assert.ok(inspected._tag === 'Right');
    assert.ok(
      inspected.right.examinations[0]?.requests.some(({ findings }) =>
        findings.some(({ code }) => code === 'untrusted')
      ),
    );
  });

  it('decides for a provider, with the view of that side', async () => {
    const { decide } = client('http://localhost', { fetch: unhurried().fetch });
    const { snapshot } = real('easyrsa-fresh');
    const decided = await decide({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'easyrsa/0',
        endpoint: 'client',
        relations: [{
          id: 'client:3',
          localUnitData: {},
          remoteUnits: { [snapshot.localUnit]: { unit_name: 'web_0', common_name: 'web.example', sans: '[]' } },
        }],
      },
      intent: { ca: 'a CA', answers: [], onWithdrawal: 'keep' },
    })();
    assert.ok(decided._tag === 'Right');
    assert.deepEqual(decided.right.view.newRequests.map(({ commonName }) => commonName), ['web.example']);
    assert.deepEqual(decided.right.writes[0]?.set, { ca: 'a CA' });
  });

  it('sends output of juju show-unit, alone or with others', async () => {
    const { inspect } = client('http://localhost', { fetch: unhurried().fetch });
    const shown = 'web/0:\n  relation-info: []\n';
    for (const payload of [shown, { documents: [shown, { 'web/1': { 'relation-info': [] } }] }]) {
      assert.equal((await inspect(payload, { endsWithin: '3' })())._tag, 'Right');
    }
  });

  it('sends its token, and has the problem as a value where it is refused', async () => {
    const { fetch } = unhurried({ token: 'open-sesame' });
    const document = real('easyrsa-fresh');
    assert.equal((await client('http://localhost', { fetch, token: 'open-sesame' }).decide(document)())._tag, 'Right');
    const refused = await client('http://localhost', { fetch }).decide(document)();
    assert.ok(refused._tag === 'Left' && refused.left._tag === 'Refused');
    assert.equal(refused.left.problem.status, 401);
    assert.match(refused.left.message, /^A token is wanted: send the header/);
  });

  it('tells the paths of mistakes that the types let pass', async () => {
    const { decide } = client('http://localhost', { fetch: unhurried().fetch });
    const document = real('easyrsa-fresh');
    const refused = await decide({ ...document, snapshot: { ...document.snapshot, now: 'soon' } })();
    assert.ok(refused._tag === 'Left');
    assert.match(refused.left.message, /snapshot\.now: expected a time/);
  });

  it('says that the server cannot be reached, and nothing of what it sent', async () => {
    const broken = [
      () => Promise.reject(new Error('SECRET')),
      () => Promise.resolve(new Response('SECRET')),
      () => Promise.resolve(Response.json({ SECRET: 'SECRET' }, { status: 418 })),
    ];
    for (const fetch of broken) {
      const failed = await client('http://localhost', { fetch }).decide(real('easyrsa-fresh'))();
      assert.ok(failed._tag === 'Left');
      assert.equal(failed.left._tag, 'HostError');
      assert.doesNotMatch(failed.left.message, /SECRET/);
    }
  });
});
