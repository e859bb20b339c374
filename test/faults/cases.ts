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

/** A long value that is put into a document, or at the end of a text: `before`, then `unit` so many times (`{i}` is its number), then `after`. */
export interface Inflate {
  readonly at?: ReadonlyArray<string | number>;
  readonly before: string;
  readonly unit: string;
  readonly times: number;
  readonly after: string;
}

/** The command `inspect`, in text and as JSON. */
export interface InspectCase extends FaultCase {
  readonly command: 'inspect';
  readonly files: ReadonlyArray<string>;
  readonly inflate?: Inflate;
  readonly expect: {
    readonly exit?: number;
    /** The worst severity among the findings; `none` is less than `info`. */
    readonly atLeast?: Worst;
    readonly atMost?: Worst;
    /** One of these is among the findings. */
    readonly codes?: ReadonlyArray<string>;
    readonly notCodes?: ReadonlyArray<string>;
    /** Some finding's message has it. */
    readonly says?: ReadonlyArray<string>;
    /** The text that is printed has it; of a list in the list, one. */
    readonly mentions?: ReadonlyArray<string | ReadonlyArray<string>>;
    readonly never?: ReadonlyArray<string>;
    /** How many examinations there are. */
    readonly relations?: number;
  };
}

/** A severity, or that there is none. */
export type Worst = 'none' | 'info' | 'warning' | 'error';

/** The command `decide`; several files are hooks one after the other, each with the memory of the one before. */
export interface DecideCase extends FaultCase {
  readonly command: 'decide';
  readonly files: ReadonlyArray<string>;
  readonly inflate?: Inflate;
  readonly expect: {
    readonly writes?: 'none';
    readonly findings?: 'some' | 'none';
    readonly notCodes?: ReadonlyArray<string>;
    readonly keysSet?: ReadonlyArray<string>;
    /** Characters that no written key has. */
    readonly keysNever?: ReadonlyArray<string>;
    readonly flagsSet?: ReadonlyArray<string>;
    readonly flagsNotSet?: ReadonlyArray<string>;
  };
}

/** `verify` and then `mismatches` for each of its names, or `match`, of `./x509`. */
export interface X509Case extends FaultCase {
  readonly command: 'verify' | 'match';
  readonly files: readonly [string];
  readonly expect: { readonly accept: boolean };
}

/** A unit asks an authority for certificates. */
export interface AuthorityCase extends FaultCase {
  readonly command: 'authority';
  readonly requests: ReadonlyArray<{ readonly commonName: string; readonly sans: ReadonlyArray<string> }>;
  /** Names as `type:value`; refused with a finding is as good. */
  readonly expect: { readonly sans?: ReadonlyArray<string>; readonly noSanOfType?: string };
}

/** A file beside the cases. */
export const faultFile = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** All cases. */
export const FAULT_CASES: ReadonlyArray<FaultCase> =
  // The file is as it was handed over: its form is the one above.
  JSON.parse(faultFile('cases.json')) as ReadonlyArray<FaultCase>;

/** Whether a case is one of a hook. */
export const isHookCase = (it: FaultCase): it is HookCase => it.command === 'hook';

/** Whether a case is an inspection. */
export const isInspectCase = (it: FaultCase): it is InspectCase => it.command === 'inspect';

/** Whether a case is a decision. */
export const isDecideCase = (it: FaultCase): it is DecideCase => it.command === 'decide';

/** Whether a case is one of X.509 alone. */
export const isX509Case = (it: FaultCase): it is X509Case => it.command === 'verify' || it.command === 'match';

/** Whether a case is one of an authority. */
export const isAuthorityCase = (it: FaultCase): it is AuthorityCase => it.command === 'authority';

/** A text in which case and runs of white space are of no account. */
export const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ');

/** A case's document with its long value put in, `times` units long. */
export const inflated = (text: string, { at, before, unit, after }: Inflate, times: number): string => {
  const value = `${before}${
    Array.from({ length: times }, (_, i) => unit.replaceAll('{i}', String(i))).join('')
  }${after}`;
  if (at === undefined) return text + value;
  const document: unknown = JSON.parse(text);
  const place = at.slice(0, -1).reduce((inner: unknown, key) => Reflect.get(Object(inner), key), document);
  Reflect.set(Object(place), at.at(-1) ?? '', value);
  return JSON.stringify(document);
};
