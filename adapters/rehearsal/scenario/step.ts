/**
 * The steps of a scenario: what happens to the model, in order.
 *
 * Most steps only change the model. `settle`, `expect`, `action` and the end of the scenario run the hooks that are due.
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

/** What a builtin provider does wrong from now on. */
export interface FaultStep {
  /** The application of the provider. */
  readonly provider: string;
  /** What it does wrong. `well` ends all its faults. */
  readonly answer: FaultName | 'well';
  /** Only for requests of this unit. */
  readonly unit?: string;
  /** Only for requests for this type of certificate. */
  readonly certType?: CertType;
  /** Only for requests for this common name. */
  readonly commonName?: string;
  /** With `ends-soon`: for how many days its certificates are still valid. */
  readonly days?: number;
  /** With `denied`: the error code. */
  readonly code?: number;
}

/** Kills a hook: the unit's next one that makes such a call. */
export interface KillStep {
  /** The unit, e.g. `web/0`. */
  readonly unit: string;
  /** Before which call: `any tool call`, `every tool call`, the name of a tool, or the number of a call, counted from 1. */
  readonly at: string | number;
  /** Only a hook of this name. */
  readonly hook?: string;
}

/** Runs an action at once, and checks what it returns. */
export interface ActionStep {
  /** The unit, e.g. `web/0`. */
  readonly unit: string;
  /** The name of the action. */
  readonly run: string;
  /** Its parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** A part of each expected result, by key. */
  readonly results?: Readonly<Record<string, string>>;
  /** A part of the message that it fails with. If absent, the action must succeed. */
  readonly fails?: string;
}

/** The steps that take a value, each with the type of that value. */
export interface Steps {
  /** Runs hooks that are due, and checks a unit. */
  readonly expect: Expectation;
  /** Sets options, by application and option. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Makes a builtin provider do something wrong. */
  readonly fault: FaultStep;
  /** Makes this unit the leader. */
  readonly leader: string;
  /** Puts the clock forward. */
  readonly advance: Duration;
  /** Kills a hook. */
  readonly kill: KillStep;
  /** Adds a unit to this application. */
  readonly 'add-unit': string;
  /** Removes this unit. */
  readonly 'remove-unit': string;
  /** Relates these two endpoints. */
  readonly relate: ReadonlyArray<string>;
  /** Removes the relation between these two endpoints. */
  readonly 'remove-relation': ReadonlyArray<string>;
  /** Replaces charms: the new charm, by application. */
  readonly upgrade: Readonly<Record<string, string>>;
  /** Runs an action. */
  readonly action: ActionStep;
  /** Makes this application, a builtin provider, replace its CA. */
  readonly 'replace-ca': string;
}

/** The name of a step that takes a value. */
export type StepName = keyof Steps;

/** A step of a scenario. */
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
    `What it does wrong. ${
      Object.entries(FAULTS).map(([name, words]) => `${name}: ${words}`).join('; ')
    }; well: nothing, from now on.`,
  ),
  unit: omittable(Unit, 'Only for requests of this unit.'),
  certType: omittable(oneOf(...CERT_TYPES), 'Only for requests for this type of certificate.'),
  commonName: omittable(text(), 'Only for requests for this common name.'),
  days: omittable(
    numberIn('days above 0 and up to 3650', { above: 0, upTo: 3_650 }),
    'With ends-soon: for how many days certificates are still valid.',
  ),
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
  unit: required(Unit, 'The unit whose hook is killed.'),
  at: required(
    At,
    'Before which call. `any tool call`: the seed chooses. `every tool call`: before the first call, then before the second, and so on until the hook ends. A tool: before its first call. A number: before that call.',
  ),
  hook: omittable(text(), 'Only a hook of this name.'),
});

const Action: Decoder<ActionStep, AsJson<ActionStep>> = object<ActionStep>('closed', {
  unit: required(Unit),
  run: required(text(), 'The action.'),
  parameters: omittable(mapOf(anything)),
  results: omittable(mapOf(text()), 'A part of each expected result, by key, e.g. `certificates.count`.'),
  fails: omittable(text(), 'A part of the message that it fails with. If absent, the action must succeed.'),
});

const ends = listOf(text('an endpoint such as "web:certificates"'));

const DECODERS: { readonly [N in StepName]: { readonly doc: string; readonly decoder: Decoder<Steps[N], never> } } = {
  expect: { doc: 'Runs all hooks that are due, and checks a unit.', decoder: Expectation },
  config: { doc: 'Sets options of applications, as `juju config` does.', decoder: mapOf(mapOf(anything)) },
  fault: { doc: 'Makes a builtin provider do something wrong from now on.', decoder: Fault },
  leader: { doc: 'Makes this unit the leader of its application.', decoder: Unit },
  advance: {
    doc: 'Puts the clock forward: secrets expire, and every unit runs update-status.',
    decoder: Duration,
  },
  kill: { doc: 'Kills a hook of a unit. Juju runs it again.', decoder: Kill },
  'add-unit': { doc: 'Adds a unit to an application.', decoder: ApplicationOf },
  'remove-unit': { doc: 'Removes a unit.', decoder: Unit },
  relate: { doc: 'Relates two endpoints.', decoder: ends },
  'remove-relation': { doc: 'Removes the relation between two endpoints.', decoder: ends },
  upgrade: { doc: 'Replaces the charms of applications by those in these folders.', decoder: mapOf(text('a folder')) },
  action: { doc: 'Runs an action of a unit, and checks what it returns.', decoder: Action },
  'replace-ca': {
    doc: 'Makes a builtin provider replace its CA and issue every certificate again.',
    decoder: ApplicationOf,
  },
};

/** The names of all steps that take a value. The cast holds since the table is constant: its keys are exactly the names. */
export const STEP_NAMES: ReadonlyArray<StepName> = Object.keys(DECODERS) as ReadonlyArray<StepName>;

const isStepName = (name: string): name is StepName => Object.hasOwn(DECODERS, name);

const expected = `"settle", or an object with one of these fields: ${STEP_NAMES.join(', ')}`;

const SCHEMA: Schema = {
  kind: 'choice',
  among: [
    { kind: 'words', words: ['settle'], doc: 'Runs hooks until none is left to run.' },
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
  'One thing that happens.',
  decoder<Step, unknown>(expected, SCHEMA, (u, c) => {
    if (u === 'settle') return t.success({ is: 'settle' });
    const [[name, value] = ['', undefined], ...others] = isObject(u) ? Object.entries(u) : [];
    if (others.length > 0 || !isStepName(name)) return t.failure(u, c, `expected ${expected}`);
    const decoded = at<Steps[StepName]>(DECODERS[name].decoder, name, value, c);
    // Each decoder gives the type of value that its step takes.
    return E.isLeft(decoded) ? decoded : t.success({ is: name, what: decoded.right } as Step);
  }),
);
