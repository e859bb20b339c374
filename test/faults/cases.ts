/**
 * The measured faults that lie beside this file, as data: each says what is right. What the fields mean stands with their types.
 *
 * A kind is a fault, and a case is one input that shows it. Runners of other commands add the fields that they need.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

/** How a case is run. */
export type FaultCommand = 'inspect' | 'decide' | 'verify' | 'match' | 'hook' | 'authority';

/** What all cases have. */
export interface FaultCase {
  readonly id: string;
  readonly kind: string;
  readonly command: FaultCommand;
  readonly why: string;
}

/** What a tool says instead of its answer. */
export interface ToolFailure {
  readonly exit: number;
  readonly stderr: string;
}

/** What Juju's tools know in a case, and which hook they are asked in. */
export interface CaseJuju {
  readonly unit: string;
  readonly hook: string;
  readonly relationId: string;
  readonly remoteUnit?: string;
  readonly departing?: string;
  readonly isLeader?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly addresses: ReadonlyArray<string>;
  readonly relations: Readonly<
    Record<string, {
      readonly remoteApplication: string;
      /** The unit's own databag. */
      readonly local: Readonly<Record<string, string>>;
      readonly units: Readonly<Record<string, Readonly<Record<string, string>>>>;
      /** Units that have left, whose databags can still be read by name. */
      readonly gone?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }>
  >;
  /** By tool, by tool and last argument, or `*`. */
  readonly errors?: Readonly<Record<string, ToolFailure>>;
  /** What `secret-get` says of a label that nobody has. */
  readonly secretNotFound?: string;
  readonly missingTools?: ReadonlyArray<string>;
  /** What lies in the charm's folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a published value has to be: this text, one that begins so, or the same text but for white space at its ends. */
export type Expected = string | { readonly startsWith: string } | { readonly same: string };

/** A hook: `tls-certificates hook` with `config` as its configuration. */
export interface HookCase extends FaultCase {
  readonly command: 'hook';
  readonly config: unknown;
  readonly juju: CaseJuju;
  readonly expect: {
    readonly exit?: number;
    readonly status?: string;
    /** The unit's own databags afterwards, by relation and key. */
    readonly published?: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
    readonly publishedNot?: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
    /** Keys that are not there. */
    readonly notPublished?: Readonly<Record<string, ReadonlyArray<string>>>;
    /** In status, log or standard error; of a list in the list, one. */
    readonly mentions?: ReadonlyArray<string | ReadonlyArray<string>>;
    readonly never?: ReadonlyArray<string>;
  };
}

/** A file beside the cases. */
export const faultFile = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** All cases. */
export const FAULT_CASES: ReadonlyArray<FaultCase> =
  // The file is as it was handed over: its form is the one above.
  JSON.parse(faultFile('cases.json')) as ReadonlyArray<FaultCase>;

/** Whether a case is one of a hook. */
export const isHookCase = (it: FaultCase): it is HookCase => it.command === 'hook';
