#!/usr/bin/env node
/**
 * The program `tls-certificates hook` alone, as a charm's `dispatch`: `[hook] [--config FILE]`, and nothing that a hook does not need.
 *
 * @module
 */
import process from 'node:process';
import { configurationIn, hookCommand } from './command.ts';
import { complainOnStandardError } from './hook.ts';
import { quietAboutExperimentalCrypto } from './quiet.ts';

quietAboutExperimentalCrypto();
const [first, ...rest] = process.argv.slice(2);
const path = configurationIn(first === 'hook' ? rest : process.argv.slice(2));
if (path === null) {
  complainOnStandardError('expected [hook] [--config FILE]: this program can only run as a hook');
  process.exit(2);
}
// Explicitly, since open handles would keep the machine's other units waiting.
process.exit(await hookCommand(path));
