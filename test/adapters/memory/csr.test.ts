/**
 * The model plays the CSR protocol: secrets, time that wakes, hooks that are killed, and both sides over all of these.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  handlerOf,
  type HookContext,
  type Model,
  model,
  type ModelHandler,
  pending,
  type WriteRecord,
} from '../../../adapters/memory/mod.ts';
import { csrProvides } from '../../../core/csr/mod.ts';
import { hooksOf, plain, refusedWith, settled, some, watching } from './charms.ts';
import { assertExact, csrModel, DAY, formsOf, isServed, keptKeys, requestsOf, withoutBreaks } from './csr-world.ts';

/** Both applications related and at rest. */
const related = async (wish: number, units = 1, cas = 1): Promise<Model> => {
  const juju = csrModel({ seed: 3 });
  juju.deploy('web', units, { wish });
  juju.deploy('ca', cas);
  juju.integrate('web:certificates', 'ca:clients');
  await settled(juju);
  return juju;
};

const bagOf = (juju: Model): Readonly<Record<string, string>> =>
  juju.state().relations['0']?.provides.applicationData ?? assert.fail('there is no relation');

const certificatesOf = (juju: Model, unit: string) => requestsOf(juju, unit).map(({ certificate }) => certificate);

/** What was written since an entry of the log. */
const writesSince = (juju: Model, entry: number): ReadonlyArray<WriteRecord> =>
  juju.log().entries.slice(entry).flatMap((one) => ('ran' in one ? one.ran.writes : []));

/** A charm of one endpoint that does something with its secrets. */
const keeping =
  (work: (context: HookContext) => void, until: string | null = null): ModelHandler => async (context) => {
    work(context);
    return { ...(await watching(context)), until: until as never };
  };

const alone = (charm: ModelHandler): Model => model({ applications: { web: { requires: { certificates: charm } } } });

