/**
 * The measured faults of certificates and keys alone: each case as it was handed over.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as read, match, mismatches, verify } from '../../core/x509/mod.ts';
import { FAULT_CASES, faultFile, isX509Case, type X509Case } from './cases.ts';

const CASES = FAULT_CASES.filter(isX509Case);

const accepts = async ({ command, files: [file] }: X509Case): Promise<boolean> => {
  const { names = [], now, ...input } = JSON.parse(faultFile(file));
  if (command === 'match') return (await match(input)())._tag === 'Right';
  const verified = await verify({ ...input, now: new Date(now) })();
  const [certificate] = read(input.certificate).certificates;
  return verified._tag === 'Right' && certificate !== undefined &&
    names.every((name: string) =>
      mismatches(certificate, { certType: input.purpose, commonName: name, sans: [name] }).length === 0
    );
};

describe('faults of certificates and keys', () => {
  it('there are cases', () => assert.ok(CASES.length >= 6));

  for (const one of CASES) {
    it(`${one.command}: ${one.id}`, async () => assert.equal(await accepts(one), one.expect.accept));
  }
});
