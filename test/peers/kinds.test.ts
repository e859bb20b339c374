/**
 * Ours meets the Python library with other keys and for other certificates than most charms ask for: P-256, and CAs.
 *
 * @module
 */
import { describe, it } from 'node:test';
import type { Asked } from './asked.ts';
import { noMoreHooks } from './hooks.ts';
import { type Hooks, lifeOfKind } from './lives.ts';
import { meet } from './meeting.ts';
import { withoutPython } from './python.ts';

const PYTHON = '1.12.0';

/** What is asked for. Neither takes other hooks than what everybody asks for. */
const KINDS: Readonly<Record<string, Partial<Asked>>> = {
  'a certificate of a P-256 key': { keys: 'P-256' },
  "a CA's certificate": { certType: 'intermediate' },
};

let known: Promise<Hooks> | null = null;

/** What Python needs with itself, found out once. */
const withItself = (): Promise<Hooks> =>
  known ??= meet({ provider: PYTHON, requirer: PYTHON, ...KINDS["a CA's certificate"] }, lifeOfKind);

describe('ours and the kinds that the Python library can ask for', () => {
  for (const [what, asked] of Object.entries(KINDS)) {
    it(
      `our provider gives ${what} to Python's requirer`,
      { skip: withoutPython },
      () =>
        meet({ provider: 'ours', requirer: PYTHON, ...asked }, async (meeting) => {
          noMoreHooks(await lifeOfKind(meeting), await withItself(), 'python');
        }),
    );

    it(
      `our requirer gets ${what} from Python's provider`,
      { skip: withoutPython },
      () =>
        meet({ provider: PYTHON, requirer: 'ours', ...asked }, async (meeting) => {
          noMoreHooks(await lifeOfKind(meeting), await withItself(), 'ours');
        }),
    );
  }
});
