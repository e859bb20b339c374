/**
 * What a scenario expects of a unit when everybody is at rest.
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
export const STATUSES = ['active', 'waiting', 'blocked', 'maintenance'] as const;

/** What is expected. Fields that are absent are not looked at. */
export interface Expectation {
  readonly unit: string;
  readonly status?: (typeof STATUSES)[number];
  /** Part of the status message. */
  readonly message?: string;
  /** Files of the unit that are there and not empty. */
  readonly files?: ReadonlyArray<string>;
  /** Files of the unit that are not there. */
  readonly absent?: ReadonlyArray<string>;
  /** Codes of findings: all that an inspection has about the unit, in any order. `none`: there are none. */
  readonly findings?: 'none' | ReadonlyArray<string>;
  /** Keys that the unit or its application has published on any relation. */
  readonly published?: ReadonlyArray<string>;
  /** Certificates that the unit was answered with. */
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

/** Decodes what is expected; a field that it does not know is an error. */
export const Expectation: Decoder<Expectation, AsJson<Expectation>> = named(
  'Expectation',
  'What is expected of a unit once everybody is at rest; hooks that are due are run first.',
  object<Expectation>('closed', {
    unit: required(Unit, 'The unit.'),
    status: omittable(oneOf(...STATUSES), 'Its workload status.'),
    message: omittable(text(), 'A part of its status message.'),
    files: omittable(listOf(Path), 'Files of the unit that are there and not empty.'),
    absent: omittable(listOf(Path), 'Files of the unit that are not there.'),
    findings: omittable(
      Findings,
      'What `inspect` finds about the unit: none, or these codes and no others (docs/findings.md).',
    ),
    published: omittable(listOf(text()), 'Keys that the unit or its application has in a databag.'),
    certificates: omittable(
      listOf(text('a common name')),
      'Common names of certificates that the unit or its application was answered with, all of them.',
    ),
  }),
);
