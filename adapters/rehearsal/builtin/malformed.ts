/**
 * `builtin:malformed`: a requirer that publishes malformed data in both protocols. Tests put it beside a requirer that works well.
 *
 * @module
 */
import type { RelationId } from '../../../core/model/names.ts';
import { secretFileIn } from '../../juju/secret-file.ts';
import { hookTools } from '../../juju/tools.ts';
import type { CharmFunction } from '../juju/seen.ts';
import { orFail } from './or-fail.ts';

/** What it publishes: JSON that breaks off. */
const BROKEN = { certificate_signing_requests: '[{"certificate_signing_request": "-----BEG', cert_requests: '{"a": ' };

/** The charm. */
export const builtinMalformed: CharmFunction = async (env, run) => {
  const id = env['JUJU_RELATION_ID'] ?? '';
  if (id === '' || env['JUJU_HOOK_NAME']?.endsWith('-broken')) return 0;
  const tools = hookTools(run, secretFileIn(env['JUJU_CHARM_DIR'] ?? ''));
  // Juju itself set this id.
  await orFail(tools.relationSet(id as RelationId, 'unit', BROKEN));
  return 0;
};
