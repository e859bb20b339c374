/**
 * Checks a charm against the conversations.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { resolve } from 'node:path';
import process from 'node:process';
import { inputError } from '../../../core/model/input-error.ts';
import type { Problem } from '../../host.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import { readCharm } from '../charm.ts';
import type { RehearsalOptions } from '../options.ts';
import { type Rehearsal, rehearse } from '../rehearse.ts';
import type { Scenario, ScenarioApplication } from '../scenario/scenario.ts';
import { BOTH, type Cast, type Conversation, type TestedRole, type World } from './conversation.ts';
import { PROVIDER_CONVERSATIONS } from './provider.ts';
import { REQUIRER_CONVERSATIONS } from './requirer.ts';

/** All conversations, by the role of the charm under test. */
export const CONVERSATIONS: Readonly<Record<TestedRole, ReadonlyArray<Conversation>>> = {
  requirer: REQUIRER_CONVERSATIONS,
  provider: PROVIDER_CONVERSATIONS,
};

/** The result of a conversation. */
export interface Verdict {
  /** The name of the conversation. */
  readonly name: string;
  /** The rule that it checks, as a sentence. */
  readonly rule: string;
  /** Where the rule comes from: a page of this repository, or a section of an RFC. */
  readonly source: string;
  /** The protocol of the conversation. */
  readonly protocol: ProtocolName;
  /** Whether the charm kept the rule. `left out` means that it could not be tried. */
  readonly verdict: 'kept' | 'broken' | 'left out';
  /** Why the rule is broken or left out. Empty if it is kept. */
  readonly why: string;
}

