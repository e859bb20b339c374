/**
 * Charms for tests of the model: one that shows what it sees and writes what it is told, one that asks, one that answers.
 *
 * @module
 */
import {
  type Application,
  handlerOf,
  type HookContext,
  type LogEntry,
  type Model,
  model,
  type ModelError,
  type ModelHandler,
  type Settled,
} from '../../../adapters/memory/mod.ts';
import {
  intentOf,
  newRequests,
  type PrivateKey,
  provides,
  type ProvidesRequest,
  type Publication,
  publish,
  type RelationId,
  requestClientCert,
  requestServerCert,
  requires,
  setCa,
  setCert,
  type Side,
  type Snapshot,
  type Write,
} from '../../../mod.ts';

/** What {@link plain} is told. */
export interface PlainIntent {
  readonly writes: ReadonlyArray<Write>;
}

/** A side that writes what it is told, shows what it has seen, and counts its runs in the memory. */
export const plain: Side<'test/plain', PlainIntent, Snapshot> = {
  name: 'test/plain',
  // No test decodes an intent of it.
  intent: requires.intent as never,
  nothing: { writes: [] },
  decide: (snapshot, { writes }, memory) => ({
    writes,
    flags: { set: [], clear: [] },
    memory: {
      flags: memory.flags,
      digests: {
        ...memory.digests,
        [snapshot.endpoint]: `${Number(memory.digests[snapshot.endpoint] ?? 0) + 1}` as never,
      },
    },
    until: null,
    view: snapshot,
    findings: [],
  }),
};

/** A write to a unit's databag. */
export const writeOf = (
  relationId: string,
  set: Readonly<Record<string, string>>,
  bag: Write['bag'] = 'unit',
): Write => ({ relationId: relationId as RelationId, bag, set, delete: [] });

/** A handler that writes the same to all relations of its endpoint. */
export const writing = (set: (context: HookContext) => Readonly<Record<string, string>>): ModelHandler =>
  handlerOf(plain, (context) => ({
    intent: { writes: context.state.snapshot.relations.map(({ id }) => writeOf(id, set(context))) },
  }));

/** A handler that writes nothing. */
export const watching: ModelHandler = writing(() => ({}));

/** A handler that writes what the configuration says: `unit` and `application` are keys and values of either databag. */
export const configured: ModelHandler = handlerOf(plain, ({ config, state: { snapshot } }) => {
  const entryOf = (value: unknown) => (Array.isArray(value) ? { [String(value[0])]: String(value[1]) } : {});
  const bags = snapshot.isLeader ? (['unit', 'application'] as const) : (['unit'] as const);
  const writes = snapshot.relations.flatMap(({ id }) => bags.map((bag) => writeOf(id, entryOf(config[bag]), bag)));
  return { intent: { writes } };
});

/** A requirer that asks for what its configuration names, and has dealt with each change as it comes. */
export const asking: ModelHandler = handlerOf(requires, ({ hook, config }) => {
  const names = Array.isArray(config['names']) ? config['names'].map(String) : [hook.unit.replace('/', '-')];
  const sans = Array.isArray(config['sans']) ? config['sans'].map(String) : [];
  const wishes = names.flatMap((name) => [requestServerCert(name, sans), requestClientCert(name, sans)]);
  const intent = intentOf(...wishes);
  return {
    intent,
    react: ({ memory }) => ({
      ...intent,
      handled: memory.flags.filter((flag) => flag.endsWith('.changed')),
    }),
  };
});

/** A certificate that tells of the names that it is for, and a key that no test wants to find elsewhere. */
const issued = (request: ProvidesRequest): Publication =>
  // What looks like a key to a test is one.
  setCert(request, `CERT ${request.commonName} ${request.sans.join()}`, `SECRET ${request.unitName}` as PrivateKey);

/** A provider that answers all requests as they come. */
export const answering: ModelHandler = handlerOf(provides, ({ config }) => {
  const ca = setCa(String(config['ca'] ?? 'CA'));
  return {
    intent: publish(ca),
    react: ({ view }) => publish(ca, ...newRequests(view).map(issued)),
  };
});

/** Two applications of these handlers: `web` requires `certificates`, `easyrsa` provides `client`. */
export const applicationsOf = (
  certificates: ModelHandler,
  client: ModelHandler,
): Readonly<Record<'web' | 'easyrsa', Application>> => ({
  web: { requires: { certificates } },
  easyrsa: { provides: { client } },
});

/** A model of both. */
export const modelOf = (certificates: ModelHandler, client: ModelHandler, seed = 1): Model =>
  model({ seed, applications: applicationsOf(certificates, client) });

/** A value that has to be there. */
export const some = <A>(value: A | null | undefined): A => {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
};

/** Settles, which has to be possible. */
export const settled = async (juju: Model, limit?: number): Promise<Settled> => {
  const result = await juju.settle(limit);
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

/** Runs hooks one by one until something is so. */
export const until = async (juju: Model, isSo: () => boolean): Promise<void> => {
  for (let hooks = 0; !isSo(); hooks++) {
    if (hooks === 1_000 || await juju.step() === null) throw new Error('it never came to be so');
  }
};

/** Does something while a unit is held up by a hook that fails; afterwards the hook may end well. */
export const holdUp = async (juju: Model, unit: string, work: () => Promise<void>): Promise<void> => {
  juju.failNextHook(unit, 1_000);
  juju.wake(unit, 'update-status');
  await until(juju, () => some(juju.unit(unit)).failed !== null);
  await work();
  await juju.failNextHook(unit, 0);
};

/** A refusal's sentence; empty where nothing was refused. */
export const refusedWith = (
  result: { readonly _tag: 'Left'; readonly left: ModelError } | { readonly _tag: 'Right' },
) => result._tag === 'Left' ? result.left.message : '';

/** The hooks of a unit, each with its remote unit, and whether it failed; from entry `since` of the log on. */
export const hooksOf = (juju: Model, unit: string, since = 0): ReadonlyArray<string> =>
  juju.log().entries.slice(since).flatMap((entry: LogEntry) =>
    'ran' in entry && entry.ran.hook.unit === unit
      ? [
        [entry.ran.hook.name, entry.ran.hook.remoteUnit, entry.ran.failed === null ? undefined : 'failed']
          .filter((part) => part !== undefined).join(' '),
      ]
      : []
  );