describe('the CSR protocol in the model', () => {
  it('gives each request a certificate for exactly its names, and keeps each key in a secret of its owner', async () => {
    const juju = await related(3, 2);
    for (const unit of ['web/0', 'web/1']) {
      assert.deepEqual(requestsOf(juju, unit).map(({ state }) => state), ['answered', 'answered', 'answered']);
      requestsOf(juju, unit).forEach(assertExact);
    }
    assert.equal(certificatesOf(juju, 'web/0')[1], certificatesOf(juju, 'web/1')[1], 'the application has one');
    const labels = Object.entries(juju.state().secrets).flatMap(([owner, secrets]) =>
      Object.keys(secrets).filter((label) => label.startsWith('private-key')).map((label) => `${owner} ${label}`)
    );
    assert.deepEqual(labels.sort(), [
      'web private-key-certificates',
      'web/0 private-key-certificates',
      'web/1 private-key-certificates',
    ]);
  });

  it('finds the secret numbers of a key where they are, so that looking for them says something', async () => {
    const juju = await related(2);
    const [key] = keptKeys(juju.state());
    const forms = await formsOf(some(key));
    assert.ok(forms.some((form) => withoutBreaks(JSON.stringify(juju.state())).includes(form)));
    assert.equal(keptKeys(juju.state()).length, 3, 'of the unit, the application and the CA');
  });

  it('wakes a requirer when a renewal is due, while the old certificate serves', async () => {
    const juju = await related(0);
    const [before] = certificatesOf(juju, 'web/0');
    await juju.advance(80 * DAY);
    assert.deepEqual(pending(juju.state()), [], 'it is not due yet');
    await juju.advance(2 * DAY);
    assert.deepEqual(pending(juju.state()).map(({ name }) => name), ['secret-expired']);
    await juju.step();
    const [asked] = requestsOf(juju, 'web/0');
    assert.deepEqual([asked?.state, asked?.certificate], ['renewing', before]);
    await settled(juju);
    const [after] = requestsOf(juju, 'web/0');
    assert.equal(after?.state, 'answered');
    assert.notEqual(after?.certificate, before);
  });

  it('wakes a provider when a certificate that it has published ends', async () => {
    const juju = await related(0);
    const { until } = some(juju.unit('ca/0')?.outcome(csrProvides, 'clients'));
    const { notAfter } = { notAfter: some(requestsOf(juju, 'web/0')[0]?.renewAt) };
    assert.ok(some(until) > notAfter, 'it ends after it is due');
    // Nobody renews it: the unit that asked is held up.
    await juju.failNextHook('web/0', 1_000);
    await juju.setTime(some(until));
    for (let i = 0; i < 20; i++) await juju.step();
    assert.ok(hooksOf(juju, 'ca/0').includes('secret-expired'));
    await juju.failNextHook('web/0', 0);
    await settled(juju);
    assert.ok(requestsOf(juju, 'web/0').every((one) => isServed(one, juju.state().now)));
  });

  it('tells a requirer of every request that is refused, and answers when it is allowed', async () => {
    const juju = await related(2);
    await juju.configure('ca', { denied: ['web-0.example', 'web.example'] });
    await settled(juju);
    assert.deepEqual(requestsOf(juju, 'web/0').map(({ state, denied }) => [state, denied?.code, denied?.name]), [
      ['denied', 999, 'other'],
      ['denied', 999, 'other'],
    ]);
    assert.ok(juju.unit('web/0')?.flags.some((flag) => flag === 'certificates.certs.denied'));
    await juju.configure('ca', { denied: [] });
    await settled(juju);
    requestsOf(juju, 'web/0').forEach(assertExact);
    assert.equal(bagOf(juju)['request_errors'], undefined);
  });

  it('issues nothing anew for another leader of either application', async () => {
    const juju = await related(3, 2, 2);
    const before = bagOf(juju)['certificates'];
    for (const unit of ['ca/1', 'web/1', 'ca/0', 'web/0']) {
      const at = juju.log().entries.length;
      await juju.setLeader(unit);
      await settled(juju);
      assert.deepEqual(writesSince(juju, at), [], unit);
    }
    assert.equal(bagOf(juju)['certificates'], before);
  });

  it('keeps every certificate when the leader of the provider is removed', async () => {
    for (const cas of [1, 2]) {
      const juju = await related(3, 2, cas);
      const before = bagOf(juju);
      await juju.removeUnit('ca/0');
      await settled(juju);
      assert.equal(juju.unit('ca/0'), null);
      assert.deepEqual(bagOf(juju), before);
      if (cas === 1) await juju.addUnit('ca');
      await settled(juju);
      assert.deepEqual(bagOf(juju), before, 'nor does the next leader issue anew');
    }
  });

  it('keeps every certificate when a unit leads that has not yet seen who asks', async () => {
    const juju = await related(3, 3);
    const before = bagOf(juju);
    await juju.addUnit('ca');
    await juju.setLeader('ca/1');
    await settled(juju);
    assert.deepEqual(bagOf(juju), before);
    // Then it withdraws what nobody asks for, as ever.
    await juju.removeUnit('web/2');
    await settled(juju);
    const answers = JSON.parse(some(bagOf(juju)['certificates'])).length;
    assert.equal(answers, JSON.parse(some(before['certificates'])).length - 2);
  });

  it('holds what nobody asks for no longer than its certificate lasts, where a new leader never saw who asked', async () => {
    const juju = await related(0, 2);
    const [text] = [some(bagOf(juju)['certificates'])];
    // The unit that asked goes while no leader can take its certificate back.
    await juju.addUnit('ca');
    await juju.setLeader('ca/1');
    await juju.failNextHook('ca/1', 1_000);
    await juju.removeUnit('web/1');
    for (let i = 0; i < 60; i++) await juju.step();
    await juju.failNextHook('ca/1', 0);
    await settled(juju);
    assert.equal(juju.unit('web/1'), null);
    assert.equal(bagOf(juju)['certificates'], text);
    await juju.advance(91 * DAY);
    await settled(juju);
    assert.equal(JSON.parse(some(bagOf(juju)['certificates'])).length, 1);
  });

  it('makes a new key and asks anew where a secret is lost, for its owner alone', async () => {
    const juju = await related(2, 2);
    const before = ['web/0', 'web/1'].map((unit) => certificatesOf(juju, unit));
    await juju.removeSecret('web/0', 'private-key-certificates');
    await juju.wake('web/0', 'update-status');
    await settled(juju);
    const after = ['web/0', 'web/1'].map((unit) => certificatesOf(juju, unit));
    assert.notEqual(after[0]?.[0], before[0]?.[0]);
    assert.deepEqual([after[0]?.[1], after[1]], [before[0]?.[1], before[1]]);
  });

  it('rotates keys while the old pair serves', async () => {
    const juju = await related(2, 2);
    const before = certificatesOf(juju, 'web/0');
    await juju.configure('web', { rotation: 1 });
    await juju.step();
    await juju.step();
    for (const unit of ['web/0', 'web/1']) {
      assert.ok(requestsOf(juju, unit).every((one) => isServed(one, juju.state().now)), unit);
    }
    await settled(juju);
    const after = requestsOf(juju, 'web/0');
    assert.deepEqual(after.map(({ state, keyName }) => [state, keyName]), [['answered', 'unit'], [
      'answered',
      'application',
    ]]);
    assert.ok(after.every(({ certificate }, i) => certificate !== before[i]));
  });

  it('rotates keys again and again before an answer comes, and the old pair serves all along', async () => {
    const juju = await related(2, 2);
    for (const rotation of [1, 0, 2, 1]) {
      await juju.configure('web', { rotation });
      // The hooks of the requirer alone: its provider has not answered yet.
      for (const unit of ['web/0', 'web/1']) {
        await juju.step();
        assert.ok(requestsOf(juju, unit).every((one) => isServed(one, juju.state().now)), `${unit}, ${rotation}`);
      }
    }
    await settled(juju);
    assert.deepEqual(
      requestsOf(juju, 'web/0').map(({ state, keyName }) => [state, keyName]),
      [['answered', 'unit'], ['answered', 'application']],
    );
  });

  it('asks once and answers once where hooks are killed, before or after what they decided is applied', async () => {
    for (const applied of [false, true]) {
      const juju = csrModel({ seed: 5 });
      juju.deploy('web', 1, { wish: 2 });
      juju.deploy('ca');
      juju.integrate('web:certificates', 'ca:clients');
      for (let i = 0; i < 40; i++) {
        for (const unit of ['web/0', 'ca/0']) if (i % 3 === 0) await juju.failNextHook(unit, 1, applied);
        await juju.step();
      }
      await settled(juju);
      requestsOf(juju, 'web/0').forEach(assertExact);
      assert.equal(JSON.parse(some(bagOf(juju)['certificates'])).length, 2);
      const records = juju.log().entries.flatMap((one) => ('ran' in one && one.ran.failed !== null ? [one.ran] : []));
      assert.ok(records.length > 0);
      assert.equal(records.some(({ writes }) => writes.length > 0), applied);
    }
  });

  it('takes several requests of the application at once', async () => {
    const juju = await related(6, 2);
    const [one, other] = ['web/0', 'web/1'].map((unit) => requestsOf(juju, unit));
    assert.deepEqual(one?.map(({ state, bag }) => [state, bag]), [
      ['answered', 'application'],
      ['answered', 'application'],
      ['answered', 'application'],
    ]);
    one.forEach(assertExact);
    assert.equal(new Set(certificatesOf(juju, 'web/0')).size, 3);
    assert.deepEqual(other?.map(({ certificate }) => certificate), certificatesOf(juju, 'web/0'));
  });

  it('refuses with code 201 while the clock stands before the CA begins, and answers once it is right', async () => {
    const juju = await related(0);
    const { now } = juju.state();
    await juju.setTime('2025-11-01T00:00:00Z');
    await juju.configure('web', { wish: 1 });
    await settled(juju);
    const [server, client] = requestsOf(juju, 'web/0');
    assert.deepEqual([server?.state, client?.state], ['answered', 'denied']);
    assert.deepEqual([client?.denied?.code, client?.denied?.name], [201, 'server_not_available']);
    assert.match(some(client?.denied?.message), /which is in the future: a clock is wrong/);
    await juju.setTime(now);
    await juju.wake('ca/0', 'update-status');
    await settled(juju);
    requestsOf(juju, 'web/0').forEach(assertExact);
  });
});

