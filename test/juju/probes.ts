/**
 * What the real hook tools of Juju 3.6.28 and 4.0.15 said when they were asked: failures, awkward values, keys and documents.
 *
 * Measured with the real tools and their server, with a controller in memory behind them. The data is in `probes/`.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { ToolErrorKind } from '../../adapters/juju/tool-error.ts';

/** A version of Juju that was asked. */
export type JujuLine = '2.9' | '3.6' | '4.0';

/** A failure of a tool. */
export interface ToolErrorProbe {
  readonly tool: string;
  readonly situation: string;
  /** The versions that say so. `3.6` stands for 3.1 to 3.6. */
  readonly juju: ReadonlyArray<JujuLine>;
  readonly exit: number;
  readonly stderr: string;
  readonly meaning: ToolErrorKind;
  /** `run`: by the real tools. `controller`: the controller's words, through the real tools. `documents`: from sources. */
  readonly source: 'run' | 'controller' | 'documents';
}

/** A text, or one that many repeats make. */
export type ProbeText = string | { readonly repeat: string; readonly times: number };

/** What came of writing and reading back: the same, a failure, or another value. */
export type Came =
  | 'same'
  | { readonly exit: number; readonly stderr?: string; readonly read?: unknown; readonly z?: string | null };

/** What came of it; where versions differ, by version. */
export type CameOf = Came | { readonly '3.6': Came; readonly '4.0': Came };

/** What came of it, by the tool that wrote. */
export type ByTool = { readonly [T in 'relation-set' | 'state-set' | 'secret-add']?: CameOf };

/** All that was asked. */
export interface Values {
  readonly values: ReadonlyArray<ByTool & { readonly name: string; readonly value: ProbeText }>;
  readonly keys: ReadonlyArray<ByTool & { readonly key: ProbeText }>;
  readonly documents: ReadonlyArray<
    ByTool & { readonly name: string; readonly text?: string; readonly base64?: string }
  >;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`probes/${name}.json`, import.meta.url), 'utf8'));

/** The failures. */
export const TOOL_ERRORS: ReadonlyArray<ToolErrorProbe> =
  // The file is as measured: its form is the one above.
  read('tool-errors') as ReadonlyArray<ToolErrorProbe>;

/** The values, keys and documents. */
export const VALUES: Values =
  // As above.
  read('values') as Values;

/** The text itself. */
export const textOf = (text: ProbeText): string => (typeof text === 'string' ? text : text.repeat.repeat(text.times));

/** What came of it in a version. */
export const cameIn = (came: CameOf, version: '3.6' | '4.0'): Came =>
  typeof came === 'object' && '3.6' in came ? came[version] : came;
