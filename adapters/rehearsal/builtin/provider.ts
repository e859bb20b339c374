/**
 * `builtin:provider`: the fake provider as a charm. It is a CA that can also do wrong on demand.
 *
 * Its leader does the work. Its state stays in this process, as the keys of a real CA would stay in a secret.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { openPolicy } from '../../../core/authority/mod.ts';
import type { RelationId, UnitName } from '../../../core/model/names.ts';
import type { Databag, Relation } from '../../../core/model/snapshot.ts';
import { environmentOf } from '../../juju/environment.ts';
import { secretFileIn } from '../../juju/secret-file.ts';
import { type HookTools, hookTools } from '../../juju/tools.ts';
import { caughtUp } from '../../provider/caught-up.ts';
import { type Fault, FAULTS_OF } from '../../provider/fault.ts';
import { openProvider, type Provider, withNewCa, type Working } from '../../provider/provider.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import { withoutJujuKeys } from '../juju/juju-keys.ts';
import type { CharmFunction } from '../juju/seen.ts';
import type { SpokenByOurs } from '../scenario/scenario.ts';
import { orFail, ToolFailed } from './or-fail.ts';

/** Where the charm is deployed. */
export interface BuiltinProvider {
  readonly application: string;
  readonly endpoint: string;
  readonly protocol: SpokenByOurs;
  readonly now: () => Date;
}

/** The charm, and how to control it. */
export interface ProviderCharm {
  readonly charm: CharmFunction;
  /** Sets what it does wrong from now on. */
  readonly setFaults: (faults: ReadonlyArray<Fault>) => void;
  /** Replaces its CA in the next hook. */
  readonly replaceCa: () => void;
}

/** The key that only a requirer of the CSR protocol writes. */
const CSRS = 'certificate_signing_requests';

/** A relation before anything is published on it. */
const fresh = (id: RelationId): Relation => ({
  id,
  localUnitData: {},
  localApplicationData: {},
  remoteApplicationData: {},
  remoteUnits: {},
});

/** What to write so that `now` becomes `wanted`. An empty value deletes a key. */
const difference = (now: Databag, wanted: Databag): Databag => ({
  ...Object.fromEntries(Object.keys(now).filter((key) => !Object.hasOwn(wanted, key)).map((key) => [key, ''])),
  ...Object.fromEntries(Object.entries(wanted).filter(([key, value]) => now[key] !== value)),
});

/** What the charm sees of a relation. */
interface SeenRelation {
  readonly relation: Relation;
  readonly ownUnit: Databag;
  readonly ownApplication: Databag;
}

const see = async (tools: HookTools, id: RelationId, unit: UnitName, application: string): Promise<SeenRelation> => {
  const far = await orFail(tools.relationApplication(id));
  const remoteUnits: Record<UnitName, Databag> = {};
  for (const one of await orFail(tools.relationList(id))) {
    remoteUnits[one] = await orFail(tools.relationGet(id, { unit: one }));
  }
  return {
    relation: {
      ...fresh(id),
      // The tool returns Juju's own name.
      remoteApplication: far as NonNullable<Relation['remoteApplication']>,
      remoteApplicationData: await orFail(tools.relationGet(id, { application: far })),
      remoteUnits,
    },
    ownUnit: withoutJujuKeys(await orFail(tools.relationGet(id, { unit }))),
    ownApplication: await orFail(tools.relationGet(id, { application })),
  };
};

/** Which protocol a relation uses. A requirer that has published nothing counts as CSR until it does. */
const protocolOn = (spoken: SpokenByOurs, { remoteApplicationData, remoteUnits }: Relation): ProtocolName => {
  if (spoken !== 'any') return spoken;
  const bags = [remoteApplicationData, ...Object.values<Databag>(remoteUnits)];
  const isReactive = bags.some((bag) => Object.hasOwn(bag, 'unit_name') && !Object.hasOwn(bag, CSRS));
  return isReactive ? 'reactive' : 'csr';
};

