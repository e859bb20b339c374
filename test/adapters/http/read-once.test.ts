/**
 * Bodies are read once: nothing is parsed, printed, and parsed again.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, mock } from 'node:test';
import { httpHandler } from '../../../adapters/http/mod.ts';

const { fetch } = httpHandler();

const document = JSON.parse(
  readFileSync(new URL('../../real/easyrsa-answered.json', import.meta.url), 'utf8'),
);

const shown = { 'web/0': { 'relation-info': [] }, 'web/1': { 'relation-info': [] } };

/** How often a text with all of a mark in it is parsed, and a value with it printed, while a body is answered. */
const counted = async (
  path: string,
  body: unknown,
  mark: string,
): Promise<readonly [parsed: number, printed: number]> => {
  const request = new Request(`http://localhost${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const parse = mock.method(JSON, 'parse');
  const stringify = mock.method(JSON, 'stringify');
  try {
    assert.equal((await fetch(request)).status, 200);
    return [
      parse.mock.calls.filter(({ arguments: [text] }) => String(text).includes(mark)).length,
      stringify.mock.calls.filter(({ result }) => String(result).includes(mark)).length,
    ];
  } finally {
    parse.mock.restore();
    stringify.mock.restore();
  }
};

describe('a body', () => {
  it('is parsed once by /decide and /inspect, and never printed', async () => {
    for (const path of ['/decide', '/inspect']) {
      assert.deepEqual(await counted(path, document, '"localUnitData"'), [1, 0]);
    }
  });

  it('is parsed once by /inspect where it is output of juju show-unit, or several', async () => {
    assert.deepEqual(await counted('/inspect', shown, '"relation-info"'), [1, 0]);
    assert.deepEqual(await counted('/inspect', { documents: [shown, shown] }, '"relation-info"'), [1, 0]);
  });

  it('is parsed once more for each document in it that is a text', async () => {
    const texts = [JSON.stringify(shown), JSON.stringify(shown)];
    assert.deepEqual(await counted('/inspect', { documents: texts }, 'relation-info'), [3, 0]);
  });
});
