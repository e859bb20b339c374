/**
 * The configuration of `tls-certificates hook`: the words of it as types, and its decoder, which knows every field and
 * refuses all others.
 *
 * Source: contract.md, Hook configuration; docs/hook-configuration.md tells it to people.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import type { NewAuthority } from '../../../core/authority/authority.ts';
import { openPolicy, Policy, type PolicyDocument } from '../../../core/authority/policy.ts';
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  checked,
  type Decoder,
  decoder,
  isObject,
  listOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  ruled,
  taggedBy,
  textLike,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import { decodeWith, type InputError } from '../../../core/model/input-error.ts';
import type { AsJson, Condition, Rule } from '../../../core/model/schema.ts';
import type { RequestDocument } from '../../../core/reactive/requires/intent.ts';
import { type Argv, type Content, CONTENTS, KEY_MODE, TIMEOUT } from '../../install/entry.ts';
import { Authority } from './authority.ts';
import { type FactName, factsOf, Template } from './placeholder.ts';
import { type Origin, placed, readJson, readSource, type Source } from './source.ts';

/** A request for a certificate of a kind, before its placeholders are filled in. */
export interface RequestTemplateOf<K extends CertType> {
  readonly certType: K;
  readonly commonName: Template;
  readonly sans: ReadonlyArray<Template>;
}

/** A request for a server certificate, which may name it towards the provider. */
export interface ServerRequestTemplate extends RequestTemplateOf<'server'> {
  readonly certificateName?: Template;
}

/** A request before its placeholders are filled in. */
export type RequestTemplate =
  | ServerRequestTemplate
  | RequestTemplateOf<'client'>
  | RequestTemplateOf<'application'>
  | RequestTemplateOf<'intermediate'>;

/** What is installed, before its placeholders are filled in. */
export interface InstallTemplate {
  /** Both are there where something but the CA is installed. */
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

/** A charm that asks for certificates. */
export interface RequirerConfiguration {
  readonly side: 'reactive/requires';
  readonly endpoint: string;
  readonly requests: ReadonlyArray<RequestTemplate>;
  readonly install: ReadonlyArray<InstallTemplate>;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** A charm that is a small CA. */
export interface ProviderConfiguration {
  readonly side: 'reactive/provides';
  readonly endpoint: string;
  /** The CA that is made where none is kept yet. */
  readonly authority: NewAuthority;
  /** What it issues. */
  readonly policy: Policy;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** What a file of configuration says. */
export type Configuration = RequirerConfiguration | ProviderConfiguration;

/** A configuration, and where in its file each field stands. */
export interface Configured<C extends Configuration = Configuration> {
  readonly configuration: C;
  readonly origin: Origin;
}

/** The names in a request, as JSON has them. */
interface NamesDocument {
  readonly commonName: string;
  readonly sans?: ReadonlyArray<string> | null;
}

const names = {
  commonName: required(Template, 'The name, which may have placeholders such as {ingress-address}.'),
  sans: optional(
    listOf(Template),
    [],
    'Host names and addresses; a placeholder alone stands for as many as it has values.',
  ),
};

const Request: Decoder<RequestTemplate, RequestDocument> = named(
  'RequestTemplate',
  'One certificate that is wanted.',
  taggedBy<RequestTemplate, 'certType', RequestDocument>('certType', {
    server: object<ServerRequestTemplate, Extract<RequestDocument, { readonly certType: 'server' }>>('closed', {
      certType: required(oneOf('server')),
      ...names,
      certificateName: omittable(Template, 'What the certificate is called towards the provider.'),
    }),
    client: object<RequestTemplateOf<'client'>, NamesDocument & { readonly certType: 'client' }>('closed', {
      certType: required(oneOf('client')),
      ...names,
    }),
    application: object<RequestTemplateOf<'application'>, NamesDocument & { readonly certType: 'application' }>(
      'closed',
      { certType: required(oneOf('application')), ...names },
    ),
    intermediate: object<RequestTemplateOf<'intermediate'>, NamesDocument & { readonly certType: 'intermediate' }>(
      'closed',
      { certType: required(oneOf('intermediate')), ...names },
    ),
  }),
);

// Control characters would be shown to people, and braces mean somebody hopes for a placeholder.
// deno-lint-ignore no-control-regex
const PATH = /^(?=[^]{1,4095}$)(?:\/(?!\.{1,2}(?:\/|$))[^/\u0000-\u001f\u007f{}]{1,199})+$/u;

const Path: Decoder<string> = textLike('an absolute path of a file, without ., .., // or placeholders', PATH);

/** Names as `useradd` takes them, or a number. A number in YAML is one too. */
const ACCOUNT = /^(?:[A-Za-z_][A-Za-z0-9_.\-]{0,31}\$?|\d{1,9})$/u;

const account = (name: string): Decoder<string> =>
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

const Command: Decoder<Argv> = decoder(
  'a list of a program and its arguments',
  { kind: 'list', element: Word.schema, first: Program.schema },
  (u, c) => {
    const words = listOf(Word).validate(u, c);
    if (E.isLeft(words)) return words;
    const [program, ...args] = words.right;
    return program === undefined || program === '' ? t.failure(u, c) : t.success([program, ...args]);
  },
);

const Seconds: Decoder<number> = numberIn('a whole number of seconds from 1 to 3600', {
  from: 1,
  upTo: 3600,
  whole: true,
});

const OWN = CONTENTS.filter((content) => content !== 'ca');

const SOMETHING: ReadonlyArray<Condition> = [
  ...CONTENTS.map((field) => ({ field })),
  { field: 'trustStore', is: true },
];

/** What the fields of an entry of `install` need of each other. */
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

/** An entry of `install` as JSON has it. */
type InstallDocument = AsJson<InstallTemplate, 'trustStore' | 'makeFolders' | 'timeout', {
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
      run: omittable(Command, 'A program with its arguments, which is run after a change. No shell sees them.'),
      timeout: optional(Seconds, TIMEOUT, 'Seconds after which the program is ended.'),
    }),
  ),
  ENTRY,
);

