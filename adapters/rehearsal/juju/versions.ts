/**
 * What agents of one version have and others have not.
 *
 * @module
 */
import { TOOLS } from './arguments.ts';

/** Whether it is before 2.8, when agents kept no state. */
export const before28 = (version: string): boolean => /^(1|2\.[0-7])\./.test(version);

/** The tools that a version has not: state came with 2.8, secrets with 3.0. */
export const missingIn = (version: string): ReadonlyArray<string> =>
  TOOLS.filter((tool) =>
    tool.startsWith('state-') ? before28(version) : tool.startsWith('secret-') && Number.parseInt(version, 10) < 3
  );
