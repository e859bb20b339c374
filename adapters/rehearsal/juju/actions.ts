/**
 * Actions: how a charm declares them, the tools that work in them, and how they end.
 *
 * What the tools do takes effect at once. An action that fails does not run again, and its unit goes on. Source:
 * docs/hook-environment.md sections 1.2 and 3.1; juju/juju, `jujuc/action-*.go` and `finalizeAction` in `context/context.go`.
 *
 * @module
 */
import { Ajv } from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { failed, usage } from './arguments.ts';
import type { ActionResult, HookContext } from './context.ts';
import { NOTHING, type Tool } from './given.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** The parameters of an action, with the defaults that its charm declares. Throws the message of `juju run` if they are wrong. */
export const declaredParameters = (folder: string, unit: string, action: string, given: Parameters): Parameters => {
  const path = join(folder, 'actions.yaml');
  const declared = existsSync(path) ? parse(readFileSync(path, 'utf8')) : {};
  const { params = {}, required = [], additionalProperties = true } = declared[action] ??
    (() => {
      throw new Error(`action "${action}" not defined on unit "${unit}"`);
    })();
  const parameters = { ...given };
  const validate = new Ajv({ useDefaults: true, strict: false })
    .compile({ type: 'object', properties: params, required, additionalProperties });
  if (validate(parameters)) return parameters;
  throw new Error(
    `validation failed: ${validate.errors?.map((one) => `${one.instancePath} ${one.message}`).join('; ')}`,
  );
};

const only = ({ kind }: HookContext): Parameters => {
  if (kind.action === undefined) throw failed('not running an action');
  return kind.parameters ?? {};
};

/** The value at a dotted path. */
const at = (parameters: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : null,
    parameters,
  );

const RESERVED = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

/** A result and its key. If one in a call is wrong, the call takes none. */
const resultIn = (word: string): readonly [key: string, value: string] => {
  const [key = '', ...rest] = word.split('=');
  if (rest.length === 0) throw usage(`argument ${JSON.stringify(word)} must be of the form key...=value`);
  for (const part of key.split('.')) {
    if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(part)) {
      throw usage(
        `key ${JSON.stringify(part)} must start and end with lowercase alphanumeric, ` +
          'and contain only lowercase alphanumeric, hyphens and periods',
      );
    }
    if (RESERVED.includes(part)) throw usage(`cannot set reserved action key "${part}"`);
  }
  return [key, rest.join('=')];
};

/** The tools for actions. */
export const ACTIONS: Readonly<Record<string, Tool>> = {
  'action-get': (context, { words: [path] }) => {
    const parameters = only(context);
    return path === undefined ? parameters : at(parameters, path);
  },
  'action-set': (context, { words }) => {
    const results = words.map(resultIn);
    only(context);
    context.action.results = { ...context.action.results, ...Object.fromEntries(results) };
    return NOTHING;
  },
  'action-fail': (context, { words: [message = 'action failed without reason given, check action for errors'] }) => {
    only(context);
    context.action.failure = message;
    return NOTHING;
  },
  'action-log': (context, { words }) => {
    if (words.length === 0) throw usage('no message specified');
    only(context);
    context.action.progress.push(words.join(' '));
    return NOTHING;
  },
};

/** How an action ended. If its program or its commit fails, it failed, whatever it reported itself. */
export const ended = (action: ActionResult, code: number | null, isRefused: boolean): ActionResult => ({
  ...action,
  failure: code === null
    ? 'signal: killed'
    : code !== 0
    ? `exit status ${code}`
    : isRefused
    ? action.failure ?? 'committing requested changes failed'
    : action.failure,
});
