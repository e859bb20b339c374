/**
 * The small CA in a provider's configuration: its name, its lifetime, and the operator's number for it. Its policy says what it issues.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { NewAuthority } from '../../../core/authority/authority.ts';
import { Days, Generation, Keys } from '../../../core/authority/policy.ts';
import { type Decoder, decoder, named, object, omittable, required, textLike } from '../../../core/model/codec.ts';
import type { UnitName } from '../../../core/model/names.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { type Facts, OPTION_NAME, settingOf, type Unfilled } from './placeholder.ts';

/** The operator's number for the CA, or the option that contains it. */
export type ConfiguredGeneration = number | { readonly option: string };

/** The CA in a configuration. */
export interface ConfiguredAuthority extends NewAuthority {
  /** A higher number than before asks for a new CA; restoring the old number before the new CA signs cancels that. */
  readonly generation?: ConfiguredGeneration;
}

/** The same, as JSON. */
export type ConfiguredAuthorityDocument = AsJson<NewAuthority, never, { readonly generation?: number | string | null }>;

/** Characters of a common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_NAME = 64;

const NAME = new RegExp(`^[^\\u0000-\\u001f\\u007f]{1,${MAX_NAME}}$`, 'u');

/** An option alone. */
const OPTION = new RegExp(String.raw`^\{config\.(${OPTION_NAME})\}$`, 'u');

const FromOption: Decoder<ConfiguredGeneration, number | string> = decoder<ConfiguredGeneration, number | string>(
  `${Generation.name}, or an option such as "{config.ca-generation}"`,
  { kind: 'choice', among: [Generation.schema, { kind: 'text', pattern: OPTION.source }] },
  (u, c) => {
    const number = Generation.decode(u);
    if (E.isRight(number)) return t.success(number.right);
    const option = typeof u === 'string' ? OPTION.exec(u)?.[1] : undefined;
    return option === undefined ? t.failure(u, c) : t.success({ option });
  },
);

/** Decodes the `authority` of a provider's configuration: the CA that is made if none is stored yet. */
export const Authority: Decoder<ConfiguredAuthority, ConfiguredAuthorityDocument> = named(
  'Authority',
  'The CA that is made where none is kept yet.',
  object<ConfiguredAuthority, ConfiguredAuthorityDocument>('closed', {
    commonName: required(textLike(`a name of 1 to ${MAX_NAME} characters`, NAME), 'The name of the CA.'),
    keys: omittable(Keys, 'The kind of its key; P-256 by default.'),
    days: omittable(Days, 'How many days it is valid; 3650 by default.'),
    generation: omittable(
      FromOption,
      'A higher number than before replaces the CA; put back before the new CA signs, it takes that back.',
    ),
  }),
);

/** The operator's current number; null if the configuration has none. An option that is not set is 1. A `Left` says what is wrong. */
export const generationIn = (
  generation: ConfiguredGeneration | undefined,
  config: Facts['config'],
  unit: UnitName,
): E.Either<Unfilled, number | null> => {
  if (generation === undefined || typeof generation === 'number') return E.right(generation ?? null);
  const { option } = generation;
  const value = config !== undefined && Object.hasOwn(config, option) ? config[option] : undefined;
  if (value === undefined || value === null || value === '') return E.right(1);
  const number = typeof value === 'string' && /^\s*\d{1,7}\s*$/.test(value) ? Number(value) : value;
  const decoded = Generation.decode(number);
  if (E.isRight(decoded)) return decoded;
  const message = `{config.${option}} is not ${Generation.name}: the CA stays as it is (${settingOf(option, unit)})`;
  return E.left({ remedy: 'act', message });
};