/** The options of {@link conform}. */
export interface ConformOptions extends Omit<RehearsalOptions, 'replay' | 'killAt' | 'steps' | 'onTold'> {
  /** The role of the charm under test. */
  readonly role: TestedRole;
  /** The application under test. By default the first one that can have the role. */
  readonly application?: string;
  /** The protocols to try. By default those that the charm speaks. */
  readonly protocols?: ReadonlyArray<ProtocolName>;
  /** Tries only conversations whose names contain this text. By default all. */
  readonly only?: string;
  /** Called with each verdict as it is reached. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** The name of the builtin application on the other side. */
const OTHER = 'other-side';

const ours = (role: TestedRole, protocol: World['spoken'], units = 1): ScenarioApplication => ({
  charm: role === 'requirer' ? 'builtin:provider' : 'builtin:requirer',
  units,
  config: role === 'requirer' ? {} : { domain: 'web.example' },
  protocol: protocol ?? 'any',
});

/** The scenario of a conversation. */
const scenarioOf = (base: Scenario, { role, world = {}, steps }: Conversation, cast: Cast): Scenario => {
  const tested = base.applications[cast.tested];
  const { testedUnits = 1, otherUnits = 1, beside, juju = base.juju, crossModel = false, seed = 0 } = world;
  const end = `${cast.tested}:${cast.endpoint}`;
  const spoken = world.spoken ?? cast.protocol;
  const neighbour: ScenarioApplication | null = beside === undefined
    ? null
    : beside === 'requirer'
    ? ours('provider', spoken)
    : { ...ours('provider', spoken), charm: 'builtin:malformed', config: {} };
  return {
    ...base,
    applications: {
      ...(tested === undefined ? {} : { [cast.tested]: { ...tested, units: testedUnits } }),
      [OTHER]: ours(role, spoken, otherUnits),
      ...(neighbour === null ? {} : { neighbour }),
    },
    relations: [
      { ends: [end, `${OTHER}:certificates`], crossModel },
      ...(neighbour === null ? [] : [{ ends: [end, 'neighbour:certificates'], crossModel: false }]),
    ],
    steps: steps(cast),
    juju,
    seed: base.seed + seed,
    expectedFindings: base.expectedFindings,
  };
};

/** The endpoint that a charm's folder declares. Null if it is not a charm: its rehearsal then reports why. */
const declaredIn = (folder: string): string | null => {
  try {
    return readCharm(folder).certificates[0] ?? null;
  } catch {
    return null;
  }
};

/** The application under test and its endpoint. The endpoint comes from the scenario's first relation, or else from the charm. */
const testedIn = (
  { applications, relations }: Scenario,
  role: TestedRole,
  base: string,
  wanted?: string,
): { readonly tested: string; readonly endpoint: string } | null => {
  const builtin = role === 'requirer' ? 'builtin:provider' : 'builtin:requirer';
  const tested = wanted ??
    Object.entries(applications).find(([, { charm }]) => charm !== builtin && charm !== 'builtin:malformed')?.[0];
  if (tested === undefined || applications[tested] === undefined) return null;
  const end = relations.flatMap(({ ends }) => ends).find((one) => one.startsWith(`${tested}:`));
  return {
    tested,
    endpoint: end?.split(':')[1] ?? declaredIn(resolve(base, applications[tested].charm)) ?? 'certificates',
  };
};

const changeIn = ({ steps }: Scenario, tested: string): Cast['change'] => {
  for (const step of steps) if (step.is === 'config' && step.what[tested] !== undefined) return step.what[tested];
  return null;
};

/** Whether the charm speaks a protocol at all. If it never asks or never answers in it, there is nothing to try. */
const speaks = async (
  base: Scenario,
  first: Conversation,
  cast: Cast,
  options: RehearsalOptions,
): Promise<E.Either<Problem, boolean>> => {
  const played = await rehearse(scenarioOf(base, first, cast), options)();
  if (E.isLeft(played)) return played;
  const requests = played.right.examinations.examinations.flatMap((one) => one.requests);
  return E.right(requests.some(({ state }) => state === 'answered' || state === 'denied'));
};

/**
 * Checks the charm of a scenario against all conversations of its role, and gives a verdict on each. A builtin charm plays the other
 * side. A `config` step of the scenario says which options change what the charm requests.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { conform, readScenario } from 'interface-tls-certificates/rehearsal';
 * import { orThrow } from 'interface-tls-certificates';
 * const text = 'applications: { web: { charm: builtin:requirer, protocol: csr } }';
 * const scenario = await orThrow(readScenario('scenario.yaml', new TextEncoder().encode(text)));
 * const verdicts = await orThrow(conform(scenario, { role: 'requirer', protocols: ['csr'], only: 'first request' }));
 * assert.deepEqual(verdicts.map(({ name, verdict }) => [name, verdict]), [['first request', 'kept']]);
 * ```
 */
export const conform = (
  given: Scenario,
  { role, application, protocols, only = '', onVerdict, seed = given.seed, ...options }: ConformOptions,
): TaskEither<Problem, ReadonlyArray<Verdict>> =>
async () => {
  const scenario = { ...given, seed };
  const found = testedIn(scenario, role, options.base ?? process.cwd(), application);
  if (found === null) {
    return E.left(
      inputError([{
        path: 'applications',
        message:
          `there is no ${role} to try: the scenario needs an application whose charm is not the builtin one of the other side`,
      }]),
    );
  }
  const all = CONVERSATIONS[role];
  const [first] = all;
  const verdicts: Array<Verdict> = [];
  const played = new Map<string, Rehearsal>();
  for (const protocol of protocols ?? BOTH) {
    const charm = scenario.applications[found.tested]?.charm ?? '';
    const cast: Cast = { ...found, charm, change: changeIn(scenario, found.tested), other: OTHER, protocol };
    if (protocols === undefined && first !== undefined) {
      const does = await speaks(scenario, first, cast, options);
      if (E.isLeft(does)) return does;
      if (!does.right) continue;
    }
    for (const conversation of all) {
      if (!conversation.protocols.includes(protocol) || !conversation.name.includes(only)) continue;
      const tell = (verdict: Verdict['verdict'], why: string): void => {
        const { name, rule, source } = conversation;
        const one = { name, rule, source, protocol, verdict, why };
        verdicts.push(one);
        onVerdict?.(one);
      };
      const missing = conversation.needs?.(cast) ?? null;
      if (missing !== null) {
        tell('left out', missing);
        continue;
      }
      const its = scenarioOf(scenario, conversation, cast);
      // Several rules may share a conversation, which is then played once.
      const key = JSON.stringify(its);
      let rehearsal = played.get(key);
      if (rehearsal === undefined) {
        const result = await rehearse(its, options)();
        if (E.isLeft(result)) return result;
        rehearsal = result.right;
        played.set(key, rehearsal);
      }
      const why = conversation.judge(rehearsal, cast);
      tell(why === null ? 'kept' : 'broken', why ?? '');
    }
  }
  return verdicts.length > 0 ? E.right(verdicts) : E.left(inputError([{
    path: `applications.${found.tested}`,
    message: only === ''
      ? 'the charm speaks neither protocol with the builtin charm: rehearse a scenario to see why'
      : `no conversation has ${JSON.stringify(only)} in its name`,
  }]));
};
