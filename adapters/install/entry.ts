/**
 * An installation: which of a requirer's certificates go where, who owns the files, and what to run after a change.
 *
 * @module
 */
import type { CertType } from '../../core/model/certificate.ts';

/** What a file can hold. */
export const CONTENTS = ['cert', 'key', 'fullChain', 'ca'] as const;

/**
 * What a file holds: the certificate alone, its private key, the certificate with the intermediate CAs above it, or the published CA.
 */
export type FileContent = typeof CONTENTS[number];

/** A requested certificate. */
export interface WantedCertificate {
  readonly certType: CertType;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
}

/** A program with its arguments; no shell sees them. */
export type Argv = readonly [program: string, ...args: ReadonlyArray<string>];

/** Files that belong together: they are replaced together, and one command follows. */
export interface Installation {
  /** Its name in messages, e.g. `install[0]`. */
  readonly name: string;
  /** Null if only the CA is installed. */
  readonly wanted: WantedCertificate | null;
  /** Absolute paths; no path occurs twice among all installations. */
  readonly files: { readonly [C in FileContent]?: string };
  /** Whether the CA also goes into the system's trust store. */
  readonly trustStore: boolean;
  /** Whether a file with the CA is removed when no CA is published any more; it stays by default. */
  readonly removesCa?: boolean;
  /** Names or numbers; those of the process by default. */
  readonly owner: string | null;
  readonly group: string | null;
  /** Mode of the file with the key; the others have 0644. */
  readonly keyMode: number;
  /** Whether missing folders are created, with mode 0755, or are an error. */
  readonly makeFolders: boolean;
  readonly run: Argv | null;
  /** Seconds after which the command is stopped. */
  readonly timeout: number;
}

/** Default mode of a file with a private key. */
export const KEY_MODE = 0o600;

/** Mode of any other file. */
export const OPEN_MODE = 0o644;

/** Seconds after which a command is stopped by default. */
export const TIMEOUT = 60;

/** The contents for which an installation has files, and their paths. */
export const pathsOf = (files: Installation['files']): ReadonlyArray<readonly [FileContent, string]> =>
  CONTENTS.flatMap((content) => {
    const path = files[content];
    return path === undefined ? [] : [[content, path] as const];
  });
