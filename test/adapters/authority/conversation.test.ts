/**
 * Random histories of a requirer and a provider on a Juju model: units come and go, wishes change, the CA is replaced, hooks fail,
 * leaders change, time goes by. Whatever happened, it comes to rest, and then everything is as it should be.
 *
 * @module
 */
import type * as model from '../../../adapters/memory/mod.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describe as describeBundle, verify } from '../../../core/x509/mod.ts';
import * as api from '../../../mod.ts';
import { commonNameOf, contentOf, conversation, type Delivery, type Wanted, wantedIn } from './conversation.ts';
import { runs } from '../../runs.ts';

type Conversation = ReturnType<typeof conversation>;

/** What may happen; numbers choose among what there is at that moment. */
type Happening =
  | { readonly do: 'add-unit' | 'fail'; readonly to: 'web' | 'ca' | number; readonly times: number }
  | { readonly do: 'remove-unit' | 'set-leader'; readonly unit: number }
  | { readonly do: 'want'; readonly wanted: ReadonlyArray<Wanted> }
  | { readonly do: 'rotate' | 'relate' | 'unrelate' }
  | { readonly do: 'days'; readonly days: number }
  | { readonly do: 'hooks'; readonly hooks: number };

const san = fc.constantFrom('10.0.0.7', 'fd00::7', 'x.example', '*.y.example');
const wanted: fc.Arbitrary<Wanted> = fc.record({
  certType: fc.constantFrom(...api.CERT_TYPES),
  name: fc.constantFrom('a.example', 'b.example', '__proto__'),
  sans: fc.uniqueArray(san, { maxLength: 2 }),
});
const wishes = fc.uniqueArray(wanted, { selector: ({ certType, name }) => `${certType} ${name}`, maxLength: 4 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('want' as const), wanted: wishes }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hooks' as const), hooks: fc.integer({ min: 1, max: 20 }) }) },
  fc.record({
    do: fc.constant('add-unit' as const),
    to: fc.constantFrom('web' as const, 'ca' as const),
    times: fc.constant(1),
  }),
  fc.record({ do: fc.constant('fail' as const), to: fc.nat(9), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('remove-unit' as const, 'set-leader' as const), unit: fc.nat(9) }),
  fc.record({ do: fc.constantFrom('relate' as const, 'unrelate' as const) }),
  { weight: 2, arbitrary: fc.constant<Happening>({ do: 'rotate' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('days' as const), days: fc.integer({ min: 1, max: 80 }) }) },
);

const history = fc.record({
  seed: fc.nat(1_000_000),
  isCrossModel: fc.boolean(),
  webUnits: fc.integer({ min: 1, max: 3 }),
  wanted: wishes,
  happenings: fc.array(happening, { maxLength: 10, size: 'max' }),
});

const unitsOf = (juju: model.Model, application?: string): ReadonlyArray<string> =>
  Object.keys(juju.state().units).filter((unit) => application === undefined || unit.startsWith(`${application}/`));

const chosen = (units: ReadonlyArray<string>, number: number): string => units[number % units.length] ?? '';

const wake = async (juju: model.Model, application: string, hook: model.Wake): Promise<void> => {
  for (const unit of unitsOf(juju, application)) await juju.apply({ event: 'wake', unit, hook });
};

/** Lets it happen. What cannot be at that moment, as removing a unit that is gone, is no matter. */
const happen = async ({ juju, rotate }: Conversation, isCrossModel: boolean, what: Happening): Promise<void> => {
  switch (what.do) {
    case 'add-unit':
      await juju.apply({ event: 'add-unit', application: String(what.to) });
      return;
    case 'fail':
      await juju.apply({ event: 'fail-next-hook', unit: chosen(unitsOf(juju), Number(what.to)), times: what.times });
      return;
    case 'remove-unit': {
      // A CA without units answers nobody, and has nobody to withdraw anything.
      const unit = chosen(unitsOf(juju), what.unit);
      const staying = unitsOf(juju, unit.split('/')[0]).filter((other) => juju.unit(other)?.life === 'alive');
      if (staying.length > 1) await juju.apply({ event: 'remove-unit', unit });
      return;
    }
    case 'set-leader':
      await juju.apply({ event: 'set-leader', unit: chosen(unitsOf(juju), what.unit) });
      return;
    case 'want':
      await juju.configure('web', { wanted: JSON.stringify(what.wanted) });
      return;
    case 'rotate':
      await rotate();
      await wake(juju, 'ca', 'config-changed');
      return;
    case 'relate':
      await juju.apply({ event: 'integrate', endpoints: ['web:certificates', 'ca:clients'], crossModel: isCrossModel });
      return;
    case 'unrelate':
      for (const number of Object.keys(juju.state().relations)) {
        await juju.apply({ event: 'remove-relation', relation: Number(number) });
      }
      return;
    case 'days':
      await juju.advance(what.days * 86_400);
      await wake(juju, 'ca', 'update-status');
      return;
    case 'hooks':
      for (let i = 0; i < what.hooks; i++) await juju.step();
  }
};

