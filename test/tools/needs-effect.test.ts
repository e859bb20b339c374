/**
 * Doors of the package that need effect: they say what to type where it is missing, and are what they were where it is not.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

/** A module with this text, as a door, loaded. */
const load = async (text: string, names: ReadonlyArray<string>): Promise<Readonly<Record<string, unknown>>> => {
  const { needsEffect } = await import(new URL('../../tools/needs-effect.mjs', import.meta.url).href);
  const folder = mkdtempSync(join(tmpdir(), 'needs-effect-'));
  try {
    const file = join(folder, 'mod.js');
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(file, text);
    await needsEffect(file, 'http', names);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('needsEffect()', () => {
  it('names the command to type where effect is not installed', async () => {
    const text = "import * as Effect from 'effect/Effect';\nexport const all = Object.keys(Effect);\n";
    await assert.rejects(load(text, ['all']), ({ message, cause }: Error) => {
      assert.match(message, /interface-tls-certificates\/http needs the package effect/);
      assert.match(message, /Type: npm install effect@\d+\.\d+\.\d+$/);
      assert.ok(cause !== undefined, 'what the runtime said is kept');
      return true;
    });
  });

  it('passes on what the module exports where nothing is missing, and any other failure as it is', async () => {
    const { a, b } = await load('export const a = 1;\nexport const b = () => 2;\n', ['a', 'b']);
    assert.equal(a, 1);
    assert.equal(typeof b, 'function');
    await assert.rejects(load("throw new Error('another');\nexport const a = 1;\n", ['a']), { message: 'another' });
  });
});