/** Makes the charm. */
export const builtinProvider = ({ application, endpoint, protocol, now }: BuiltinProvider): ProviderCharm => {
  const engines = new Map<ProtocolName, Provider>();
  let faults: ReadonlyArray<Fault> = [];
  let replacements = 0;
  let replaced = 0;
  const working = (): Working => ({
    now: now(),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    pause: () => {},
  });

  const engineOf = async (name: ProtocolName): Promise<Provider> => {
    const known = engines.get(name);
    if (known !== undefined) return known;
    const ca = { commonName: `${application} CA` };
    const opened = await openProvider({ ca, policy: openPolicy, protocol: name, faults: [] }, working());
    if (E.isLeft(opened)) throw new Error(`the CA of ${application} cannot be made: ${JSON.stringify(opened.left)}`);
    return opened.right;
  };

  /** What the provider publishes on the relations of one protocol. */
  const answer = async (
    name: ProtocolName,
    seen: ReadonlyArray<SeenRelation>,
    unit: UnitName,
    caller: UnitName | null,
  ) => {
    let engine = await engineOf(name);
    if (replacements > replaced) {
      const renewed = await withNewCa(engine, working());
      if (E.isRight(renewed)) engine = renewed.right;
    }
    const { snapshot } = engine.good;
    const relations = seen.map(({ relation }): Relation => {
      const before = snapshot.relations.find(({ id }) => id === relation.id) ?? fresh(relation.id);
      const { localUnitData, localApplicationData = {} } = before;
      return { ...relation, localUnitData, localApplicationData };
    });
    const good = { ...engine.good, snapshot: { ...snapshot, localUnit: unit, relations } };
    const fitting = faults.filter(({ fault }) => FAULTS_OF[name].includes(fault));
    const after = await caughtUp({ ...engine, good, faults: fitting }, caller, working());
    engines.set(name, after);
    return after.shown;
  };

  const work: CharmFunction = async (env, run, complain = () => {}) => {
    const environment = environmentOf(env);
    if (E.isLeft(environment)) {
      complain(environment.left.message);
      return 3;
    }
    const { unit, relation } = environment.right;
    const tools = hookTools(run, secretFileIn(environment.right.charmFolder));
    if (!(await orFail(tools.isLeader))) {
      await orFail(tools.statusSet('active', 'not the leader'));
      return 0;
    }
    const seen: Array<SeenRelation> = [];
    for (const id of await orFail(tools.relationIds(endpoint))) seen.push(await see(tools, id, unit, application));
    const caller = relation?.remoteUnit ?? null;
    const names: ReadonlyArray<ProtocolName> = protocol === 'any' ? ['csr', 'reactive'] : [protocol];
    for (const name of names) {
      const mine = seen.filter((one) => protocolOn(protocol, one.relation) === name);
      if (mine.length === 0 && !engines.has(name)) continue;
      const shown = await answer(name, mine, unit, caller);
      for (const { relation: { id }, ownUnit, ownApplication } of mine) {
        const wanted = shown.get(id) ?? { unit: {}, application: {} };
        const [inUnit, inApplication] = [
          difference(ownUnit, wanted.unit),
          difference(ownApplication, wanted.application),
        ];
        if (Object.keys(inUnit).length > 0) await orFail(tools.relationSet(id, 'unit', inUnit));
        if (Object.keys(inApplication).length > 0) await orFail(tools.relationSet(id, 'application', inApplication));
      }
    }
    replaced = replacements;
    await orFail(tools.statusSet('active', ''));
    return 0;
  };

  const charm: CharmFunction = async (env, run, complain = () => {}) => {
    try {
      return await work(env, run, complain);
    } catch (error) {
      // Anything else, such as a kill, is not the charm's to handle.
      if (!(error instanceof ToolFailed)) throw error;
      complain(error.message);
      return 3;
    }
  };

  return {
    charm,
    setFaults: (next) => void (faults = next),
    replaceCa: () => void replacements++,
  };
};