const comeToRest = async (juju: model.Model): Promise<void> => {
  const settled = await juju.settle(20_000);
  assert.ok(settled._tag === 'Right');
  assert.deepEqual([settled.right.atRest, settled.right.failing], [true, []], 'it comes to rest');
};

const answerTo = (view: api.RequiresView, { certType, name }: Wanted, unit: string): api.Certificate | undefined => {
  const commonName = commonNameOf(unit, { certType, name, sans: [] });
  const certificates = {
    server: view.serverCerts,
    client: view.clientCerts,
    application: view.applicationCerts,
    intermediate: view.intermediateCerts,
  }[certType];
  return certType === 'application' ? certificates[0] : certificates.find((c) => c.commonName === commonName);
};

/** The names that the certificate for a wish has to have: exactly these. */
const expectedNames = (unit: string, one: Wanted, all: ReadonlyArray<Wanted>): ReadonlyArray<string> => {
  const isHost = (name: string): boolean => /^[a-z0-9_.:*-]+$/.test(name);
  const names = one.certType === 'application'
    ? all.filter(({ certType }) => certType === 'application').flatMap((other) => [other.name, ...other.sans])
    : [...(one.certType === 'server' ? [commonNameOf(unit, one)] : []), ...one.sans];
  return [...new Set(names.filter(isHost))].sort();
};

const checkUnit = async (juju: model.Model, unit: string, isRelated: boolean): Promise<void> => {
  const seen = juju.unit(unit) ?? assert.fail(`there is ${unit}`);
  const view = seen.outcome(api.requires, 'certificates')?.view;
  const all = wantedIn(juju.state().applications['web']?.config ?? {});
  if (view === undefined) return;
  for (const one of isRelated ? all : []) {
    const certificate: api.Certificate = answerTo(view, one, unit) ??
      assert.fail(`${unit} has an answer to ${JSON.stringify(one)}`);
    const [described] = describeBundle(certificate.cert).certificates;
    assert.deepEqual(
      described?.sans.map(({ value }) => value).sort(),
      expectedNames(unit, one, all),
      `names of ${unit}`,
    );
    const now = new Date(juju.state().now);
    const verified = await verify({
      certificate: certificate.cert,
      ca: view.rootCaCert ?? '',
      now,
      purpose: one.certType,
    })();
    assert.equal(verified._tag, 'Right', `${unit} can trust the answer to ${JSON.stringify(one)}`);
  }
  const counted = view.serverCerts.length + view.clientCerts.length + view.applicationCerts.length +
    view.intermediateCerts.length;
  const kinds = isRelated ? all.filter(({ certType }) => certType !== 'application').length : 0;
  const shared = isRelated && all.some(({ certType }) => certType === 'application') ? 1 : 0;
  assert.equal(counted, kinds + shared, `${unit} has no certificate that it did not ask for`);
  assert.deepEqual(
    seen.flags.map((flag) => flag.replace('certificates.', '')),
    expectedFlags(view, isRelated),
    `flags of ${unit}`,
  );
};

/** Section 6 of the protocol, for a charm that deals with every change. */
const expectedFlags = (view: api.RequiresView, isJoined: boolean): ReadonlyArray<string> => {
  const { rootCaCert, serverCerts, clientCerts, applicationCerts, intermediateCerts } = view;
  const [server, client, application, intermediate] = [serverCerts, clientCerts, applicationCerts, intermediateCerts]
    .map(({ length }) => length > 0);
  return [
    ...(isJoined ? ['available'] : []),
    // The pair that everybody gets comes with the CA.
    ...(rootCaCert !== null ? ['ca.available', 'client.cert.available'] : []),
    ...(server ? ['server.certs.available', 'server.cert.available', 'batch.cert.available'] : []),
    ...(client ? ['client.certs.available'] : []),
    ...(application ? ['application.certs.available'] : []),
    ...(intermediate ? ['intermediate.certs.available'] : []),
    ...(server || client || intermediate ? ['certs.available'] : []),
  ].sort();
};

