/**
 * Holding a charm against the conversations.
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

/** All conversations, by the end that is under test. */
export const CONVERSATIONS: Readonly<Record<TestedRole, ReadonlyArray<Conversation>>> = {
  requirer: REQUIRER_CONVERSATIONS,
  provider: PROVIDER_CONVERSATIONS,
};

/** What came of a conversation. */
export interface Verdict {
  readonly name: string;
  readonly rule: string;
  readonly source: string;
  readonly protocol: ProtocolName;
  readonly verdict: 'kept' | 'broken' | 'left out';
  /** Why it is not kept; empty where it is. */
  readonly why: string;
}

/** What may be told to it. */
export interface ConformOptions extends Omit<RehearsalOptions, 'replay' | 'killAt' | 'steps' | 'onTold'> {
  readonly role: TestedRole;
  /** The application under test; the first whose endpoint is of that role unless said. */
  readonly application?: string;
  /** The protocols to try; those that the charm speaks unless said. */
  readonly protocols?: ReadonlyArray<ProtocolName>;
  /** Conversations whose names have this in them; all unless said. */
  readonly only?: string;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** The name of our application on the other side. */
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

/** The endpoint that a charm's folder declares; null where it is no charm, which its rehearsal tells. */
const declaredIn = (folder: string): string | null => {
  try {
    return readCharm(folder).certificates[0] ?? null;
  } catch {
    return null;
  }
};

/** The application under test with its endpoint, as the scenario's first relation or the charm has it. */
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

/** Whether the charm says anything in a protocol: what it never asks, or never answers, need not be tried. */
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
 * Holds the charm of a scenario against all conversations of its role, and gives a verdict of each. The application under test is the
 * scenario's; the other side is ours. A `config` step of the scenario says what changes its requests.
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
      inputError([{ path: 'applications', message: `there is no ${role} to try: name one that is not ours` }]),
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
      // Several rules may be about one conversation.
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
      ? 'the charm speaks neither protocol with ours: rehearse a scenario to see why'
      : 'no conversation has this name',
  }]));
};
