/**
 * DER has one form for each value: every other one is refused, however harmless.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elementOf, elementsOf, reading } from '../../../core/x509/der.ts';
import * as f from './forge.ts';

const flawOf = (...bytes: ReadonlyArray<number>): string => {
  const read = reading(() => elementsOf(Uint8Array.from(bytes)));
  return read._tag === 'Left' ? read.left : `read ${read.right.length}`;
};

const content = (length: number): ReadonlyArray<number> => Array.from({ length }, () => 0);

describe('DER', () => {
  it('elementsOf() takes a length only in the fewest bytes', () => {
    assert.equal(flawOf(0x04, 0x7f, ...content(0x7f)), 'read 1');
    assert.equal(flawOf(0x04, 0x81, 0x80, ...content(0x80)), 'read 1');
    assert.equal(flawOf(0x04, 0x81, 0xff, ...content(0xff)), 'read 1');
    assert.equal(flawOf(0x04, 0x82, 0x01, 0x00, ...content(0x100)), 'read 1');
    assert.equal(flawOf(0x04, 0x83, 0x01, 0x00, 0x00, ...content(0x10000)), 'read 1');
    // The same lengths in more bytes than they need.
    assert.equal(flawOf(0x04, 0x81, 0x00), 'length');
    assert.equal(flawOf(0x04, 0x81, 0x05, ...content(5)), 'length');
    assert.equal(flawOf(0x04, 0x81, 0x7f, ...content(0x7f)), 'length');
    assert.equal(flawOf(0x04, 0x82, 0x00, 0x80, ...content(0x80)), 'length');
    assert.equal(flawOf(0x04, 0x82, 0x00, 0xff, ...content(0xff)), 'length');
    assert.equal(flawOf(0x04, 0x83, 0x00, 0x01, 0x00, ...content(0x100)), 'length');
    assert.equal(flawOf(0x04, 0x84, 0x00, 0x01, 0x00, 0x00, ...content(0x10000)), 'length');
    assert.equal(flawOf(0x04, 0x85, 0x00, 0x00, 0x00, 0x00, 0x05, ...content(5)), 'length');
  });

  it('elementsOf() refuses indefinite lengths, ends that come early, and tags of several bytes', () => {
    assert.equal(flawOf(0x30, 0x80, 0x00, 0x00), 'length');
    assert.equal(flawOf(0x30, 0xff), 'length');
    for (const bytes of [[0x04], [0x04, 0x01], [0x04, 0x81], [0x04, 0x82, 0x01], [0x04, 0x03, 0, 0]]) {
      assert.equal(flawOf(...bytes), 'length');
    }
    for (const tag of [0x1f, 0x3f, 0x9f, 0xff]) assert.equal(flawOf(tag, 0x00), 'unexpected-value');
    assert.equal(flawOf(), 'read 0');
    assert.equal(flawOf(0x05, 0x00, 0x04, 0x01, 0x00), 'read 2');
  });

  it('elementOf() takes one value and no byte more', () => {
    const flaw = (bytes: Uint8Array): string => {
      const read = reading(() => elementOf(bytes));
      return read._tag === 'Left' ? read.left : 'read';
    };
    assert.equal(flaw(f.der(0x05)), 'read');
    assert.equal(flaw(Uint8Array.of(0x05, 0x00, 0x05, 0x00)), 'left-over');
    assert.equal(flaw(Uint8Array.of(0x05, 0x00, 0x05)), 'length');
    assert.equal(flaw(new Uint8Array()), 'length');
  });
});
