/**
 * How one installation goes, step by step, and how it ended.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '../../core/model/finding.ts';
import type { HostError } from '../host.ts';
import { type Batch, bring } from './bring.ts';
import type { Commands } from './command.ts';
import type { Due } from './due.ts';
import type { Argv } from './entry.ts';
import { problemOf } from './fault.ts';
import type { Known } from './record.ts';

/**
 * How an installation ended: it was so already, it was changed and its command has succeeded, the other side has not
 * answered yet, what it answered is refused and what was there is kept (also where what is there has ended and was not
 * renewed), or something on this machine failed.
 */
export type InstallState = 'unchanged' | 'changed' | 'waiting' | 'refused' | 'failed';

/** What came of one installation. */
export interface Installed {
  /** As {@link Installation} has it; `trustStore` for CAs that no installation has there any more. */
  readonly name: string;
  readonly state: InstallState;
  /** One sentence for people where it waits, is refused or failed, without secrets. */
  readonly message: string | null;
  readonly findings: ReadonlyArray<Finding>;
  /** What failed on this machine. */
  readonly problems: ReadonlyArray<HostError>;
  /** Lines for the log and for nothing else: what a command printed that failed, without keys. */
  readonly log: ReadonlyArray<string>;
}

/** What happens to one installation, put together step by step. */
export class Progress {
  readonly #problems: Array<HostError> = [];
  readonly #findings: Array<Finding> = [];
  readonly #log: Array<string> = [];
  readonly #record: Map<string, Known>;
  readonly #name: string;
  readonly #now: Date | null;
  #isChanged = false;
  #isRefused = false;

  constructor(name: string, record: Map<string, Known>, now: Date | null) {
    this.#name = name;
    this.#now = now;
    this.#record = record;
  }

  /** Whose problem it is comes first: people look for it in the configuration. */
  #note(problem: HostError): void {
    this.#problems.push({ ...problem, message: `${this.#name}: ${problem.message}` });
  }

  /** Does something that may fail without the rest having to; tells whether it did not. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#note(problemOf(error));
      return false;
    }
  }

  /** Brings files onto disk; `announce` comes before the first change. Tells whether nothing failed. */
  async bring(batch: Batch, announce: () => Promise<void>): Promise<boolean> {
    return await this.attempt(async () => {
      const { state, findings, known } = await bring(batch, this.#record.get(batch.id), this.#now, announce);
      this.#findings.push(...findings);
      this.#isChanged ||= state === 'changed';
      this.#isRefused ||= state === 'refused';
      if (known !== null) this.#record.set(batch.id, known);
    });
  }

  /**
   * Runs what is due, and takes the note away where it succeeds, or where there is no command any more. `keys` are those
   * that the command may come across: where there are any, what it prints is for the log alone.
   */
  async follow(
    due: Due,
    commands: Commands,
    argv: Argv | null,
    seconds: number,
    keys: ReadonlyArray<string>,
  ): Promise<void> {
    await this.attempt(async () => {
      if (!(await due.isSet())) return;
      const log = keys.length === 0 ? null : (line: string): void => void this.#log.push(`${this.#name}: ${line}`);
      const ran = argv === null ? E.right(undefined) : await commands(argv, seconds, { keys, log });
      if (E.isLeft(ran)) {
        this.#note({ _tag: 'HostError', reason: 'failed', message: ran.left });
        return;
      }
      this.#isChanged = true;
      await due.clear();
    });
  }

  /** How it ended; `missing` is what it waits for. */
  end(missing: string | null): Installed {
    const [problem] = this.#problems;
    const refusal = this.#findings.find(({ severity }) => severity === 'error');
    const found = { name: this.#name, findings: this.#findings, problems: this.#problems, log: this.#log };
    if (problem !== undefined) return { ...found, state: 'failed', message: problem.message };
    if (this.#isRefused) {
      return { ...found, state: 'refused', message: `${this.#name}: ${refusal?.message ?? 'it cannot be used'}` };
    }
    if (missing !== null) return { ...found, state: 'waiting', message: `${this.#name}: ${missing}` };
    return { ...found, state: this.#isChanged ? 'changed' : 'unchanged', message: null };
  }
}