describe('a secret of the model', () => {
  it('is there once the hook that made it has ended well, with a revision for each content', async () => {
    const juju = alone(keeping(({ secrets, hook }) => secrets.set('unit', 'a', { hook: hook.name })));
    juju.deploy('web');
    await juju.failNextHook('web/0');
    await juju.step();
    assert.deepEqual(juju.state().secrets, {});
    await settled(juju);
    const secret = juju.state().secrets['web/0']?.['a'];
    assert.deepEqual(secret, { content: { hook: 'start' }, revision: 4, expire: null });
    const told = juju.log().entries.flatMap((one) => ('ran' in one ? one.ran.secrets : []));
    assert.deepEqual(
      told.map(({ owner, label, revision }) => [owner, label, revision]),
      [1, 2, 3, 4].map((n) => ['web/0', 'a', n]),
    );
  });

  it('shows a hook what it has changed itself', async () => {
    const seen: Array<unknown> = [];
    const juju = alone(keeping(({ secrets }) => {
      secrets.set('unit', 'a', { n: '1' });
      seen.push(secrets.get('unit', 'a'));
      secrets.remove('unit', 'a');
      seen.push(secrets.get('unit', 'a'));
    }));
    juju.deploy('web');
    await juju.step();
    assert.deepEqual(seen, [{ n: '1' }, null]);
    assert.deepEqual(juju.state().secrets, {});
  });

  it('of an application is written by its leader alone, and read by all', async () => {
    const seen = new Map<string, unknown>();
    const juju = alone(keeping(({ secrets, hook, state }) => {
      seen.set(hook.unit, secrets.get('application', 'a'));
      if (state.snapshot.isLeader || hook.name === 'update-status') secrets.set('application', 'a', { by: hook.unit });
    }));
    juju.deploy('web', 2);
    await settled(juju);
    await juju.wake('web/1', 'update-status');
    const { failing } = await settled(juju, 3);
    assert.deepEqual(seen.get('web/1'), { by: 'web/0' });
    assert.deepEqual(failing.map(({ reason }) => reason), [
      'it changed the application\'s secret "a", which only the leader may',
    ]);
  });

  it('gives its owner one hook when it expires, and is gone after it unless it got more time', async () => {
    const [first, second] = ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];
    const juju = alone(keeping(({ secrets, hook, state: { snapshot: { isLeader } } }) => {
      if (hook.name === 'start') secrets.set('unit', 'a', {}, first as never);
      if (hook.name === 'start' && isLeader) secrets.set('application', 'b', {}, first as never);
      if (hook.secret?.label === 'b') secrets.set('application', 'b', {}, second as never);
    }));
    juju.deploy('web', 2);
    await settled(juju);
    const before = juju.log().entries.length;
    await juju.advance(DAY);
    assert.deepEqual(
      pending(juju.state()).map(({ unit, secret }) => [unit, secret?.owner, secret?.label]).sort(),
      [['web/0', 'application', 'b'], ['web/0', 'unit', 'a'], ['web/1', 'unit', 'a']],
    );
    await settled(juju);
    assert.deepEqual(hooksOf(juju, 'web/0', before), ['secret-expired', 'secret-expired']);
    assert.deepEqual(juju.state().secrets, { web: { b: some(juju.state().secrets['web']?.['b']) } });
    assert.equal(juju.state().secrets['web']?.['b']?.expire, second);
  });

  it('goes with its unit, or when somebody removes it', async () => {
    const juju = alone(keeping(({ secrets, hook }) => {
      if (hook.name === 'install') secrets.set('unit', 'a', {});
    }));
    juju.deploy('web', 2);
    await settled(juju);
    await juju.removeSecret('web/0', 'a');
    assert.deepEqual(Object.keys(juju.state().secrets), ['web/1']);
    assert.equal(
      refusedWith(await juju.apply({ event: 'remove-secret', owner: 'web/1', label: 'b' })),
      'web/1 has no secret "b": there is a',
    );
    await juju.removeUnit('web/1');
    await settled(juju);
    assert.deepEqual(juju.state().secrets, {});
  });

  it('wakes a unit at the moment that its charm names, and never for a moment that it names no more', async () => {
    let until: string | null = '2026-01-02T00:00:00Z';
    const juju = alone(async (context) => ({ ...(await watching(context)), until: until as never }));
    juju.deploy('web');
    await settled(juju);
    await juju.advance(DAY - 1);
    assert.deepEqual(pending(juju.state()), []);
    await juju.advance(1);
    assert.deepEqual(pending(juju.state()).map(({ name }) => name), ['secret-expired']);
    until = '2026-01-03T00:00:00Z';
    await settled(juju);
    until = null;
    await juju.wake('web/0', 'update-status');
    await settled(juju);
    await juju.advance(10 * DAY);
    assert.deepEqual(pending(juju.state()), []);
  });

  it('wakes by wakeAt where that is before what the outcome says', async () => {
    const juju = alone(handlerOf(plain, () => ({ intent: { writes: [] }, wakeAt: '2026-01-02T00:00:00Z' as never })));
    juju.deploy('web');
    await settled(juju);
    assert.equal(juju.state().secrets['web/0']?.['tls-certificates-wake']?.expire, '2026-01-02T00:00:00Z');
  });
});
