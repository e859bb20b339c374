/**
 * The steps of a scenario: what happens to the model, one after the other.
 *
 * A step changes the model and runs no hook; `settle`, `expect` and the end of the scenario run all that are due.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  type Decoder,
  decoder,
  isObject,
  listOf,
  mapOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  required,
  text,
} from '../../../core/model/codec.ts';
import { at } from '../../../core/model/decoder.ts';
import type { AsJson, Schema } from '../../../core/model/schema.ts';
import { FAULT_NAMES, type FaultName, FAULTS } from '../../provider/fault.ts';
import { Duration } from './duration.ts';
import { ApplicationOf, Expectation, Unit } from './expectation.ts';

/** What a provider of ours does wrong from now on; `well` ends all of it. */
export interface FaultStep {
  readonly provider: string;
  readonly answer: FaultName | 'well';
  readonly unit?: string;
  readonly certType?: CertType;
  readonly commonName?: string;
  /** With `ends-soon`. */
  readonly days?: number;
  /** With `denied`. */
  readonly code?: number;
}

/** A hook that is killed: the next of the unit that makes such a call. */
export interface KillStep {
  readonly unit: string;
  /** `any tool call`, `every tool call`, a tool, or the number of a call, counted from 1. */
  readonly at: string | number;
  /** Hooks of this name only. */
  readonly hook?: string;
}

/** An action that is run at once, and what it gives back. */
export interface ActionStep {
  readonly unit: string;
  readonly run: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Parts of the results, by key. */
  readonly results?: Readonly<Record<string, string>>;
  /** Part of what it fails with. */
  readonly fails?: string;
}

/** A whole table of what steps are there, each with what stands under its name. */
export interface Steps {
  readonly expect: Expectation;
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly fault: FaultStep;
  readonly leader: string;
  readonly advance: Duration;
  readonly kill: KillStep;
  readonly 'add-unit': string;
  readonly 'remove-unit': string;
  readonly relate: ReadonlyArray<string>;
  readonly 'remove-relation': ReadonlyArray<string>;
  readonly upgrade: Readonly<Record<string, string>>;
  readonly action: ActionStep;
  readonly 'replace-ca': string;
}

/** The name of a step that has something under it. */
export type StepName = keyof Steps;

/** A step. */
export type Step =
  | { readonly is: 'settle' }
  | {
    readonly [N in StepName]: { readonly is: N; readonly what: Steps[N] };
  }[StepName];

const anything: Decoder<unknown, unknown> = decoder('any value', { kind: 'anything' }, (u) => t.success(u));

const Fault: Decoder<FaultStep, AsJson<FaultStep>> = object<FaultStep>('closed', {
  provider: required(ApplicationOf, 'An application whose charm is `builtin:provider`.'),
  answer: required(
    oneOf(...FAULT_NAMES, 'well'),
    `What is done wrong. ${
      Object.entries(FAULTS).map(([name, words]) => `${name}: ${words}`).join('; ')
    }; well: nothing any more.`,
  ),
  unit: omittable(Unit, 'Requests of this unit only.'),
  certType: omittable(oneOf(...CERT_TYPES), 'Requests of this kind only.'),
  commonName: omittable(text(), 'Requests for this common name only.'),
  days: omittable(numberIn('days above 0 and up to 3650', { above: 0, upTo: 3_650 }), 'With ends-soon.'),
  code: omittable(
    numberIn('a whole number from 100 to 999', { whole: true, from: 100, upTo: 999 }),
    'With denied: the error code.',
  ),
});

const calls = numberIn('the number of a call, from 1', { whole: true, from: 1, upTo: 10_000 });

const At: Decoder<string | number> = decoder(
  '"any tool call", "every tool call", a tool such as "relation-set", or the number of a call',
  { kind: 'choice', among: [{ kind: 'text' }, calls.schema] },
  (u, c): t.Validation<string | number> => (typeof u === 'string' ? t.success(u) : calls.validate(u, c)),
);

