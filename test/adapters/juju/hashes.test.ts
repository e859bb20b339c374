/**
 * The runtime's own hashing gives what @noble/hashes gives, in whose place it stands.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import * as noble from '@noble/hashes/utils.js';
import fc from 'fast-check';
import * as own from '../../../adapters/juju/hashes.ts';
import { anyText } from '../../text.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });

/** The same bytes in the middle of others, as a view. */
const viewed = (bytes: Uint8Array): Uint8Array => new Uint8Array([7, ...bytes, 7]).subarray(1, bytes.length + 1);

describe('hashes', () => {
  it('sha256 and sha1 hash as the library does, at once and piece by piece', () =>
    fc.assert(
      fc.property(pieces, (parts) => {
        for (const [hash, reference] of [[own.sha256, nobleSha256], [own.sha1, nobleSha1]] as const) {
          const whole = own.concatBytes(...parts);
          const expected = [...reference(whole)];
          assert.deepEqual([...hash(viewed(whole))], expected);
          assert.deepEqual([...parts.reduce((so, part) => so.update(part), hash.create()).digest()], expected);
        }
      }),
    ));

  it('bytesToHex() and the like give what those of the library give', () =>
    fc.assert(
      fc.property(pieces, anyText(), (parts, text) => {
        assert.deepEqual([...own.concatBytes(...parts)], [...noble.concatBytes(...parts)]);
        const bytes = noble.concatBytes(...parts);
        assert.equal(own.bytesToHex(viewed(bytes)), noble.bytesToHex(bytes));
        assert.deepEqual([...own.hexToBytes(noble.bytesToHex(bytes))], [...bytes]);
        assert.deepEqual([...own.utf8ToBytes(text)], [...noble.utf8ToBytes(text)]);
      }),
    ));
});
