/**
 * Scenarios for tests, from their text to what came of them.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  entryLines,
  readScenario,
  type Rehearsal,
  type RehearsalOptions,
  rehearse,
  type Scenario,
} from '../../../adapters/rehearsal/mod.ts';
import { orThrow } from '../../../adapters/host.ts';

/** A scenario by its text. */
export const scenario = (text: string): Promise<Scenario> =>
  orThrow(readScenario('scenario.yaml', new TextEncoder().encode(text)));

/** What is wrong with a text that is no scenario. */
export const complaintOf = async (text: string): Promise<string> => {
  const read = await readScenario('scenario.yaml', new TextEncoder().encode(text))();
  return read._tag === 'Left' ? read.left.message : assert.fail('it is a scenario');
};

/** Plays a scenario by its text. */
export const played = async (text: string, options: RehearsalOptions = {}): Promise<Rehearsal> =>
  await orThrow(rehearse(await scenario(text), options));

/** What did not hold. */
export const broken = ({ checks }: Rehearsal): ReadonlyArray<string> =>
  checks.flatMap(({ expected, but }) => (but === null ? [] : [`${expected}: ${but}`]));

/** The whole story as text. */
export const storyOf = ({ story }: Rehearsal): string => story.flatMap((entry) => entryLines(entry)).join('\n');

/** Lends a folder with a charm: its metadata and its program. */
export const withCharm = async <A>(program: string, use: (base: string) => Promise<A>): Promise<A> => {
  const base = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  try {
    const folder = join(base, 'charm');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'metadata.yaml'),
      'name: shell\nrequires:\n  certificates:\n    interface: tls-certificates\n',
    );
    writeFileSync(join(folder, 'config.yaml'), 'options:\n  domain: { type: string, default: shell.example }\n');
    writeFileSync(join(folder, 'dispatch'), program);
    chmodSync(join(folder, 'dispatch'), 0o755);
    return await use(base);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
};

/** A charm in shell that asks by name, and writes the certificate that it gets below /etc. */
export const SHELL = `#!/bin/sh
name=$(echo "$JUJU_UNIT_NAME" | tr / _)
case "$JUJU_HOOK_NAME" in
  certificates-relation-created)
    relation-set -r "$JUJU_RELATION_ID" unit_name="$name" common_name="$(config-get domain)" certificate_name=some
    status-set waiting 'asked' ;;
  certificates-relation-changed)
    certificate=$(relation-get -r "$JUJU_RELATION_ID" "$name.server.cert" "$JUJU_REMOTE_UNIT")
    if [ -n "$certificate" ]; then
      mkdir -p /etc/shell-charm-of-a-test && echo "$certificate" > /etc/shell-charm-of-a-test/tls.crt
      status-set active
    fi ;;
esac
`;
