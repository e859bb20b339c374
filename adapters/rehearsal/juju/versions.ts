/**
 * What some versions of Juju have and others lack.
 *
 * @module
 */
import { TOOLS } from './arguments.ts';

/** Whether a version is before 2.8, when agents kept no state. */
export const before28 = (version: string): boolean => /^(1|2\.[0-7])\./.test(version);

/** The tools that a version lacks: state came with 2.8, secrets with 3.0. */
export const missingIn = (version: string): ReadonlyArray<string> =>
  TOOLS.filter((tool) =>
    tool.startsWith('state-') ? before28(version) : tool.startsWith('secret-') && Number.parseInt(version, 10) < 3
  );
