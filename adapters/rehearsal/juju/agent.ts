/**
 * The agent: starts a charm's program for a hook, or calls a charm in this process, and answers its tool calls.
 *
 * Source: docs/hook-environment.md sections 1.1, 1.3 and 2.1.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Ending, ToolCall } from '../../juju/tool-error.ts';
import type { HookContext, HookKind } from './context.ts';
import { hookEnvironment } from './hook-environment.ts';
import { type CharmCode, type CharmFunction, type Ended, type JujuOptions, Killed, type SeenCall } from './seen.ts';
import { type AgentSocket, type Answer, makeTools, openSocket, type Request } from './socket.ts';
import { type Reply, runTool } from './tools.ts';
import { missingIn } from './versions.ts';

/** How a hook ended, and the calls that it made. */
export interface EndedHook extends Ended {
  readonly calls: ReadonlyArray<SeenCall>;
}

interface Running {
  readonly context: HookContext;
  readonly calls: Array<SeenCall>;
  child: ChildProcess | null;
}

/** The result of a hook without a program: it counts as done. */
const NOTHING_TO_RUN: Ended = { code: 0, stdout: '', stderr: '' };

/** The program for a hook: `dispatch`, or else the hook's own. Null if there is neither. */
const programOf = (folder: string, { hook, action }: HookKind): string | null => {
  const own = action === undefined ? join('hooks', hook) : join('actions', action);
  return [join(folder, 'dispatch'), ...(hook === '' && action === undefined ? [] : [join(folder, own)])]
    .find((path) => existsSync(path)) ?? null;
};

/** The agent of all units. */
export class Agent {
  readonly #folder: string;
  readonly #options: JujuOptions;
  readonly #versionNow: () => string;
  #socket: AgentSocket | null = null;
  #running: Running | null = null;
  interfere: JujuOptions['interfere'];

  /** `versionNow` is asked in each hook, since agents are upgraded. */
  constructor(folder: string, versionNow: () => string, options: JujuOptions) {
    this.#folder = folder;
    this.#versionNow = versionNow;
    this.#options = options;
    this.interfere = options.interfere;
  }

  async close(): Promise<void> {
    await this.#socket?.close();
  }

  /** Runs a hook to its end. Its buffered changes are in its context. */
  async run(context: HookContext, code: CharmCode): Promise<EndedHook> {
    const calls: Array<SeenCall> = [];
    this.#running = { context, calls, child: null };
    try {
      const ended = typeof code === 'function'
        ? await this.#runHere(code, context)
        : code === null
        ? NOTHING_TO_RUN
        : await this.#runProcess(context);
      return { ...ended, calls };
    } finally {
      this.#running = null;
    }
  }

  #environment(context: HookContext): Record<string, string> {
    return {
      ...hookEnvironment(context, {
        version: this.#versionNow(),
        path: `${join(this.#folder, 'tools')}:${this.#options.path ?? process.env['PATH'] ?? ''}`,
        address: this.#socket?.address ?? '127.0.0.1:1',
      }),
      ...this.#options.variables?.(context.unit.name),
    };
  }

  /** Answers a tool call of the running hook. `kill` ends the hook. */
  #call(request: Omit<Request, 'contextId'>, kill: () => void): Reply | 'hang' | 'killed' {
    const running = this.#running;
    if (running === null) return { code: 1, stdout: '', stderr: 'ERROR bad request: no hook is running\n' };
    const { tool, args, stdin } = request;
    const { context, calls } = running;
    const text = stdin instanceof Uint8Array ? new TextDecoder().decode(stdin) : stdin;
    const seen = { unit: context.unit.name, hook: context.kind.hook, index: calls.length, tool, args, stdin: text };
    calls.push(seen);
    const interference = this.interfere?.(seen);
    if (interference === 'hang') return 'hang';
    if (typeof interference === 'object') return interference;
    if (interference === 'kill before') {
      kill();
      return 'killed';
    }
    const reply = runTool(context, tool, args, stdin);
    if (interference !== 'kill after') return reply;
    kill();
    return 'killed';
  }

  #answer({ contextId, ...request }: Request): Answer {
    const running = this.#running;
    if (running === null || running.context.id !== contextId) {
      return { code: 1, text: `ERROR bad request: wrong context ID; got ${JSON.stringify(contextId)}\n` };
    }
    const reply = this.#call(request, () => running.child?.kill('SIGKILL'));
    if (reply === 'hang') return null;
    // Nobody reads the reply, but the tool must not wait for ever.
    if (reply === 'killed') return { code: 1, text: '' };
    return { code: reply.code, text: reply.code === 0 ? reply.stdout : reply.stderr };
  }

  #runHere(code: CharmFunction, context: HookContext): Promise<Ended> {
    const tool = ({ tool, args, input }: ToolCall): Promise<Ending> => {
      if (missingIn(this.#versionNow()).includes(tool)) {
        return Promise.resolve({ _tag: 'not started', code: 'ENOENT' });
      }
      const reply = this.#call({ tool, args, stdin: input }, () => {});
      if (reply === 'killed') return Promise.reject(new Killed());
      return Promise.resolve(reply === 'hang' ? { _tag: 'killed', why: 'timeout' } : { _tag: 'exited', ...reply });
    };
    let stderr = '';
    const complain = (line: string): void => void (stderr += `${line}\n`);
    return code(this.#environment(context), tool, complain).then(
      (exit) => ({ code: exit, stdout: '', stderr }),
      (error) => {
        if (error instanceof Killed) return { code: null, stdout: '', stderr };
        throw error;
      },
    );
  }

  async #runProcess(context: HookContext): Promise<Ended> {
    if (this.#socket === null) {
      makeTools(join(this.#folder, 'tools'), missingIn(this.#versionNow()));
      this.#socket = await openSocket((request) => this.#answer(request));
    }
    const { unit, kind } = context;
    const program = programOf(unit.folder, kind);
    if (program === null) return NOTHING_TO_RUN;
    const [command, ...args] = this.#options.enter?.(unit.name, program) ?? [program];
    return await new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: unit.folder,
        env: this.#environment(context),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      if (this.#running !== null) this.#running.child = child;
      const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
      child.stdout.on('data', (chunk: Uint8Array) => chunks.stdout.push(chunk));
      child.stderr.on('data', (chunk: Uint8Array) => chunks.stderr.push(chunk));
      // The program exists but cannot run: the hook fails.
      child.on('error', ({ message }) => resolve({ code: 126, stdout: '', stderr: `${message}\n` }));
      child.on('close', (code) =>
        resolve({
          code,
          stdout: Buffer.concat(chunks.stdout).toString(),
          stderr: Buffer.concat(chunks.stderr).toString(),
        }));
    });
  }
}
