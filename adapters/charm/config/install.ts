/**
 * What a configuration installs: which files, their owners, and which command runs after a change.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  checked,
  type Complaint,
  type Decoder,
  decoder,
  listOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  ruled,
  textLike,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import { type Check, PASSED } from '../../../core/model/passed.ts';
import type { AsJson, Condition, Rule } from '../../../core/model/schema.ts';
import { type Argv, CONTENTS, type FileContent, KEY_MODE, TIMEOUT } from '../../install/entry.ts';
import { Template } from './placeholder.ts';

/** What is installed, before its placeholders are filled in. */
export interface InstallTemplate {
  /** Both are there if something besides the CA is installed. */
  readonly certType?: CertType;
  readonly commonName?: Template;
  readonly cert?: string;
  readonly key?: string;
  readonly fullChain?: string;
  readonly ca?: string;
  readonly trustStore: boolean;
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: number;
  readonly makeFolders: boolean;
  readonly run?: Argv;
  readonly timeout: number;
}

// Control characters would be shown to people, and braces look like a placeholder.
// deno-lint-ignore no-control-regex
const PATH = /^(?=[\s\S]{1,4095}$)(?:\/(?!\.{1,2}(?:\/|$))[^/\u0000-\u001f\u007f{}]{1,199})+$/u;

/** Decodes a path. */
export const Path: Decoder<string> = textLike('an absolute path of a file, without ., .., // or placeholders', PATH);

/** Names as `useradd` accepts them, or a number. A number in YAML also counts. */
const ACCOUNT = /^(?:[A-Za-z_][A-Za-z0-9_.\-]{0,31}\$?|[0-9]{1,9})$/u;

/** Decodes a user's or a group's name or number. */
export const account = (name: string): Decoder<string> =>
  decoder(
    name,
    {
      kind: 'choice',
      among: [
        { kind: 'text', pattern: ACCOUNT.source },
        { kind: 'number', range: { from: 0, upTo: 999_999_999, whole: true } },
      ],
    },
    (u, c) => {
      const text = typeof u === 'number' ? String(u) : u;
      return typeof text === 'string' && ACCOUNT.test(text) ? t.success(text) : t.failure(u, c);
    },
  );

const MODE = /^0?[0-7]{2}0$/u;

const Mode: Decoder<number, string> = decoder(
  'octal digits in quotes, such as "0600"',
  { kind: 'text', pattern: MODE.source },
  (u, c) => {
    if (typeof u !== 'string' || !/^0?[0-7]{3}$/.test(u)) return t.failure(u, c);
    return MODE.test(u)
      ? t.success(Number.parseInt(u, 8))
      : t.failure(u, c, 'expected a mode that ends in 0, for others must not use a private key');
  },
);

// deno-lint-ignore no-control-regex
const Word: Decoder<string> = textLike('text', /^[^\u0000]*$/u);

// deno-lint-ignore no-control-regex
const Program: Decoder<string> = textLike('text', /^[^\u0000]+$/u);

/** Decodes a program with its arguments. */
export const Command: Decoder<Argv> = decoder(
  'a list of a program and its arguments',
  { kind: 'list', element: Word.schema, first: Program.schema },
  (u, c) => {
    const words = listOf(Word).validate(u, c);
    if (E.isLeft(words)) return words;
    const [program, ...args] = words.right;
    return program === undefined || program === '' ? t.failure(u, c) : t.success([program, ...args]);
  },
);

/** Decodes how long a program may take. */
export const Seconds: Decoder<number> = numberIn('a whole number of seconds from 1 to 3600', {
  from: 1,
  upTo: 3600,
  whole: true,
});

const OWN = CONTENTS.filter((content) => content !== 'ca');

const SOMETHING: ReadonlyArray<Condition> = [
  ...CONTENTS.map((field) => ({ field })),
  { field: 'trustStore', is: true },
];

/** What the fields of an entry of `install` require of each other. */
const ENTRY: ReadonlyArray<Rule> = [
  { needs: SOMETHING, message: `names nothing to install: give at least one of ${CONTENTS.join(', ')}, trustStore` },
  ...OWN.flatMap((content) =>
    ['certType', 'commonName'].map((field) => ({
      having: { field: content },
      needs: [{ field }],
      at: field,
      message: `is missing: it says which certificate the ${content} is of`,
    }))
  ),
  {
    having: { field: 'mode' },
    needs: [{ field: 'key' }],
    at: 'mode',
    message: 'is the mode of the file with the key, which this entry does not install',
  },
];

/** An entry of `install` as JSON. */
export type InstallDocument = AsJson<InstallTemplate, 'trustStore' | 'makeFolders' | 'timeout', {
  readonly commonName?: string | null;
  readonly mode?: string | null;
}>;

const Install: Decoder<InstallTemplate, InstallDocument> = ruled(
  named(
    'Install',
    'What is installed of one certificate: it is replaced together, and one command follows.',
    object<InstallTemplate, InstallDocument>('closed', {
      certType: omittable(oneOf(...CERT_TYPES), 'The kind of the certificate, as it is requested.'),
      commonName: omittable(Template, 'The common name of the certificate, as it is requested.'),
      cert: omittable(Path, 'Where the certificate goes.'),
      key: omittable(Path, 'Where its private key goes.'),
      fullChain: omittable(Path, 'Where the certificate goes, followed by the intermediate CAs.'),
      ca: omittable(Path, 'Where the CA goes.'),
      trustStore: optional(trueOrFalse, false, "Whether the CA goes into the system's trust store too."),
      owner: omittable(account("a user's name or number"), 'Whose the files are; those of the process unless given.'),
      group: omittable(account("a group's name or number"), 'The group of the files.'),
      mode: omittable(Mode, 'The mode of the file with the key, in quotes; "0600" unless given.'),
      makeFolders: optional(trueOrFalse, false, 'Whether folders that are missing are made.'),
      run: omittable(Command, 'A program with its arguments, which runs after a change, without a shell.'),
      timeout: optional(Seconds, TIMEOUT, 'Seconds after which the program is killed.'),
    }),
  ),
  ENTRY,
);

/** Paths in the order of the entries, with their places. */
const pathsOf = (install: ReadonlyArray<InstallTemplate>) =>
  install.flatMap((entry, index) =>
    CONTENTS.flatMap((content: FileContent) => {
      const path = entry[content];
      return path === undefined ? [] : [{ path, place: [String(index), content] }];
    })
  );

/** Whether all entries of `install` agree with each other. */
const checkInstalls = (install: ReadonlyArray<InstallTemplate>): Check<Complaint> => {
  const seen = new Set<string>();
  for (const { path, place } of pathsOf(install)) {
    if (seen.has(path)) {
      return E.left({ path: place, message: 'is the path of another file too: each file has one content' });
    }
    seen.add(path);
  }
  const trusting = install.flatMap(({ trustStore }, index) => (trustStore ? [index] : []));
  return trusting[1] === undefined ? PASSED : E.left({
    path: [String(trusting[1]), 'trustStore'],
    message: `is set in install[${trusting[0]}] already: once is enough`,
  });
};

/** Decodes the entries of `install`. */
export const Installs: Decoder<ReadonlyArray<InstallTemplate>, ReadonlyArray<InstallDocument>> = checked(
  listOf(Install),
  'each path stands once, and trustStore is set once',
  checkInstalls,
);

/** The mode of an entry's key. */
export const keyModeOf = ({ mode }: InstallTemplate): number => mode ?? KEY_MODE;
