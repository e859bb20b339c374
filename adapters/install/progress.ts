/**
 * The progress of one installation, step by step, and its result.
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
 * The result of an installation: nothing had to change; it was changed and its command succeeded; the other side has not answered yet; the
 * answer is refused and the old files are kept (also if they have ended and were not renewed); or something on this machine failed.
 */
export type InstallState = 'unchanged' | 'changed' | 'waiting' | 'refused' | 'failed';

/** The result of one installation. */
export interface Installed {
  /** As in {@link Installation}; `trustStore` for CAs that no installation puts there any more. */
  readonly name: string;
  readonly state: InstallState;
  /** One sentence for people if it waits, is refused or failed, without secrets. */
  readonly message: string | null;
  readonly findings: ReadonlyArray<Finding>;
  /** What failed on this machine. */
  readonly problems: ReadonlyArray<HostError>;
  /** Lines for the log only: what a failed command printed, without keys. */
  readonly log: ReadonlyArray<string>;
}

/** What happens to one installation, collected step by step. */
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

  /** The installation comes first: people look for it in the configuration. */
  #note(problem: HostError): void {
    this.#problems.push({ ...problem, message: `${this.#name}: ${problem.message}` });
  }

  /** Does something that may fail on its own; tells whether it succeeded. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#note(problemOf(error));
      return false;
    }
  }

  /** Puts files on disk; calls `announce` before the first change. Tells whether nothing failed. */
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
   * Runs the command that is due, and removes the note if it succeeds or if there is no command any more. `keys` are those that the command
   * may see: if there are any, its output goes to the log only.
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

  /** The result; `missing` is what it waits for. */
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
