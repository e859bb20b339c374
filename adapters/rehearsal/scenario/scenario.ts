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

/** What our own charms speak. */
export const SPOKEN = ['reactive', 'csr', 'any'] as const;

/** A protocol that one of our charms speaks; `any`: what the other side speaks. */
export type SpokenByOurs = (typeof SPOKEN)[number];

/** An application as it is deployed. */
export interface ScenarioApplication {
  /** A charm's folder, relative to the scenario; or `builtin:provider`, `builtin:requirer`. */
  readonly charm: string;
  readonly units: number;
  readonly config: Readonly<Record<string, unknown>>;
  /** What a charm of ours speaks. */
  readonly protocol: SpokenByOurs;
}

/** An application as YAML or JSON has it. */
export type ApplicationDocument = AsJson<ScenarioApplication, 'units' | 'config' | 'protocol'>;

/** Two endpoints that are related. */
export interface RelationEnds {
  readonly ends: ReadonlyArray<string>;
  readonly crossModel: boolean;
}

/** A scenario. */
export interface Scenario {
  readonly applications: Readonly<Record<string, ScenarioApplication>>;
  readonly relations: ReadonlyArray<RelationEnds>;
  readonly steps: ReadonlyArray<Step>;
  /** The order of hooks, and what is left to chance, follow from it. */
  readonly seed: number;
  /** The agents' version. */
  readonly juju: string;
  /** Codes of findings that may be there at the end. */
  readonly expectedFindings: ReadonlyArray<string>;
}

const anything: Decoder<unknown, unknown> = decoder('any value', { kind: 'anything' }, (u) => t.success(u));

const Applied: Decoder<ScenarioApplication, ApplicationDocument> = named(
  'Application',
  'An application as it is deployed.',
  object<ScenarioApplication, ApplicationDocument>('closed', {
    charm: required(
      text('a folder, "builtin:provider" or "builtin:requirer"'),
      "A charm's folder, with `dispatch` or `hooks/`, relative to this file; or a charm of ours: `builtin:provider`, `builtin:requirer`.",
    ),
    units: optional(numberIn('a whole number from 0 to 50', { whole: true, from: 0, upTo: 50 }), 1, 'How many.'),
    config: optional(mapOf(anything), {}, "Options; those of the charm's config.yaml have their defaults."),
    protocol: optional(oneOf(...SPOKEN), 'any', 'What a charm of ours speaks.'),
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

/** A scenario as YAML or JSON has it. */
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

/** The applications that a step names, each with its place in the step. */
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

/** Checks that everything that is named is deployed. */
const checkNames = (
  { applications, relations, steps }: Pick<Scenario, 'applications' | 'relations' | 'steps'>,
): Check<Complaint> => {
  const known = Object.keys(applications);
  const unknown = (name: string, path: ReadonlyArray<string>): Check<Complaint> =>
    known.includes(name)
      ? PASSED
      : E.left(complaint(path, `there is no application of this name (deployed here: ${known.join(', ') || 'none'})`));
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
      steps: optional(listOf(Step), [], 'What happens, one after the other; at the end everybody comes to rest.'),
      seed: optional(
        numberIn('a whole number from 0 to 4294967295', { whole: true, from: 0, upTo: 4_294_967_295 }),
        1,
        'Another number, another order of hooks.',
      ),
      juju: optional(
        textLike('a version of Juju such as "3.6.8"', /^[0-9]+\.[0-9]+(\.[0-9]+)?$/u),
        '3.6.8',
        "The agents' version: 2.9, 3 or 4.",
      ),
      'expected-findings': optional(names, [], 'Codes of findings that may be there at the end (docs/findings.md).'),
    }),
  ),
  'every application that is named is deployed, and relations have two ends',
  checkNames,
);

/** Decodes a scenario; a field that it does not know is an error. */
export const Scenario: Decoder<Scenario, ScenarioDocument> = decoder(
  'an object',
  Document.schema,
  (u, c) =>
    E.map(({ 'expected-findings': expectedFindings, ...rest }: Written): Scenario => ({ ...rest, expectedFindings }))(
      Document.validate(u, c),
    ),
);
