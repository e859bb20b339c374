/**
 * A scenario: which charms are deployed, how they are related, and what happens to them.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import {
  checked,
  type Complaint,
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
  optional,
  required,
  text,
  textLike,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import { type Check, PASSED } from '../../../core/model/passed.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { Step } from './step.ts';

/** The protocol that a builtin charm speaks. `any` means the one that the other side speaks. */
export type SpokenByOurs = 'reactive' | 'csr' | 'any';

const SPOKEN = ['reactive', 'csr', 'any'] as const satisfies ReadonlyArray<SpokenByOurs>;

/** An application of a scenario. */
export interface ScenarioApplication {
  /** A charm's folder, relative to the scenario's file, or a builtin charm such as `builtin:provider`. */
  readonly charm: string;
  /** How many units to deploy. */
  readonly units: number;
  /** Options that differ from the charm's defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The protocol of a builtin charm. Other charms ignore it. */
  readonly protocol: SpokenByOurs;
}

/**
 * An application as it is written in YAML or JSON.
 *
 * @internal
 */
export type ApplicationDocument = AsJson<ScenarioApplication, 'units' | 'config' | 'protocol'>;

/** Two endpoints that are related. */
export interface RelationEnds {
  /** The endpoints, e.g. `web:certificates`, in any order. */
  readonly ends: ReadonlyArray<string>;
  /** Whether they are in two models. */
  readonly crossModel: boolean;
}

/** A scenario. */
export interface Scenario {
  /** What is deployed, by application name. */
  readonly applications: Readonly<Record<string, ScenarioApplication>>;
  /** The relations that exist from the start. */
  readonly relations: ReadonlyArray<RelationEnds>;
  /** What happens, in order. */
  readonly steps: ReadonlyArray<Step>;
  /** Decides the order of hooks and everything else that is left to chance. */
  readonly seed: number;
  /** The version of Juju, e.g. `3.6.8`. */
  readonly juju: string;
  /** Codes of findings that do not fail the rehearsal at the end. */
  readonly expectedFindings: ReadonlyArray<string>;
}

const anything: Decoder<unknown, unknown> = decoder('any value', { kind: 'anything' }, (u) => t.success(u));

const Applied: Decoder<ScenarioApplication, ApplicationDocument> = named(
  'Application',
  'An application of the scenario.',
  object<ScenarioApplication, ApplicationDocument>('closed', {
    charm: required(
      text('a folder, "builtin:provider" or "builtin:requirer"'),
      "A charm's folder, with `dispatch` or `hooks/`, relative to this file, or a builtin charm: `builtin:provider` or `builtin:requirer`.",
    ),
    units: optional(
      numberIn('a whole number from 0 to 50', { whole: true, from: 0, upTo: 50 }),
      1,
      'How many units to deploy.',
    ),
    config: optional(mapOf(anything), {}, "Options that differ from the defaults in the charm's config.yaml."),
    protocol: optional(oneOf(...SPOKEN), 'any', 'The protocol that a builtin charm speaks.'),
  }),
);

const endpoint = textLike('an endpoint such as "web:certificates"', /^[a-z][a-z0-9\-]*:[a-z][a-z0-9_\-]*$/u);

const endpoints = listOf(endpoint);

interface RelationDocument {
  readonly ends: ReadonlyArray<string>;
  readonly 'cross-model'?: boolean | null;
}

const relation = object<{ readonly ends: ReadonlyArray<string>; readonly 'cross-model'?: boolean }, RelationDocument>(
  'closed',
  {
    ends: required(endpoints, 'The two endpoints.'),
    'cross-model': omittable(trueOrFalse, 'Whether they are in two models.'),
  },
);

const Related: Decoder<RelationEnds, unknown> = decoder(
  'two endpoints, or an object with "ends"',
  { kind: 'choice', among: [endpoints.schema, relation.schema] },
  (u, c) => {
    if (!isObject(u)) {
      return E.map((ends: ReadonlyArray<string>) => ({ ends, crossModel: false }))(endpoints.validate(u, c));
    }
    return E.map((one: { readonly ends: ReadonlyArray<string>; readonly 'cross-model'?: boolean }) => ({
      ends: one.ends,
      crossModel: one['cross-model'] === true,
    }))(relation.validate(u, c));
  },
);

/**
 * A scenario as it is written in YAML or JSON.
 *
 * @internal
 */
