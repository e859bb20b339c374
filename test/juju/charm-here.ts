/**
 * Charms without code whose hooks run in the test's own process: the same command with the same tools, in a tenth of the time. That hooks work as
 * processes is for `charm-folder.ts` to show, once for each protocol.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIGURATION, hookCommand } from '../../adapters/charm/command.ts';
import type { CharmFunction } from './juju.ts';

/** A charm of this configuration; a hook that complains fails the test. */
export const charmHere = (configuration: string): CharmFunction => (variables, runTool) => {
  const path = join(variables['JUJU_CHARM_DIR'] ?? assert.fail('a unit has a folder'), CONFIGURATION);
  writeFileSync(path, configuration);
  return hookCommand(path, { variables, runTool, complain: (line) => assert.fail(line) });
};