/** No answer without a request, read from the databags alone. */
const checkAnswers = (juju: model.Model): void => {
  const { relations } = juju.state();
  for (const { requires, provides } of Object.values(relations)) {
    const asking = new Map(Object.values(requires.units).map((bag) => [bag['unit_name'] ?? '', bag]));
    for (const bag of Object.values(provides.units)) {
      for (const [key, value] of Object.entries(bag)) {
        const [, unit = '', kind = ''] = /^(.+)\.(server\.cert|server\.key|processed_.*requests)$/.exec(key) ?? [];
        if (unit === '') continue;
        const asked = asking.get(unit) ?? assert.fail(`${key} answers a unit that is there`);
        if (kind.startsWith('server.')) assert.ok(asked['common_name'] !== undefined, key);
        else if (kind !== 'processed_application_requests') {
          const requests = JSON.parse(
            asked[kind.replace('processed_', '').replace('requests', 'cert_requests').replace(/^cert_cert/, 'cert')] ??
              '{}',
          );
          for (const name of Object.keys(JSON.parse(value))) assert.ok(Object.hasOwn(requests, name), `${key} ${name}`);
        } else {
          assert.ok([...asking.values()].some((b) => b['application_cert_requests'] !== undefined), key);
        }
      }
    }
  }
};

/** Each change once: no two deliveries of the same in a row, and the last one is what is there now. */
const checkDeliveries = (juju: model.Model, delivered: ReadonlyArray<Delivery>): void => {
  const last = new Map<string, string | null>();
  for (const { unit, topic, content } of delivered) {
    const before = last.get(`${unit} ${topic}`);
    if (content !== null) assert.notEqual(content, before, `${unit} was told of the same ${topic} twice`);
    last.set(`${unit} ${topic}`, content);
  }
  for (const unit of unitsOf(juju, 'web')) {
    const seen = juju.unit(unit) ?? assert.fail(`there is ${unit}`);
    const view = seen.outcome(api.requires, 'certificates')?.view;
    for (const flag of seen.flags.filter((name) => name.endsWith('.available'))) {
      const topic = flag.replace('certificates.', '').replace('.available', '');
      if (view === undefined || !last.has(`${unit} ${topic}`)) continue;
      assert.equal(last.get(`${unit} ${topic}`), contentOf(topic, view), `${unit} was told of ${topic} as it is`);
    }
  }
};

/** Private keys are in the provider's databags, and in what units saw and decided; the CA's key is nowhere. */
const checkSecrets = async ({ juju, keeper }: Conversation): Promise<void> => {
  const state = juju.state();
  const kept = await api.orThrow(keeper.load);
  const line = kept?.key.split('\n')[1] ?? 'there is no CA yet';
  assert.ok(!JSON.stringify(state).includes(line), "the CA's key is nowhere in the model");
  const elsewhere = [
    Object.values(state.units).map(({ memory, failed }) => [memory, { ...failed, remoteUnitData: null }]),
    Object.values(state.relations).map(({ requires, provides }) => [requires, provides.applicationData]),
    state.applications,
    juju.log(),
  ];
  assert.doesNotMatch(JSON.stringify(elsewhere), /PRIVATE KEY/);
};

const check = async (talk: Conversation): Promise<void> => {
  const { juju, delivered } = talk;
  const isRelated = Object.keys(juju.state().relations).length > 0;
  for (const unit of unitsOf(juju, 'web')) await checkUnit(juju, unit, isRelated);
  const flags = unitsOf(juju, 'ca').map((unit) => juju.unit(unit)?.flags);
  for (const own of flags) assert.deepEqual(own, isRelated ? ['clients.available'] : []);
  checkAnswers(juju);
  checkDeliveries(juju, delivered);
  await checkSecrets(talk);
};

describe('a conversation on a model', () => {
  it('comes to rest after whatever happened, with every request answered and every change told once', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ seed, isCrossModel, webUnits, wanted, happenings }) => {
        const talk = conversation(seed);
        const { juju } = talk;
        juju.deploy('web', webUnits, { wanted: JSON.stringify(wanted) });
        juju.deploy('ca');
        juju.integrate('web:certificates', 'ca:clients', { crossModel: isCrossModel });
        for (const what of happenings) await happen(talk, isCrossModel, what);
        // Whatever the history was, a new CA and the end of a certificate's time come after it.
        for (const what of [{ do: 'hooks', hooks: 0 }, { do: 'rotate' }, { do: 'days', days: 100 }] as const) {
          await happen(talk, isCrossModel, what);
          await comeToRest(juju);
          await wake(juju, 'ca', 'update-status');
          await comeToRest(juju);
          await check(talk);
        }
      }),
      runs(40),
    );
  });
});
