/**
 * Faults that were measured elsewhere, with the right answer for each: test/data/x509-faults.json.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { describe as read, match, type MatchInput, mismatches, verify } from '../../../core/x509/mod.ts';

interface Case {
  readonly id: string;
  readonly command: 'verify' | 'match';
  readonly accept: boolean;
  readonly input: MatchInput & {
    readonly chain?: string;
    readonly ca: string;
    readonly now: string;
    readonly purpose: 'server' | 'client';
    readonly names?: ReadonlyArray<string>;
  };
}

const { cases }: { readonly cases: ReadonlyArray<Case> } = JSON.parse(
  readFileSync(new URL('../../data/x509-faults.json', import.meta.url), 'utf8'),
);

const accepts = async ({ command, input }: Case): Promise<boolean> => {
  if (command === 'match') return (await match(input)())._tag === 'Right';
  const { names = [], now, purpose } = input;
  const verified = await verify({ ...input, now: new Date(now) })();
  const [certificate] = read(input.certificate).certificates;
  return verified._tag === 'Right' && certificate !== undefined &&
    names.every((name) => mismatches(certificate, { certType: purpose, commonName: name, sans: [name] }).length === 0);
};

describe('faults that were measured', () => {
  for (const one of cases) {
    it(`${one.accept ? 'accepts' : 'refuses'} ${one.id}`, async () => assert.equal(await accepts(one), one.accept));
  }
});
