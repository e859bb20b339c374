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
import { openPolicy, Policy } from '../../../core/authority/policy.ts';
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  checked,
  type Decoder,
  decoder,
  isObject,
  listOf,
  object,
  omittable,
  oneOf,
  optional,
  required,
  taggedBy,
  textWhere,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import { decodeWith, type InputError } from '../../../core/model/input-error.ts';
import { type Argv, type Content, CONTENTS, KEY_MODE, TIMEOUT } from '../../install/entry.ts';
import { Authority, type ConfiguredAuthority } from './authority.ts';
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
  readonly authority: ConfiguredAuthority;
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

const sans = optional<ReadonlyArray<Template>>(listOf(Template), []);

const requestOf = <K extends CertType>(certType: K): Decoder<RequestTemplateOf<K>> =>
  object<RequestTemplateOf<K>>('closed', {
    certType: required(oneOf(certType)),
    commonName: required(Template),
    sans,
  });

const Request: Decoder<RequestTemplate> = taggedBy<RequestTemplate, 'certType'>('certType', {
  server: object<ServerRequestTemplate>('closed', {
    certType: required(oneOf('server')),
    commonName: required(Template),
    sans,
    certificateName: omittable(Template),
  }),
  client: requestOf('client'),
  application: requestOf('application'),
  intermediate: requestOf('intermediate'),
});

const isPath = (path: string): boolean =>
  path.length < 4096 && path.startsWith('/') &&
  // Control characters would be shown to people, and braces mean somebody hopes for a placeholder.
  // deno-lint-ignore no-control-regex
  !/[\u0000-\u001f\u007f{}]/.test(path) &&
  path.slice(1).split('/').every((name) => name !== '' && name !== '.' && name !== '..' && name.length < 200);

const Path: Decoder<string> = textWhere('an absolute path of a file, without ., .., // or placeholders', isPath);

/** Names as `useradd` takes them, or a number. A number in YAML is one too. */
const ACCOUNT = /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?|\d{1,9})$/;

const account = (name: string): Decoder<string> =>
  decoder(name, (u, c) => {
    const text = typeof u === 'number' ? String(u) : u;
    return typeof text === 'string' && ACCOUNT.test(text) ? t.success(text) : t.failure(u, c);
  });

const Mode: Decoder<number> = decoder('octal digits in quotes, such as "0600"', (u, c) => {
  if (typeof u !== 'string' || !/^0?[0-7]{3}$/.test(u)) return t.failure(u, c);
  return u.endsWith('0')
    ? t.success(Number.parseInt(u, 8))
    : t.failure(u, c, 'expected a mode that ends in 0, for others must not use a private key');
});

const Command: Decoder<Argv> = decoder('a list of a program and its arguments', (u, c) => {
  const words = listOf(textWhere('text', (s) => !s.includes('\u0000'))).validate(u, c);
  if (E.isLeft(words)) return words;
  const [program, ...args] = words.right;
  return program === undefined || program === '' ? t.failure(u, c) : t.success([program, ...args]);
});

const Seconds: Decoder<number> = decoder(
  'a whole number of seconds from 1 to 3600',
  (u, c) => typeof u === 'number' && Number.isInteger(u) && u >= 1 && u <= 3600 ? t.success(u) : t.failure(u, c),
);

/** What in an entry of `install` does not hold together. */
const entryComplaint = (entry: InstallTemplate) => {
  const own = CONTENTS.filter((content) => content !== 'ca' && entry[content] !== undefined);
  if (own.length === 0 && entry.ca === undefined && !entry.trustStore) {
    return { path: [], message: `names nothing to install: give at least one of ${CONTENTS.join(', ')}, trustStore` };
  }
  const lacking = (['certType', 'commonName'] as const).find((field) => entry[field] === undefined);
  if (own.length > 0 && lacking !== undefined) {
    return { path: [lacking], message: `is missing: it says which certificate the ${own[0]} is of` };
  }
  if (entry.mode !== undefined && entry.key === undefined) {
    return { path: ['mode'], message: 'is the mode of the file with the key, which this entry does not install' };
  }
  return null;
};

const Install: Decoder<InstallTemplate> = checked(
  object<InstallTemplate>('closed', {
    certType: omittable(oneOf(...CERT_TYPES)),
    commonName: omittable(Template),
    cert: omittable(Path),
    key: omittable(Path),
    fullChain: omittable(Path),
    ca: omittable(Path),
    trustStore: optional(trueOrFalse, false),
    owner: omittable(account("a user's name or number")),
    group: omittable(account("a group's name or number")),
    mode: omittable(Mode),
    makeFolders: optional(trueOrFalse, false),
    run: omittable(Command),
    timeout: optional(Seconds, TIMEOUT),
  }),
  entryComplaint,
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
const Endpoint: Decoder<string> = textWhere(
  "an endpoint's name as in metadata.yaml",
  (s) => /^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(s),
);

const Requirer: Decoder<RequirerConfiguration> = object<RequirerConfiguration>('closed', {
  side: optional(oneOf('reactive/requires'), 'reactive/requires'),
  endpoint: required(Endpoint),
  requests: optional<ReadonlyArray<RequestTemplate>>(listOf(Request), []),
  install: optional<ReadonlyArray<InstallTemplate>>(checked(listOf(Install), installComplaint), []),
  status: optional(trueOrFalse, false),
});

const Provider: Decoder<ProviderConfiguration> = object<ProviderConfiguration>('closed', {
  side: required(oneOf('reactive/provides')),
  endpoint: required(Endpoint),
  authority: required(Authority),
  policy: optional(Policy, openPolicy),
  status: optional(trueOrFalse, false),
});

const BySide: Decoder<Configuration> = taggedBy<Configuration, 'side'>('side', {
  'reactive/requires': Requirer,
  'reactive/provides': Provider,
});

/** Decodes a configuration; without a side it is a requirer's. */
export const Configuration: Decoder<Configuration> = decoder('an object', (u, c) => {
  const side = isObject(u) && Object.hasOwn(u, 'side') ? u['side'] : null;
  return side === null || side === undefined ? Requirer.validate(u, c) : BySide.validate(u, c);
});

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
