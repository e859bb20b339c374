/**
 * What the tools for secrets get besides an id: the content, in words or in a file, and when it expires.
 *
 * Source: docs/hook-environment.md section 2.11, and the output of the real tools (`test/juju/probes`).
 *
 * @module
 */
import { failed, type Parsed, usage } from './arguments.ts';
import { fileIn } from './given.ts';
import { readGoYaml, YamlError } from './go-yaml.ts';

const KEY = /^[a-z](-?[a-z0-9]){2,}$/;

/** Limits in bytes of base64: for one value, and for all values together. */
const MAX_CONTENT = 1_000_000;

type Content = Readonly<Record<string, string>>;

/** Quotes a text as Go does. */
export const quoted = (text: string): string => JSON.stringify(text);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const encodedLength = (text: string): number => Math.ceil(bytes(text).length / 3) * 4;

/** Parses a file's content: a map of strings in JSON, or else in YAML. */
const inFile = (path: string): Content => {
  const file = fileIn(path, usage);
  if (file.length > MAX_CONTENT) {
    throw usage(`secret content in file ${quoted(path)} too large: ${file.length} bytes`);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(file));
    if (value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) {
      const entries = Object.entries(value);
      if (entries.every(([, one]) => one === null || typeof one === 'string')) {
        return Object.fromEntries(entries.map(([key, one]) => [key, (one ?? '').replace(/\p{Surrogate}/gu, '\ufffd')]));
      }
    }
  } catch {
    // It is not JSON, so it is read as YAML.
  }
  try {
    return readGoYaml(file, 'secrets.SecretData');
  } catch (error) {
    throw error instanceof YamlError ? usage(error.message) : error;
  }
};

const inWords = (words: ReadonlyArray<string>): Content =>
  Object.fromEntries(words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1 || at === word.length - 1) throw usage(`key value ${quoted(word)} not valid`);
    return [word.slice(0, at), word.slice(at + 1)];
  }));

const decoded = (key: string, form: string, value: string): string => {
  if (form === 'base64') return atob(value);
  if (form !== 'file') return value;
  try {
    return new TextDecoder().decode(fileIn(value, usage));
  } catch {
    throw usage(`reading content for secret key ${quoted(key)}: open ${value}: no such file or directory`);
  }
};

/** The content in the arguments. Null if there is none. */
export const contentIn = ({ flags }: Parsed, words: ReadonlyArray<string>): Content | null => {
  const file = flags.get('file');
  if (file === undefined && words.length === 0) return null;
  const given = file === undefined ? inWords(words) : inFile(file);
  const content = Object.fromEntries(
    Object.entries(given).map(([word, value]) => {
      const [key = '', form = ''] = word.split('#');
      const isForm = form === '' ? !word.includes('#') : form === 'base64' || (form === 'file' && file === undefined);
      if (!KEY.test(key) || !isForm) throw usage(`key ${quoted(word)} not valid`);
      return [key, decoded(key, form, value)];
    }),
  );
  let all = 0;
  for (const [key, value] of Object.entries(content)) {
    const length = encodedLength(value);
    if (length > MAX_CONTENT) {
      throw usage(`base64 encoded secret content for key ${quoted(key)} too large: ${length} bytes`);
    }
    all += length;
  }
  if (all > MAX_CONTENT) throw usage(`base64 encoded secret content too large: ${all} bytes`);
  if (Object.keys(content).length === 0) throw failed('empty secret value not valid');
  return content;
};

const ROTATIONS = ['never', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'];

/** Throws if an option for a secret is not valid. */
export const checkAttributes = ({ flags }: Parsed): void => {
  const [expire, rotate, owner] = ['expire', 'rotate', 'owner'].map((name) => flags.get(name));
  if (expire !== undefined && /^-([0-9.]+(h|m|s|ms))+$/.test(expire)) {
    throw usage(`negative expire duration ${quoted(expire)} not valid`);
  }
  if (
    expire !== undefined && !/^([0-9.]+(h|m|s|ms))+$/.test(expire) &&
    !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[-+][\d:]+)?$/.test(expire)
  ) {
    throw usage(`expire time or duration ${quoted(expire)} not valid`);
  }
  if (rotate !== undefined && !ROTATIONS.includes(rotate)) throw usage(`rotate policy ${quoted(rotate)} not valid`);
  if (owner !== undefined && !['application', 'unit'].includes(owner)) {
    throw usage(`secret owner ${quoted(owner)} not valid`);
  }
};

/** When a secret expires, as the controller keeps it. The argument is a time, or a duration from now. */
export const expiryIn = ({ flags }: Parsed, now: Date): string | null => {
  const expire = flags.get('expire');
  if (expire === undefined) return null;
  const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const duration = [...expire.matchAll(/([0-9.]+)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
  const isMoment = expire.includes('-');
  const moment = isMoment
    ? Date.parse(/(Z|[-+]\d\d:\d\d)$/.test(expire) ? expire : `${expire}Z`)
    : now.getTime() + duration;
  return new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
};
