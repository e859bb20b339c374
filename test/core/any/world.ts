/**
 * Charms of both protocols in the model: requirers that ask for the same things in one form or either, and CAs that answer.
 *
 * What stands for a charm of the Python libraries is our side of the same protocol, which replays their recordings.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { handler, type KeptKey, type Model, model, type ModelHandler, withKeys } from '../../../adapters/memory/mod.ts';
import { decideAndReact } from '../../../adapters/port.ts';
import { anyProvides, anyRequires, decide, type ViewOf } from '../../../core/any/mod.ts';
import {
  announcedBy,
  announcedToAny,
  answerAny,
  answerCsrs,
  answerRequests,
  createAuthority,
  openAuthority,
  openPolicy,
  type Policy,
  rotateAuthority,
  withSharedClient,
} from '../../../core/authority/mod.ts';
import { csrProvides, csrRequires, CsrRequiresIntent } from '../../../core/csr/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { makeMissing } from '../../../core/keyring/keyring.ts';
import { generateKey, makeRequest, type PrivateKey } from '../../../core/x509/mod.ts';
import { nothing, type Outcome, provides, requires, type RequiresIntent } from '../../../mod.ts';
import { right } from '../authority/csr-world.ts';
import { bridgeCharm } from '../bridge/model-charm.ts';
import { opsLibrary } from './ops-library.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
const moment = { now: NOW, random };

const POLICY: Policy = openPolicy;

/** A CA with its shared client certificate, which every unit of a provider knows. */
const caFor = async () => {
  const made = await right(createAuthority({ commonName: 'Test CA', keys: 'P-256' }, moment));
  const opened = await right(openAuthority(made));
  return { ...opened, state: await withSharedClient(opened, POLICY, moment)() };
};
const [FIRST, SECOND] = [await caFor(), await caFor()];

/** The first CA, once a new one has taken its place. */
const ROTATED = await (async () => {
  const opened = await right(openAuthority(
    await right(rotateAuthority(
      FIRST.state,
      {
        commonName: 'Test CA',
        keys: 'P-256',
      },
      30,
      moment,
    )),
  ));
  return { ...opened, state: await withSharedClient(opened, POLICY, moment)() };
})();

interface Held {
  readonly key: PrivateKey;
  readonly publicKey: KeptKey['publicKey'];
}

const newKey = async (): Promise<Held> => {
  const key = await right(generateKey('P-256'));
  const csr = textsOnce().csr(await right(makeRequest({ commonName: 'x', sans: [], key })));
  return { key, publicKey: csr?.publicKey ?? assert.fail('a CSR of ours cannot be read') };
};

/** The keys of an application's units, by their numbers, and of the application. */
const UNIT_KEYS = [await newKey(), await newKey(), await newKey(), await newKey()];
const APPLICATION_KEY = await newKey();

const keyOf = (unit: string): Held => UNIT_KEYS[Number(unit.split('/')[1]) % UNIT_KEYS.length] ?? assert.fail(unit);

const keysOf = ({ hook }: { readonly hook: { readonly unit: string } }): ReadonlyArray<KeptKey> => [
  { owner: 'unit', name: 'of the unit', publicKey: keyOf(hook.unit).publicKey },
  { owner: 'application', name: 'of the application', publicKey: APPLICATION_KEY.publicKey },
];

/** What a test asks for, with `{unit}` in place of the unit's name. */
export interface Wanted {
  readonly certType: string;
  readonly commonName: string;
  readonly sans?: ReadonlyArray<string>;
}

export const SERVER: Wanted = {
  certType: 'server',
  commonName: '{unit}.example',
  sans: ['10.0.0.7', '{unit}.example'],
};
export const CLIENT: Wanted = { certType: 'client', commonName: '{unit}-client' };
export const APPLICATION: Wanted = { certType: 'application', commonName: 'web.internal', sans: ['web.internal'] };
export const EVERY: ReadonlyArray<Wanted> = [
  SERVER,
  { certType: 'server', commonName: '{unit}.second', sans: ['{unit}.second'] },
  CLIENT,
  APPLICATION,
  { certType: 'intermediate', commonName: 'CA of {unit}' },
];

const requestsIn = (config: Readonly<Record<string, unknown>>, unit: string): ReadonlyArray<Wanted> =>
  JSON.parse(String(config['requests'] ?? '[]').replaceAll('{unit}', unit.replace('/', '-')));

const csrIntentOf = (requests: ReadonlyArray<Wanted>): CsrRequiresIntent => {
  const decoded = CsrRequiresIntent.decode({ requests });
  return decoded._tag === 'Right' ? decoded.right : assert.fail('the requests of a test are not valid');
};

const changesIn = ({ memory }: Outcome) => memory.flags.filter((flag) => flag.endsWith('.changed'));

const madeFor = async (requests: ViewOf<'csr/requires'>['requests'], unit: string, leads: boolean) =>
  (await right(makeMissing({ requests }, {
    keys: { unit: keyOf(unit).key, application: leads ? APPLICATION_KEY.key : null },
    random,
  }))).made;

/** Asks in whichever form the provider speaks. */
const anyAsking: ModelHandler = withKeys(
  handler(({ hook, config, state: { snapshot } }) => {
    const intent = csrIntentOf(requestsIn(config, hook.unit));
    return {
      side: anyRequires,
      intent,
      react: async (outcome: Outcome<ViewOf<'any/requires'>>) => ({
        ...intent,
        made: await madeFor(outcome.view.missing, hook.unit, snapshot.isLeader),
        handled: changesIn(outcome),
      }),
    };
  }),
  keysOf,
);

