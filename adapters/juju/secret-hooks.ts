/**
 * What the hooks about secrets ask for: revisions that nobody reads any more are removed, and so are expired secrets.
 *
 * All other work is done in every hook.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Hook } from './hook.ts';
import { isOwnKeyLabel, isPythonsCertificateLabel } from './key-secret.ts';
import { removeIfThere } from './secret-removal.ts';
import type { ToolError } from './tool-error.ts';
import { isWakeLabel } from './wake.ts';

/** The label of the secret with an endpoint's CA. */
export const authorityLabel = (endpoint: string): string => `tls-certificates-${endpoint}-authority`;

/** Cleans up after a hook about one of the endpoint's secrets; does nothing in other hooks. */
export const tidySecrets = (
  { environment, tools }: Pick<Hook, 'environment' | 'tools'>,
  endpoint: string,
): TE.TaskEither<ToolError, void> => {
  const { secret, hook: name } = environment;
  if (secret === null) return TE.right(undefined);
  const { id, label, revision } = secret;
  const isKept = label === authorityLabel(endpoint) || isOwnKeyLabel(label, endpoint);
  if (name === 'secret-remove' && isKept && revision !== null) return removeIfThere(tools, id, revision);
  // A certificate's secret of the Python library, from before this charm was upgraded: here, renewal needs none.
  const isOver = isWakeLabel(label, endpoint) || isPythonsCertificateLabel(label, endpoint);
  return name === 'secret-expired' && isOver ? removeIfThere(tools, id) : TE.right(undefined);
};
