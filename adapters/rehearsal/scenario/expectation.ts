/**
 * What a scenario expects of a unit once no hook is left to run.
 *
 * @module
 */
import type { Validation } from 'io-ts';
import {
  type Decoder,
  decoder,
  listOf,
  named,
  object,
  omittable,
  oneOf,
  required,
  text,
  textLike,
} from '../../../core/model/codec.ts';
import type { AsJson } from '../../../core/model/schema.ts';

/** A unit by its name. */
export const Unit: Decoder<string> = textLike('a unit such as "web/0"', /^[a-z][a-z0-9\-]*\/[0-9]+$/u);

/** An application by its name. */
export const ApplicationOf: Decoder<string> = textLike('an application such as "web"', /^[a-z][a-z0-9\-]*$/u);

/** The statuses that a charm can set. */
const STATUSES = ['active', 'waiting', 'blocked', 'maintenance'] as const satisfies ReadonlyArray<
  NonNullable<Expectation['status']>
>;

/** What a scenario expects of a unit. A field that is absent is not checked. */
export interface Expectation {
  /** The unit, e.g. `web/0`. */
  readonly unit: string;
  /** Its workload status. */
  readonly status?: 'active' | 'waiting' | 'blocked' | 'maintenance';
  /** Part of the status message. */
  readonly message?: string;
  /** Files that the unit has, and that are not empty. Absolute paths. */
  readonly files?: ReadonlyArray<string>;
  /** Files that the unit must not have. Absolute paths. */
  readonly absent?: ReadonlyArray<string>;
  /** The codes of all findings that an inspection has about the unit, in any order. `none` means that there are no findings. */
  readonly findings?: 'none' | ReadonlyArray<string>;
  /** Keys that the unit or its application has published, on any relation. */
  readonly published?: ReadonlyArray<string>;
  /** The common names of all certificates that the unit or its application got, in any order. */
  readonly certificates?: ReadonlyArray<string>;
}

/** An absolute path. */
const Path: Decoder<string> = textLike('an absolute path such as "/etc/web/tls.crt"', /^\/\P{Cc}*$/u);

const codes = listOf(text('the code of a finding'));

const none = oneOf('none');

/** Decodes the codes of findings, or `none`. */
const Findings: Decoder<'none' | ReadonlyArray<string>> = decoder(
  '"none" or a list of codes of findings (docs/findings.md)',
  { kind: 'choice', among: [none.schema, codes.schema] },
  (
    u,
    c,
  ): Validation<'none' | ReadonlyArray<string>> => (typeof u === 'string' ? none.validate(u, c) : codes.validate(u, c)),
);

/** Decodes an expectation. An unknown field is an error. */
export const Expectation: Decoder<Expectation, AsJson<Expectation>> = named(
  'Expectation',
  'What is expected of a unit. Hooks that are due run first.',
  object<Expectation>('closed', {
    unit: required(Unit, 'The unit.'),
    status: omittable(oneOf(...STATUSES), 'Its workload status.'),
    message: omittable(text(), 'A part of its status message.'),
    files: omittable(listOf(Path), 'Files that the unit has, and that are not empty.'),
    absent: omittable(listOf(Path), 'Files that the unit must not have.'),
    findings: omittable(
      Findings,
      'What `inspect` finds about the unit: `none`, or exactly these codes (docs/findings.md).',
    ),
    published: omittable(listOf(text()), 'Keys that the unit or its application has published in a databag.'),
    certificates: omittable(
      listOf(text('a common name')),
      'The common names of all certificates that the unit or its application got.',
    ),
  }),
);