/** Asks by CSR alone, as charms on charmlibs do. */
const csrAsking: ModelHandler = withKeys(
  handler(({ hook, config, state: { snapshot } }) => {
    const intent = csrIntentOf(requestsIn(config, hook.unit));
    return {
      side: csrRequires,
      intent,
      react: async (outcome: Outcome<ViewOf<'csr/requires'>>) => ({
        ...intent,
        made: await madeFor(outcome.view.requests, hook.unit, snapshot.isLeader),
        handled: changesIn(outcome),
      }),
    };
  }),
  keysOf,
);

/** Asks by name alone, as reactive charms do. */
const reactiveAsking: ModelHandler = handler(({ hook, config }) => {
  const requests = requestsIn(config, hook.unit).map((one) => ({ ...one, sans: one.sans ?? [] }));
  // What a test asks for is of the four kinds.
  const intent: RequiresIntent = { ...nothing, requests: requests as RequiresIntent['requests'] };
  return { side: requires, intent, react: (outcome) => ({ ...intent, handled: changesIn(outcome) }) };
});

const workOf = (config: Readonly<Record<string, unknown>>) => ({
  authority: config['second'] === true ? SECOND : config['rotated'] === true ? ROTATED : FIRST,
  policy: config['refuses'] === true ? { ...POLICY, allowedNames: ['else.example'] } : POLICY,
  moment,
});

const anyAnswering: ModelHandler = handler(({ config, state: { snapshot } }) => {
  const work = workOf(config);
  const charm = { side: anyProvides, intent: announcedToAny(work) };
  return snapshot.isLeader
    ? { ...charm, react: ({ view }: Outcome<ViewOf<'any/provides'>>) => answerAny(work, view)() }
    : charm;
});

const csrAnswering: ModelHandler = handler(({ config, state: { snapshot } }) => {
  const work = workOf(config);
  const charm = { side: csrProvides, intent: csrProvides.nothing };
  return snapshot.isLeader
    ? {
      ...charm,
      react: async ({ view }: Outcome<ViewOf<'csr/provides'>>) => {
        // Older libraries know no capabilities.
        const { capabilities: _, ...intent } = await answerCsrs(work, view)();
        return intent;
      },
    }
    : charm;
});

const reactiveAnswering: ModelHandler = handler(({ config }) => {
  const work = workOf(config);
  return {
    side: provides,
    intent: announcedBy(work),
    react: ({ view }: Outcome<ViewOf<'reactive/provides'>>) => answerRequests(work, view)(),
  };
});

const silent: ModelHandler = handler(() => ({ side: provides, intent: provides.nothing }));

const opsAsking: ModelHandler = opsLibrary((config, unit) => requestsIn(config, unit));

const SPEAKING: Readonly<Record<string, readonly [requires: ModelHandler, provides: ModelHandler]>> = {
  any: [anyAsking, anyAnswering],
  csr: [csrAsking, csrAnswering],
  reactive: [reactiveAsking, reactiveAnswering],
  ops: [opsAsking, silent],
  silent: [silent, silent],
};

/** Speaks what the configuration says, so that an upgrade is a change of configuration. */
const speaking = (role: 0 | 1): ModelHandler => (context) => {
  const handlers = SPEAKING[String(context.config['speaks'])] ?? assert.fail('a charm has to be told what it speaks');
  return handlers[role](context);
};

const applications = () => ({
  web: { requires: { certificates: speaking(0) } },
  ca: { provides: { clients: speaking(1) } },
  other: { provides: { clients: speaking(1) } },
  bridge: bridgeCharm(),
});

interface RelatedOptions {
  readonly units?: number;
  readonly cas?: number;
  readonly seed?: number;
  /** How many units of a bridge there are between the two; none unless said. */
  readonly bridges?: number;
}

/** A requirer `web` and a provider `ca`, related, or with a bridge between them; what each speaks is configuration. */
export const related = async (
  speaks: { readonly web: string; readonly ca: string },
  requests: ReadonlyArray<Wanted>,
  { units = 1, cas = 1, seed = 1, bridges = 0 }: RelatedOptions = {},
): Promise<Model> => {
  const juju = model({ seed, applications: applications() });
  await juju.deploy('web', units, { speaks: speaks.web, requests: JSON.stringify(requests) });
  await juju.deploy('ca', cas, { speaks: speaks.ca });
  if (bridges > 0) await juju.deploy('bridge', bridges);
  await juju.integrate('web:certificates', bridges > 0 ? 'bridge:clients' : 'ca:clients');
  if (bridges > 0) await juju.integrate('bridge:certificates', 'ca:clients');
  return juju;
};

/** Settles, which has to be possible. */
export const rest = async (juju: Model): Promise<void> => {
  const result = await juju.settle();
  if (result._tag === 'Left') assert.fail(result.left.message);
  assert.ok(result.right.atRest, 'it comes to rest');
  assert.deepEqual(result.right.failing, []);
};

/** What a unit can read on an endpoint of either protocol. */
export const anyView = (juju: Model, unit = 'web/0'): ViewOf<'any/requires'> =>
  juju.unit(unit)?.outcome(anyRequires, 'certificates')?.view ?? assert.fail(`${unit} has not decided`);

/** The databags of a unit and of its application on a relation, as one text. */
export const published = (juju: Model, unit: string, relationId: string): string => {
  const here = juju.unit(unit);
  return JSON.stringify([here?.databag(relationId), here?.databag(relationId, 'application')]);
};

/** The keys that a unit publishes, but those that Juju puts there. */
export const keysIn = (juju: Model, unit: string, relationId: string): ReadonlyArray<string> =>
  Object.keys(juju.unit(unit)?.databag(relationId) ?? {})
    .filter((key) => !/^(?:ingress|egress|private)-/.test(key)).sort();

export { decide, decideAndReact };
