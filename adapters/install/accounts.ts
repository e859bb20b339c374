/**
 * Users and groups by name. The numbers come from the system's files or, if those lack the name (LDAP and the like), from `getent`.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';

/** The kind of name. */
export type AccountKind = 'user' | 'group';

/** The port. */
export interface Accounts {
  /** The number of a user or group, by name or as digits; null if there is none. */
  readonly numberOf: (kind: AccountKind, name: string) => Promise<number | null>;
  /** The process's own: new files belong to it. */
  readonly own: (kind: AccountKind) => number;
}

const SOURCES = {
  user: { file: '/etc/passwd', database: 'passwd' },
  group: { file: '/etc/group', database: 'group' },
} as const;

/** Lines of both files start with name, password and number. */
const numberIn = (text: string, name: string): number | null => {
  const fields = text.split('\n').map((line) => line.split(':')).find(([first]) => first === name);
  return fields !== undefined && /^\d+$/.test(fields[2] ?? '') ? Number(fields[2]) : null;
};

/** The output of `getent`; empty if it fails or is missing. */
const getent = async (database: string, name: string): Promise<string> => {
  const { execFile } = await import('node:child_process');
  return await new Promise((resolve) =>
    execFile('getent', [database, name], { timeout: 10_000 }, (error, stdout) => resolve(error === null ? stdout : ''))
  );
};

/** The accounts of this machine. */
export const nodeAccounts: Accounts = {
  numberOf: async (kind, name) => {
    if (/^\d+$/.test(name)) return Number(name);
    const { file, database } = SOURCES[kind];
    // A system without these files may still know the name.
    const text = await readFile(file, 'utf8').catch(() => '');
    return numberIn(text, name) ?? numberIn(await getent(database, name), name);
  },
  own: (kind) => (kind === 'user' ? process.getuid?.() : process.getgid?.()) ?? 0,
};