export interface ScenarioDocument {
  readonly applications: Readonly<Record<string, ApplicationDocument>>;
  readonly relations?: ReadonlyArray<unknown> | null;
  readonly steps?: ReadonlyArray<unknown> | null;
  readonly seed?: number | null;
  readonly juju?: string | null;
  readonly 'expected-findings'?: ReadonlyArray<string> | null;
}

interface Written extends Omit<Scenario, 'expectedFindings'> {
  readonly 'expected-findings': ReadonlyArray<string>;
}

const complaint = (path: ReadonlyArray<string>, message: string): Complaint => ({ path, message });

/** The applications that a step names, each with its path in the step. */
const namedIn = (step: Step): ReadonlyArray<readonly [application: string, path: ReadonlyArray<string>]> => {
  const of = (name: string) => name.replace(/[/:].*$/, '');
  switch (step.is) {
    case 'settle':
    case 'advance':
      return [];
    case 'expect':
    case 'kill':
    case 'action':
      return [[of(step.what.unit), [step.is, 'unit']]];
    case 'fault':
      return [[step.what.provider, ['fault', 'provider']]];
    case 'config':
    case 'upgrade':
      return Object.keys(step.what).map((name) => [name, [step.is, name]] as const);
    case 'relate':
    case 'remove-relation':
      return step.what.map((name, i) => [of(name), [step.is, String(i)]] as const);
    default:
      return [[of(step.what), [step.is]]];
  }
};

/** Checks that every application that a relation or a step names is deployed. */
const checkNames = (
  { applications, relations, steps }: Pick<Scenario, 'applications' | 'relations' | 'steps'>,
): Check<Complaint> => {
  const known = Object.keys(applications);
  const unknown = (name: string, path: ReadonlyArray<string>): Check<Complaint> =>
    known.includes(name) ? PASSED : E.left(
      complaint(path, `there is no application of this name (deployed here: ${known.join(', ') || 'nothing'})`),
    );
  for (const [i, { ends }] of relations.entries()) {
    if (ends.length !== 2) return E.left(complaint(['relations', String(i)], 'expected two endpoints'));
    for (const [j, end] of ends.entries()) {
      const check = unknown(end.replace(/:.*/, ''), ['relations', String(i), String(j)]);
      if (E.isLeft(check)) return check;
    }
  }
  for (const [i, step] of steps.entries()) {
    for (const [name, path] of namedIn(step)) {
      const check = unknown(name, ['steps', String(i), ...path]);
      if (E.isLeft(check)) return check;
      const { charm } = applications[name] ?? { charm: '' };
      if ((step.is === 'fault' || step.is === 'replace-ca') && charm !== 'builtin:provider') {
        return E.left(
          complaint(['steps', String(i), ...path], 'expected an application whose charm is "builtin:provider"'),
        );
      }
    }
    if ((step.is === 'relate' || step.is === 'remove-relation') && step.what.length !== 2) {
      return E.left(complaint(['steps', String(i), step.is], 'expected two endpoints'));
    }
  }
  return PASSED;
};

const names = listOf(text('the code of a finding'));

const Document: Decoder<Written, ScenarioDocument> = checked(
  named(
    'Scenario',
    'Charms that are deployed and related in a simulated Juju, and what happens to them (docs/rehearsal.md).',
    object<Written, ScenarioDocument>('closed', {
      applications: required(mapOf(Applied), 'What is deployed, by name.'),
      relations: optional(listOf(Related), [], 'Which endpoints are related.'),
      steps: optional(listOf(Step), [], 'What happens, in order. At the end, all hooks that are left run.'),
      seed: optional(
        numberIn('a whole number from 0 to 4294967295', { whole: true, from: 0, upTo: 4_294_967_295 }),
        1,
        'Decides the order of hooks: another number gives another order.',
      ),
      juju: optional(
        textLike('a version of Juju such as "3.6.8"', /^[0-9]+\.[0-9]+(\.[0-9]+)?$/u),
        '3.6.8',
        'The version of Juju: 2.9, 3 or 4.',
      ),
      'expected-findings': optional(
        names,
        [],
        'Codes of findings that do not fail the rehearsal at the end (docs/findings.md).',
      ),
    }),
  ),
  'every application that is named is deployed, and relations have two ends',
  checkNames,
);

/** Decodes a scenario. An unknown field is an error. */
export const Scenario: Decoder<Scenario, ScenarioDocument> = decoder(
  'an object',
  Document.schema,
  (u, c) =>
    E.map(({ 'expected-findings': expectedFindings, ...rest }: Written): Scenario => ({ ...rest, expectedFindings }))(
      Document.validate(u, c),
    ),
);
