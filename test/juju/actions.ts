/**
 * The hook tools for actions. Results take effect at once: there is nothing to commit in an action that fails.
 *
 * Source: juju-hook-environment.md sections 1.2 and 3.1.
 *
 * @module
 */
import { failed, usage } from './arguments.ts';
import type { HookContext } from './context.ts';
import { NOTHING, type Tool } from './given.ts';

const only = ({ kind }: HookContext): Readonly<Record<string, unknown>> => {
  if (kind.action === undefined) throw failed('not running an action');
  return kind.parameters ?? {};
};

/** The tools. */
export const ACTIONS: Readonly<Record<string, Tool>> = {
  'action-get': (context, { words: [key] }) => {
    const parameters = only(context);
    return key === undefined ? parameters : parameters[key] ?? null;
  },
  'action-set': (context, { words }) => {
    only(context);
    for (const word of words) {
      const at = word.indexOf('=');
      if (at < 1) throw usage(`argument ${JSON.stringify(word)} must be of the form key...=value`);
      context.action.results = { ...context.action.results, [word.slice(0, at)]: word.slice(at + 1) };
    }
    return NOTHING;
  },
  'action-fail': (context, { words: [message = 'action failed without reason given, check action for errors'] }) => {
    only(context);
    context.action.failure = message;
    return NOTHING;
  },
  'action-log': (context, { words }) => {
    only(context);
    if (words.length === 0) throw usage('no message specified');
    return NOTHING;
  },
};
