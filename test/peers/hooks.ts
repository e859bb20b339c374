/**
 * How many hooks two need to come to rest, held against what the Python library needs with itself.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Hooks } from './lives.ts';

/**
 * Where ours takes more, and why. The new CSR stands beside the old one until it is answered, so that there is no moment without a
 * certificate. In the hook that first sees the new certificate, the old CSR is withdrawn: the provider hears of that and withdraws its old
 * answer, which the requirer hears of. These two hooks could only be saved by leaving the old CSR in the databag, with an answer that
 * nobody needs. Python withdraws the old CSR first.
 */
const OVERLAP: Hooks = { renewal: 2 };

/** No more hooks than Python needs with itself, but for what the overlap of a renewal of ours takes. */
export const noMoreHooks = (ours: Hooks, python: Hooks, requirer: 'ours' | 'python'): void => {
  for (const [what, count] of Object.entries(ours)) {
    const most = (python[what] ?? 0) + (requirer === 'ours' ? OVERLAP[what] ?? 0 : 0);
    assert.ok(count <= most, `${what}: ${count} hooks, and Python with itself needs ${python[what]}`);
  }
};