const Kill: Decoder<KillStep, AsJson<KillStep>> = object<KillStep>('closed', {
  unit: required(Unit, 'Whose hook is killed.'),
  at: required(
    At,
    'Where: `any tool call` lets the seed choose; `every tool call` kills the hook at its first call, then at its second, and so on until it ends; a tool: at the first call of it; a number: at that call.',
  ),
  hook: omittable(text(), 'Hooks of this name only.'),
});

const Action: Decoder<ActionStep, AsJson<ActionStep>> = object<ActionStep>('closed', {
  unit: required(Unit),
  run: required(text(), 'The action.'),
  parameters: omittable(mapOf(anything)),
  results: omittable(mapOf(text()), 'Parts of the results by key, e.g. `certificates.count`.'),
  fails: omittable(text(), 'A part of the message that it fails with; it has to end well unless given.'),
});

const ends = listOf(text('an endpoint such as "web:certificates"'));

const DECODERS: { readonly [N in StepName]: { readonly doc: string; readonly decoder: Decoder<Steps[N], never> } } = {
  expect: { doc: 'Runs all hooks that are due, and looks.', decoder: Expectation },
  config: { doc: 'Sets options of applications, as `juju config` does.', decoder: mapOf(mapOf(anything)) },
  fault: { doc: 'Has a provider of ours do something wrong from now on.', decoder: Fault },
  leader: { doc: 'Makes this unit the leader of its application.', decoder: Unit },
  advance: {
    doc: 'Puts the clock forward: what expires by then does, and every unit runs update-status.',
    decoder: Duration,
  },
  kill: { doc: 'Kills a hook of the unit; Juju runs it again.', decoder: Kill },
  'add-unit': { doc: 'Adds a unit to an application.', decoder: ApplicationOf },
  'remove-unit': { doc: 'Removes a unit.', decoder: Unit },
  relate: { doc: 'Relates two endpoints.', decoder: ends },
  'remove-relation': { doc: 'Removes the relation between two endpoints.', decoder: ends },
  upgrade: { doc: "Replaces applications' charms by those in these folders.", decoder: mapOf(text('a folder')) },
  action: { doc: 'Runs an action of a unit, and looks at what it gives back.', decoder: Action },
  'replace-ca': { doc: 'Has a provider of ours replace its CA and answer everything anew.', decoder: ApplicationOf },
};

/** The names of all steps that have something under them: the keys of a constant table are its names. */
export const STEP_NAMES: ReadonlyArray<StepName> = Object.keys(DECODERS) as ReadonlyArray<StepName>;

const isStepName = (name: string): name is StepName => Object.hasOwn(DECODERS, name);

const expected = `"settle", or an object with one of these fields: ${STEP_NAMES.join(', ')}`;

const SCHEMA: Schema = {
  kind: 'choice',
  among: [
    { kind: 'words', words: ['settle'], doc: 'Runs hooks until nobody has anything left to do.' },
    ...STEP_NAMES.map((name): Schema => ({
      kind: 'object',
      closed: true,
      doc: DECODERS[name].doc,
      members: { [name]: { schema: DECODERS[name].decoder.schema, presence: 'required' } },
    })),
  ],
};

/** Decodes a step. */
export const Step: Decoder<Step, unknown> = named(
  'Step',
  'What happens next.',
  decoder<Step, unknown>(expected, SCHEMA, (u, c) => {
    if (u === 'settle') return t.success({ is: 'settle' });
    const [[name, value] = ['', undefined], ...others] = isObject(u) ? Object.entries(u) : [];
    if (others.length > 0 || !isStepName(name)) return t.failure(u, c, `expected ${expected}`);
    const decoded = at<Steps[StepName]>(DECODERS[name].decoder, name, value, c);
    // The decoder of a name gives what stands under it.
    return E.isLeft(decoded) ? decoded : t.success({ is: name, what: decoded.right } as Step);
  }),
);