/** Paths in the order in which they stand there, with their places. */
const pathsOf = (install: ReadonlyArray<InstallTemplate>) =>
  install.flatMap((entry, index) =>
    CONTENTS.flatMap((content: Content) => {
      const path = entry[content];
      return path === undefined ? [] : [{ path, place: [String(index), content] }];
    })
  );

/** What in all entries of `install` does not hold together. */
const installComplaint = (install: ReadonlyArray<InstallTemplate>) => {
  const seen = new Set<string>();
  for (const { path, place } of pathsOf(install)) {
    if (seen.has(path)) return { path: place, message: 'is the path of another file too: each file has one content' };
    seen.add(path);
  }
  const trusting = install.flatMap(({ trustStore }, index) => (trustStore ? [index] : []));
  return trusting[1] === undefined ? null : {
    path: [String(trusting[1]), 'trustStore'],
    message: `is set in install[${trusting[0]}] already: once is enough`,
  };
};

/** Endpoints as charms name them. */
const Endpoint: Decoder<string> = textLike(
  "an endpoint's name as in metadata.yaml",
  /^[A-Za-z][A-Za-z0-9_\-]{0,99}$/u,
);

const endpoint = required(Endpoint, "The endpoint's name, as in metadata.yaml.");

const status = optional(trueOrFalse, false, "Whether the unit's status is set.");

/** A requirer's configuration as JSON has it. */
type RequirerDocument = AsJson<RequirerConfiguration, 'side' | 'status', {
  readonly requests?: ReadonlyArray<RequestDocument> | null;
  readonly install?: ReadonlyArray<InstallDocument> | null;
}>;

/** A provider's configuration as JSON has it. */
type ProviderDocument = AsJson<ProviderConfiguration, 'status', { readonly policy?: PolicyDocument | null }>;

