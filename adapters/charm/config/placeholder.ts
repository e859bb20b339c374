/**
 * Placeholders such as `{unit}` in a configuration: reading them, finding out what must be known for them, and filling them in.
 *
 * A template is either a single placeholder, which in a list produces as many entries as it has values, or text around placeholders that
 * have one value each. Values become part of certificates, which are public. Source: docs/hook-configuration.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Decoder, decoder, isObject } from '../../../core/model/codec.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { shapeOf } from '../../../core/model/shape.ts';

/** The values for placeholders. What is not needed ({@link factsNeeded}) can be left out. */
export interface Facts {
  /** The value of `JUJU_UNIT_NAME`. */
  readonly unit: UnitName;
  /** The machine's name, as `hostname` prints it. */
  readonly hostname?: string;
  /** `ingress-addresses` of `network-get`; empty while Juju knows none. */
  readonly ingressAddresses?: ReadonlyArray<string>;
  /** `config-get --all --format=json`: an option that is not set is null; one that does not exist is absent. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What must be found out for a placeholder. */
export type FactName = Exclude<keyof Facts, 'unit'>;

const NAMES = ['unit', 'application', 'hostname', 'ingress-address', 'ingress-addresses'] as const;

/** A placeholder; an option's placeholder has the option's name. */
export type Placeholder =
  | { readonly name: typeof NAMES[number] }
  | { readonly name: 'config'; readonly option: string };

/** Text and placeholders in turn. */
export type Template = ReadonlyArray<string | Placeholder>;

/** Why a template cannot be filled in. */
export interface Unfilled {
  /** What helps: time, or a person who sets an option or changes the configuration. */
  readonly remedy: 'wait' | 'act';
  /** A plain sentence without values. */
  readonly message: string;
}

const KNOWN = [...NAMES.map((name) => `{${name}}`), '{config.OPTION}'].join(', ');

/** Valid names of options. */
export const OPTION_NAME: string = String.raw`[A-Za-z0-9][A-Za-z0-9_\-]{0,79}`;

const OPTION = new RegExp(`^config\\.(${OPTION_NAME})$`);

/** What {@link readTemplate} reads, as one expression: text without braces, and placeholders. */
const FORM = String.raw`^(?:[^{}]|\{(?:${NAMES.join('|')}|config\.${OPTION_NAME})\})+$`;

/** How much of an unknown placeholder may be shown; anything longer may not be a placeholder at all. */
const SHOWN = /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/;

const placeholderOf = (inside: string): Placeholder | null => {
  const name = NAMES.find((known) => known === inside);
  if (name !== undefined) return { name };
  const option = OPTION.exec(inside)?.[1];
  return option === undefined ? null : { name: 'config', option };
};

/** The placeholder as written. */
export const written = (placeholder: Placeholder): string =>
  placeholder.name === 'config' ? `{config.${placeholder.option}}` : `{${placeholder.name}}`;

/** Reads a text with placeholders; a `Left` says what is wrong with it. */
export const readTemplate = (text: string): E.Either<string, Template> => {
  const template: Array<string | Placeholder> = [];
  for (const part of text.split(/(\{[^{}]*\})/).filter((some) => some !== '')) {
    const inside = /^\{([^{}]*)\}$/.exec(part)?.[1];
    if (inside === undefined) {
      if (/[{}]/.test(part)) return E.left('a brace is not paired: placeholders look like {unit}');
      template.push(part);
      continue;
    }
    const placeholder = placeholderOf(inside);
    if (placeholder === null) {
      return E.left(`no such placeholder${SHOWN.test(inside) ? `: {${inside}}` : ''} (known: ${KNOWN})`);
    }
    template.push(placeholder);
  }
  return template.length === 0 ? E.left('expected text, got none') : E.right(template);
};

/** Unquoted, YAML reads `{unit}` as an object with a field `unit` that is null. */
const isUnquoted = (u: unknown): boolean =>
  isObject(u) && Object.keys(u).length === 1 && Object.values(u).every((value) => value === null);

/** Decodes a text with placeholders. */
export const Template: Decoder<Template, string> = decoder('text', { kind: 'text', pattern: FORM }, (u, c) => {
  if (isUnquoted(u)) {
    return t.failure(u, c, 'expected text, got an object: in YAML a placeholder stands in quotes, as "{unit}"');
  }
  if (typeof u !== 'string') {
    return typeof u === 'number' ? t.failure(u, c, 'expected text, got a number: put it in quotes') : t.failure(u, c);
  }
  const read = readTemplate(u);
  return E.isLeft(read) ? t.failure(u, c, read.left) : t.success(read.right);
});

/** What must be found out before this template can be filled in. */
export const factsOf = (template: Template): ReadonlyArray<FactName> =>
  template.flatMap((part): ReadonlyArray<FactName> => {
    if (typeof part === 'string') return [];
    switch (part.name) {
      case 'unit':
      case 'application':
        return [];
      case 'hostname':
        return ['hostname'];
      case 'ingress-address':
      case 'ingress-addresses':
        return ['ingressAddresses'];
      case 'config':
        return ['config'];
    }
  });

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const act = (message: string): Unfilled => ({ remedy: 'act', message });

/**
 * An option's value as text; null if the option exists and is not set. Surrounding blanks are removed: `juju config web domain=@file` keeps
 * the last line break of the file, and people leave blanks.
 */
const optionOf = (option: string, { config = {}, unit }: Facts): E.Either<Unfilled, string | null> => {
  if (!Object.hasOwn(config, option)) return E.left(act(`the charm has no option called ${option}`));
  const given = config[option];
  const value = typeof given === 'string' ? given.trim() : given;
  if (isEmpty(value)) return E.right(null);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? E.right(String(value))
    : E.left(act(`the option ${option} of ${applicationOf(unit)} is ${shapeOf(value)}, which is no name`));
};

const applicationOf = (unit: UnitName): string => unit.slice(0, unit.lastIndexOf('/'));

/** The values of a placeholder: none if nothing is known or set. */
const valuesOf = (placeholder: Placeholder, facts: Facts): E.Either<Unfilled, ReadonlyArray<string>> => {
  switch (placeholder.name) {
    case 'unit':
      return E.right([facts.unit]);
    case 'application':
      return E.right([applicationOf(facts.unit)]);
    case 'hostname':
      return E.right(isEmpty(facts.hostname) ? [] : [facts.hostname ?? '']);
    case 'ingress-address':
      return E.right((facts.ingressAddresses ?? []).slice(0, 1));
    case 'ingress-addresses':
      return E.right(facts.ingressAddresses ?? []);
    case 'config':
      return E.map((value: string | null) => (value === null ? [] : [value]))(optionOf(placeholder.option, facts));
  }
};

/** The command that sets an option. */
export const settingOf = (option: string, unit: UnitName): string => `juju config ${applicationOf(unit)} ${option}=…`;

const noValue = (placeholder: Placeholder, { unit }: Facts): Unfilled => {
  switch (placeholder.name) {
    case 'config':
      return act(
        `${written(placeholder)} has no value: the option is not set (${settingOf(placeholder.option, unit)})`,
      );
    case 'ingress-address':
    case 'ingress-addresses':
      return {
        remedy: 'wait',
        message: `${written(placeholder)} has no value: Juju knows no address of this unit yet`,
      };
    default:
      return act(`${written(placeholder)} has no value on this machine`);
  }
};

/**
 * What no name contains, so a value with it is a mistake: line breaks and other control characters, and private keys.
 */
// deno-lint-ignore no-control-regex
const UNFIT = /[\u0000-\u001f\u007f]|PRIVATE KEY/;

const unfit = (placeholder: Placeholder, { unit }: Facts): Unfilled => {
  const setting = placeholder.name === 'config' ? ` (${settingOf(placeholder.option, unit)})` : '';
  const flaw = 'is no name: it has line breaks, control characters or a private key';
  return act(`the value of ${written(placeholder)} ${flaw}${setting}`);
};

const single = (placeholder: Placeholder, facts: Facts): E.Either<Unfilled, string> => {
  const values = valuesOf(placeholder, facts);
  if (E.isLeft(values)) return values;
  const [value, ...more] = values.right;
  if (value === undefined) return E.left(noValue(placeholder, facts));
  if (more.length > 0) {
    const message = `${
      written(placeholder)
    } has ${values.right.length} values, which fit only as an entry of its own in a list`;
    return E.left(act(message));
  }
  return UNFIT.test(value) ? E.left(unfit(placeholder, facts)) : E.right(value);
};

/** The options that a template uses. */
export const optionsIn = (template: Template): ReadonlyArray<string> =>
  template.flatMap((part) => (typeof part !== 'string' && part.name === 'config' ? [part.option] : []));

/**
 * What is wrong with a common name that came from a template: `flaw` is the rest of a sentence. If options are part of the name, it says
 * how to set them.
 */
export const unfitName = (template: Template, { unit }: Facts, flaw: string, rule: string): Unfilled => {
  const settings = optionsIn(template).map((option) => settingOf(option, unit));
  const name = settings.length === 0
    ? 'the common name'
    : template.map((part) => typeof part === 'string' ? part : written(part)).join('');
  return act(`${name} ${flaw}: ${rule}${settings.length === 0 ? '' : ` (${settings.join(', ')})`}`);
};

/** Fills in a template for a single text. */
export const fillOne = (template: Template, facts: Facts): E.Either<Unfilled, string> => {
  let text = '';
  for (const part of template) {
    const value = typeof part === 'string' ? E.right(part) : single(part, facts);
    if (E.isLeft(value)) return value;
    text += value.right;
  }
  return E.right(text);
};

/**
 * Fills in a template that is an element of a list. A single placeholder becomes one entry for each of its values. The value of an option
 * is split at commas and blanks there, as in charms' lists of names; an option that is not set adds no entry.
 */
export const fillMany = (template: Template, facts: Facts): E.Either<Unfilled, ReadonlyArray<string>> => {
  const [alone, ...more] = template;
  if (alone === undefined || typeof alone === 'string' || more.length > 0) {
    return E.map((text: string) => [text])(fillOne(template, facts));
  }
  const found = valuesOf(alone, facts);
  if (E.isLeft(found)) return found;
  if (found.right.length === 0 && alone.name !== 'config') return E.left(noValue(alone, facts));
  // A key falls apart into names when it is split.
  if (found.right.some((value) => value.includes('PRIVATE KEY'))) return E.left(unfit(alone, facts));
  const values = alone.name === 'config'
    ? found.right.flatMap((value) => value.split(/[\s,]+/)).filter((value) => value !== '')
    : found.right;
  return values.some((value) => UNFIT.test(value)) ? E.left(unfit(alone, facts)) : E.right(values);
};
