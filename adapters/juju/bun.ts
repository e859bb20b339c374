/**
 * The part of Bun's own API that a hook uses when it runs on Bun: the `node:` modules for the same purpose take milliseconds to load.
 *
 * @module
 */

/** How a program ended that we waited for. */
export interface BunEnded {
  /** Null if it was killed. */
  readonly exitCode: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitedDueToTimeout?: boolean;
  readonly exitedDueToMaxBuffer?: boolean;
}

/** The part of the global `Bun`. */
export interface BunItself {
  readonly spawnSync: (options: {
    readonly cmd: ReadonlyArray<string>;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stdin: Uint8Array | 'ignore';
    readonly stdout: 'pipe';
    readonly stderr: 'pipe';
    readonly timeout: number;
    readonly killSignal: 'SIGKILL';
    readonly maxBuffer: number;
  }) => BunEnded;
  readonly CryptoHasher: new (algorithm: 'sha256' | 'sha1') => {
    update(bytes: Uint8Array): unknown;
    digest(): Uint8Array;
  };
}

/** Null on other runtimes. Cast through `unknown`: Bun's own types are not available when the package is compiled. */
export const bun: BunItself | null = (globalThis as unknown as { readonly Bun?: BunItself }).Bun ?? null;
