/**
 * Wakes a charm when time alone has changed its decision: Juju runs `secret-expired` when a secret expires, so the unit keeps one that
 * contains only that moment.
 *
 * A new moment gets a new secret rather than a new revision, because the old revision would cause a hook of its own. Before Juju 3 there
 * are no secrets, and `update-status` must do.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Notes } from '../reaction.ts';
import type { Hook } from './hook.ts';
import { removeIfThere } from './secret-removal.ts';
import type { ToolError } from './tool-error.ts';
import type { SecretId } from './tools.ts';

/** The note of the secret: its moment and its id. */
const WAKE = 'wake';

/** How long to wait for a near moment if Juju's clock is ahead of the unit's. */
const AGAIN = 60_000;

const prefixOf = (endpoint: string): string => `tls-certificates-${endpoint}-wake-`;

/** Whether a label is that of an endpoint's waking secret. */
export const isWakeLabel = (label: string, endpoint: string): boolean => label.startsWith(prefixOf(endpoint));

/** The earliest one, if any. */
export const earlier = (a: Timestamp | null, b: Timestamp | null): Timestamp | null =>
  a === null || (b !== null && Date.parse(b) < Date.parse(a)) ? b : a;

/** In the form that Juju takes: in whole seconds, not before the moment. */
const secondsOf = (moment: string): number => Math.ceil(Date.parse(moment) / 1000);

/**
 * Makes Juju wake the unit at that moment, or not at all; returns what to note about it. What is already noted is left alone, unless the
 * running hook is the one it caused.
 */
export const wakeAt = (
  { tools, environment, now }: Hook,
  endpoint: string,
  until: Timestamp | null,
  before: Notes,
): TE.TaskEither<ToolError, Notes> => {
  const [noted = null, id = ''] = before[WAKE]?.split(' ') ?? [];
  const isWoken = environment.hook === 'secret-expired' && isWakeLabel(environment.secret?.label ?? '', endpoint);
  const wanted = until !== null && Date.parse(until) > now.getTime() ? until : null;
  if (wanted === noted && !isWoken) return TE.right(noted === null ? {} : { [WAKE]: before[WAKE] ?? '' });

  const labelAt = (seconds: number): string => `${prefixOf(endpoint)}${seconds}`;
  const earliest = isWoken ? Math.ceil((now.getTime() + AGAIN) / 1000) : 0;
  const add = (moment: Timestamp): TE.TaskEither<ToolError, Notes> => {
    const wished = Math.max(secondsOf(moment), earliest);
    // Juju refuses the label of a secret that is removed in the same hook.
    const seconds = isWoken && labelAt(wished) === environment.secret?.label ? wished + 1 : wished;
    const [label, expire] = [labelAt(seconds), new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')];
    return pipe(
      // It already exists if the note of it was lost.
      tools.secretInfo({ label }),
      TE.map((info) => `secret:${info.id}` as SecretId),
      TE.orElse((error) =>
        error.kind === 'secret-not-found'
          ? tools.secretAdd({ until: expire }, { label, owner: 'unit', expire })
          : TE.left(error)
      ),
      TE.map((kept) => ({ [WAKE]: `${moment} ${kept}` })),
    );
  };
  return pipe(
    // It is Juju's name for it; what woke the unit has been removed.
    id === '' || isWoken && environment.secret?.id === id ? TE.right(undefined) : removeIfThere(tools, id as SecretId),
    TE.chain((): TE.TaskEither<ToolError, Notes> => (wanted === null ? TE.right({}) : add(wanted))),
    TE.orElse((error): TE.TaskEither<ToolError, Notes> =>
      error.kind === 'unknown-tool' || error.kind === 'not-offered' ? TE.right({}) : TE.left(error)
    ),
  );
};
