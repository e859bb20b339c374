/**
 * The configuration of `tls-certificates hook`: its fields as types, and its decoder, which knows every field and refuses all others.
 *
 * Source: docs/hook-configuration.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { openPolicy, Policy, type PolicyDocument } from '../../../core/authority/policy.ts';
import {
  type Decoder,
  decoder,
  isObject,
  listOf,
  named,
  object,
  oneOf,
  optional,
  required,
  taggedBy,
} from '../../../core/model/codec.ts';
import { decodeWith, type InputError } from '../../../core/model/input-error.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { provides } from '../../../core/reactive/provides.ts';
import type { RequestDocument } from '../../../core/reactive/requires/intent.ts';
import { requires } from '../../../core/reactive/requires.ts';
import { BRIDGE, Bridge, type BridgeConfiguration, type BridgeDocument } from './bridge.ts';
import { Authority, type ConfiguredAuthority, type ConfiguredAuthorityDocument } from './authority.ts';
import {
  ANY_PROVIDES,
  ANY_REQUIRES,
  AnyRequirer,
  type AnyRequirerConfiguration,
  type AnyRequirerDocument,
  CSR_PROVIDES,
  CSR_REQUIRES,
  CsrRequirer,
  type CsrRequirerConfiguration,
  type CsrRequirerDocument,
} from './csr.ts';
import { endpoint, status } from './fields.ts';
import { type InstallDocument, Installs, type InstallTemplate } from './install.ts';
import { type FactName, factsOf } from './placeholder.ts';
import { nameOf, RequestTemplate } from './request.ts';
import { type Origin, placed, readJson, type ReadSource, readSource } from './source.ts';
import { apart, trust, type TrustDocument, type TrustEndpoint } from './trust.ts';

/** A charm that asks for certificates by the reactive protocol. */
export interface RequirerConfiguration {
  readonly side: typeof requires.name;
  readonly endpoint: string;
  readonly requests: ReadonlyArray<RequestTemplate>;
  readonly install: ReadonlyArray<InstallTemplate>;
  /** Endpoints for trust, in addition to certificates. */
  readonly trust?: ReadonlyArray<TrustEndpoint>;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** The parts of a requirer's configuration that may have placeholders, whatever its protocol. */
export type Templates = Pick<RequirerConfiguration, 'requests' | 'install'>;

/** A charm that is a small CA, on the provider's side. */
export interface ProviderConfiguration<Side extends string = typeof provides.name> {
  readonly side: Side;
  readonly endpoint: string;
  /** The CA that is made if none is stored yet. */
  readonly authority: ConfiguredAuthority;
  /** What it issues. */
  readonly policy: Policy;
  /** Endpoints for trust, in addition to certificates. */
  readonly trust?: ReadonlyArray<TrustEndpoint>;
  /** Whether the unit's status is set. */
  readonly status: boolean;
}

/** A charm that is a small CA for the CSR protocol. */
export type CsrProviderConfiguration = ProviderConfiguration<typeof CSR_PROVIDES>;

/** A charm that is a small CA for requirers of both protocols. */
export type AnyProviderConfiguration = ProviderConfiguration<typeof ANY_PROVIDES>;

/** What a configuration file says. */
export type Configuration =
  | RequirerConfiguration
  | ProviderConfiguration
  | CsrRequirerConfiguration
  | CsrProviderConfiguration
  | AnyRequirerConfiguration
  | AnyProviderConfiguration
  | BridgeConfiguration;

/** A configuration, and the position of each field in its file. */
export interface Configured<C extends Configuration = Configuration> {
  readonly configuration: C;
  readonly origin: Origin;
}

/** A requirer's configuration as JSON. */
type RequirerDocument = AsJson<RequirerConfiguration, 'status', {
  readonly requests?: ReadonlyArray<RequestDocument> | null;
  readonly install?: ReadonlyArray<InstallDocument> | null;
  readonly trust?: ReadonlyArray<TrustDocument> | null;
}>;

/** A provider's configuration as JSON. */
type ProviderDocument<Side extends string> = AsJson<ProviderConfiguration<Side>, 'status', {
  readonly authority: ConfiguredAuthorityDocument;
  readonly policy?: PolicyDocument | null;
  readonly trust?: ReadonlyArray<TrustDocument> | null;
}>;

/** A configuration as JSON. */
export type ConfigurationDocument =
  | RequirerDocument
  | ProviderDocument<typeof provides.name>
  | CsrRequirerDocument
  | ProviderDocument<typeof CSR_PROVIDES>
  | AnyRequirerDocument
  | ProviderDocument<typeof ANY_PROVIDES>
  | BridgeDocument;

const Requirer: Decoder<RequirerConfiguration, RequirerDocument> = named(
  'RequirerConfiguration',
  'A charm that requests certificates with the reactive protocol.',
  object<RequirerConfiguration, RequirerDocument>('closed', {
    side: required(oneOf(requires.name)),
    endpoint,
    requests: optional(listOf(RequestTemplate), []),
    install: optional(Installs, [], 'What goes where.'),
    trust,
    status,
  }),
);

const ca = {
  endpoint,
  authority: required(Authority),
  policy: optional(Policy, openPolicy),
  trust,
  status,
};

const Provider: Decoder<ProviderConfiguration, ProviderDocument<typeof provides.name>> = named(
  'ProviderConfiguration',
  'A charm that is a small CA.',
  object<ProviderConfiguration, ProviderDocument<typeof provides.name>>('closed', {
    side: required(oneOf(provides.name)),
    ...ca,
  }),
);

const CsrProvider: Decoder<CsrProviderConfiguration, ProviderDocument<typeof CSR_PROVIDES>> = named(
  'CsrProviderConfiguration',
  'A charm that is a small CA for the CSR protocol.',
  object<CsrProviderConfiguration, ProviderDocument<typeof CSR_PROVIDES>>('closed', {
    side: required(oneOf(CSR_PROVIDES)),
    ...ca,
  }),
);

const AnyProvider: Decoder<AnyProviderConfiguration, ProviderDocument<typeof ANY_PROVIDES>> = named(
  'AnyProviderConfiguration',
  'A charm that is a small CA for requirers of both protocols.',
  object<AnyProviderConfiguration, ProviderDocument<typeof ANY_PROVIDES>>('closed', {
    side: required(oneOf(ANY_PROVIDES)),
    ...ca,
  }),
);

const BySide: Decoder<Configuration, ConfigurationDocument> = taggedBy<Configuration, 'side', ConfigurationDocument>(
  'side',
  {
    [requires.name]: Requirer,
    [provides.name]: Provider,
    [CSR_REQUIRES]: CsrRequirer,
    [CSR_PROVIDES]: CsrProvider,
    [ANY_REQUIRES]: AnyRequirer,
    [ANY_PROVIDES]: AnyProvider,
    [BRIDGE]: Bridge,
  },
);

/** Decodes a configuration; without a side it is that of a requirer that speaks whatever its provider speaks. */
export const Configuration: Decoder<Configuration, ConfigurationDocument> = named(
  'HookConfiguration',
  'What `tls-certificates hook` does in a charm (docs/hook-configuration.md).',
  apart(decoder<Configuration, ConfigurationDocument>('an object', BySide.schema, (u, c) => {
    const side = isObject(u) && Object.hasOwn(u, 'side') ? u['side'] : null;
    return side === null || side === undefined ? AnyRequirer.validate(u, c) : BySide.validate(u, c);
  })),
);

const decode = ({ origin, value }: ReadSource): E.Either<InputError, Configured> =>
  pipe(
    decodeWith(Configuration)(value),
    E.bimap(({ issues }) => placed(origin, issues), (configuration) => ({ configuration, origin })),
  );

/**
 * Reads a configuration file. `Left` has a sentence for everything that is wrong with it, each with its line and path, and none of its
 * content. JSON is read faster than YAML.
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
    // Complaints show the line, which only the thorough reader knows.
    return pipe(await readSource(name, bytes)(), E.chain(decode));
  };

/** A requirer's configuration, whatever protocol it speaks. */
export type ConfigurationOfRequirer = RequirerConfiguration | CsrRequirerConfiguration | AnyRequirerConfiguration;

/** Whether a configuration is a requirer's. */
export const isRequirer = (configured: Configured): configured is Configured<ConfigurationOfRequirer> =>
  'requests' in configured.configuration;

/** What must be found out before a configuration can be resolved: nothing else needs to be asked for. */
export const factsNeeded = ({ requests, install }: Templates): ReadonlySet<FactName> =>
  new Set([
    ...requests.flatMap((request) => [request.commonName, ...request.sans, nameOf(request)]),
    ...install.flatMap(({ commonName }) => (commonName === undefined ? [] : [commonName])),
  ].flatMap(factsOf));
