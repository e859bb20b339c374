#!/usr/bin/env node
/**
 * The program `tls-certificates`: a hook starts immediately; everything else first loads the command line.
 *
 * @module
 */
import process from 'node:process';
import { configurationIn, hookCommand } from './charm/command.ts';
import { quietAboutExperimentalCrypto } from './charm/quiet.ts';

quietAboutExperimentalCrypto();
const [command, ...args] = process.argv.slice(2);
const configuration = command === 'hook' ? configurationIn(args) : null;
if (configuration === null) await import('./cli/main.ts');
// Explicitly, since anything still open would keep the machine's other units waiting.
else process.exit(await hookCommand(configuration));
