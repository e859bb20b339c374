/**
 * An installation: which of a requirer's certificates go where, whose the files are, and what is run after a change.
 *
 * @module
 */
import type { CertType } from '../../core/model/certificate.ts';

/** What a file can hold. */
export const CONTENTS = ['cert', 'key', 'fullChain', 'ca'] as const;

/**
 * What a file holds: the certificate alone, its private key, the certificate with the intermediate CAs above it, or the
 * CA that was published.
 */
export type FileContent = typeof CONTENTS[number];

/** A certificate that was asked for. */
export interface WantedCertificate {
  readonly certType: CertType;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
}

/** A program with its arguments: no shell sees them. */
export type Argv = readonly [program: string, ...args: ReadonlyArray<string>];

/** What belongs together: it is replaced together, and one command follows. */
export interface Installation {
  /** As messages mention it, e.g. `install[0]`. */
  readonly name: string;
  /** Null where nothing but the CA is installed. */
  readonly wanted: WantedCertificate | null;
  /** Absolute paths; no path stands twice in all installations. */
  readonly files: { readonly [C in FileContent]?: string };
  /** Whether the CA goes into the system's trust store too. */
  readonly trustStore: boolean;
  /** Whether a file with the CA is removed once no CA is published any more; it stays unless said. */
  readonly removesCa?: boolean;
  /** Names or numbers; those of the process unless said. */
  readonly owner: string | null;
  readonly group: string | null;
  /** Mode of the file with the key; the others have 0644. */
  readonly keyMode: number;
  /** Whether missing folders are made, with mode 0755, or are an error. */
  readonly makeFolders: boolean;
  readonly run: Argv | null;
  /** Seconds after which the command is ended. */
  readonly timeout: number;
}

/** Mode of a file with a private key unless said otherwise. */
export const KEY_MODE = 0o600;

/** Mode of any other file. */
export const OPEN_MODE = 0o644;

/** Seconds after which a command is ended, unless said otherwise. */
export const TIMEOUT = 60;

/** The contents that an installation has files for, and where they go. */
export const pathsOf = (files: Installation['files']): ReadonlyArray<readonly [FileContent, string]> =>
  CONTENTS.flatMap((content) => {
    const path = files[content];
    return path === undefined ? [] : [[content, path] as const];
  });