/** A configuration as JSON has it. */
export type ConfigurationDocument = RequirerDocument | ProviderDocument;

const Requirer: Decoder<RequirerConfiguration, RequirerDocument> = named(
  'RequirerConfiguration',
  'A charm that asks for certificates.',
  object<RequirerConfiguration, RequirerDocument>('closed', {
    side: optional(oneOf('reactive/requires'), 'reactive/requires'),
    endpoint,
    requests: optional(listOf(Request), []),
    install: optional(
      checked(listOf(Install), 'each path stands once, and trustStore is set once', installComplaint),
      [],
      'What goes where.',
    ),
    status,
  }),
);

const Provider: Decoder<ProviderConfiguration, ProviderDocument> = named(
  'ProviderConfiguration',
  'A charm that is a small CA.',
  object<ProviderConfiguration, ProviderDocument>('closed', {
    side: required(oneOf('reactive/provides')),
    endpoint,
    authority: required(Authority),
    policy: optional(Policy, openPolicy),
    status,
  }),
);

const BySide: Decoder<Configuration, ConfigurationDocument> = taggedBy<Configuration, 'side', ConfigurationDocument>(
  'side',
  { 'reactive/requires': Requirer, 'reactive/provides': Provider },
);

/** Decodes a configuration; without a side it is a requirer's. */
export const Configuration: Decoder<Configuration, ConfigurationDocument> = named(
  'HookConfiguration',
  'What `tls-certificates hook` does in a charm (docs/hook-configuration.md).',
  decoder('an object', BySide.schema, (u, c) => {
    const side = isObject(u) && Object.hasOwn(u, 'side') ? u['side'] : null;
    return side === null || side === undefined ? Requirer.validate(u, c) : BySide.validate(u, c);
  }),
);

const decode = ({ origin, value }: Source): E.Either<InputError, Configured> =>
  pipe(
    decodeWith(Configuration)(value),
    E.bimap(({ issues }) => placed(origin, issues), (configuration) => ({ configuration, origin })),
  );

/**
 * Reads the file of a configuration. `Left` has a sentence for everything that is wrong with it, each with its line and
 * path, and none of its content. JSON is read faster than YAML.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readConfiguration } from './configuration.ts';
 * const text = 'endpoint: certificates\nrequests:\n- { certType: server, commonName: "{hostname}", san: [] }\n';
 * const read = await readConfiguration('tls-certificates.yaml', new TextEncoder().encode(text))();
 * assert.ok(read._tag === 'Left' && read.left.message.startsWith('tls-certificates.yaml:3: requests[0].san: no such field'));
 * ```
 */
export const readConfiguration =
  (name: string, bytes: Uint8Array): TE.TaskEither<InputError, Configured> => async () => {
    const json = readJson(name, bytes);
    if (json !== null) {
      const decoded = decode(json);
      if (E.isRight(decoded)) return decoded;
    }
    // What is wrong is told with its line, which only the thorough reader knows.
    return pipe(await readSource(name, bytes)(), E.chain(decode));
  };

/** Whether a configuration is a requirer's. */
export const isRequirer = (configured: Configured): configured is Configured<RequirerConfiguration> =>
  configured.configuration.side === 'reactive/requires';

/** The template of the name that a server request has towards the provider; empty where there is none. */
const nameOf = (request: RequestTemplate): Template =>
  request.certType === 'server' ? request.certificateName ?? [] : [];

/** What has to be found out before a configuration can be resolved: nothing else needs to be asked for. */
export const factsNeeded = ({ requests, install }: RequirerConfiguration): ReadonlySet<FactName> =>
  new Set([
    ...requests.flatMap((request) => [request.commonName, ...request.sans, nameOf(request)]),
    ...install.flatMap(({ commonName }) => (commonName === undefined ? [] : [commonName])),
  ].flatMap(factsOf));

/** The mode of an entry's key. */
export const keyModeOf = ({ mode }: InstallTemplate): number => mode ?? KEY_MODE;
