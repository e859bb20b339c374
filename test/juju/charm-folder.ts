/**
 * Charm folders for the Juju to test against: a configuration, and a `dispatch` that starts the bundled hook on the present runtime.
 *
 * @module
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'yaml';
import { actionsYaml } from '../../tools/actions.ts';
import { RUNTIME } from '../command.ts';

let bundled: Promise<string> | null = null;

/** The hook's bundle in a folder of its own, made once in a process and removed with it. */
const hookBundle = (): Promise<string> => {
  bundled ??= (async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'hook-'));
    process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
    // The very bundle that charms are made of. A computed path, since there are no types for it.
    const { bundleHook } = await import(new URL('../../tools/bundle.mjs', import.meta.url).href);
    await bundleHook(outdir);
    return join(outdir, 'hook.mjs');
  })();
  return bundled;
};

/** How the present runtime is started, without any permission that a charm's `dispatch` would not give. */
const [BEFORE, CACHE] = RUNTIME === 'deno' ? ['run --quiet --no-config --allow-all', 'DENO_DIR=/dev/null '] : ['', ''];

/** Makes a charm in a folder that does not exist yet. */
export const charmFolder = async (folder: string, configuration: string): Promise<string> => {
  const bundle = await hookBundle();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'metadata.yaml'), 'name: charm\n');
  writeFileSync(join(folder, 'tls-certificates.yaml'), configuration);
  // As the build writes it.
  writeFileSync(join(folder, 'actions.yaml'), actionsYaml(parse(configuration)?.side));
  const dispatch = `#!/bin/sh\n${CACHE}exec '${process.execPath}' ${BEFORE} '${bundle}'\n`;
  writeFileSync(join(folder, 'dispatch'), dispatch);
  chmodSync(join(folder, 'dispatch'), 0o755);
  return folder;
};
