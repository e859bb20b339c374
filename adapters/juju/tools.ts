/**
 * Juju's hook tools as a typed port: each tool is a method, its answer is decoded, its failure is a {@link ToolError}.
 *
 * Data is passed through standard input or a file of mode 0600, never through arguments, which every user of the machine can read. A bag is
 * never read without naming its owner: Juju would pick one (docs/hook-environment.md section 2.4).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type Decoder, isObject, listOf, mapOf, text, trueOrFalse } from '../../core/model/codec.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import { RelationId, UnitName } from '../../core/model/names.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import type { Status } from '../reaction.ts';
import { type ActionTools, actionTools } from './action-tools.ts';
import {
  anything,
  NetworkInfo,
  type NetworkInfo as Network,
  type SecretInfo,
  SecretInfos,
  StatusInfo,
} from './tool-answers.ts';
import { argument } from './argument.ts';
import { type Ending, errorIn, type ToolCall, type ToolError, toolError } from './tool-error.ts';
import { yamlOf } from './yaml.ts';

/** Runs a program to its end. It never rejects. */
export type RunTool = (call: ToolCall) => Promise<Ending>;

/** Lends a file of mode 0600 with this content: its absolute path is valid until the work ends. */
export type LendFile = <A>(
  content: string,
  use: (path: string) => TE.TaskEither<ToolError, A>,
) => TE.TaskEither<ToolError, A>;

/** The owner of the databag that is read. */
export type Whose = { readonly unit: UnitName } | { readonly application: string };

/** What a unit says about itself to people. */
export type UnitStatus = Status['status'];

/** The levels of Juju's log. */
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** A secret's id as Juju prints it, e.g. `secret:9m4e2mr0ui3e8a215n4g`. */
export type SecretId = string & { readonly secretId: unique symbol };

/** A secret by its id, or by the label that the charm gave it. */
export type SecretRef = { readonly id: SecretId } | { readonly label: string };

/** What a secret has besides its content. */
export interface SecretAttributes {
  /** How the charm finds it again. */
  readonly label?: string;
  /** For people who list secrets. */
  readonly description?: string;
  /** Who may write it; the application by default. */
  readonly owner?: 'unit' | 'application';
  /** RFC 3339, or a Go duration such as `24h`. */
  readonly expire?: string;
}

/** @internal */
type Answer<A> = TE.TaskEither<ToolError, A>;

/** The port. Answers are what Juju says at that moment of the hook; writes take effect when the hook ends well, unless noted otherwise. */
export interface HookTools extends ActionTools {
  /** The relations of an endpoint, as strings sorted by Juju; in `broken` without the broken one. */
  readonly relationIds: (endpoint: string) => Answer<ReadonlyArray<RelationId>>;
  /** The units on the other side; in `departed` without the departing one. */
  readonly relationList: (id: RelationId) => Answer<ReadonlyArray<UnitName>>;
  /** The application on the other side. */
  readonly relationApplication: (id: RelationId) => Answer<string>;
  /** A whole databag. */
  readonly relationGet: (id: RelationId, whose: Whose) => Answer<Databag>;
  /** Sets keys of an own databag; an empty value deletes its key. */
  readonly relationSet: (id: RelationId, bag: Bag, values: Databag) => Answer<void>;
  /** The UUID of the model on the other side; Juju 3.6.2 and later. */
  readonly relationModel: (id: RelationId) => Answer<string>;
  /** Everything that the unit keeps in Juju; Juju 2.8 and later. */
  readonly stateGet: Answer<Readonly<Record<string, string>>>;
  /** Keeps values of at most 65,536 bytes. An empty value is kept as such. */
  readonly stateSet: (values: Readonly<Record<string, string>>) => Answer<void>;
  /** `state-delete`; a missing key is not an error. */
  readonly stateDelete: (key: string) => Answer<void>;
  /** Whether the unit leads its application, for 30 seconds from now; false if Juju does not know. */
  readonly isLeader: Answer<boolean>;
  /** The charm's options; one without a value is null. */
  readonly configGet: Answer<Readonly<Record<string, unknown>>>;
  /** The unit's addresses on an endpoint, or on one relation of it. */
  readonly networkGet: (endpoint: string, id?: RelationId) => Answer<Network>;
  /** What the unit currently says about itself, whatever set it. */
  readonly statusGet: Answer<StatusInfo>;
  /** Takes effect immediately, however the hook ends. */
  readonly statusSet: (status: UnitStatus, message: string) => Answer<void>;
  /** Takes effect immediately. Lines are joined with the others of one call. */
  readonly jujuLog: (level: LogLevel, message: string) => Answer<void>;
  /** Keeps a new secret; field names have three or more of `a-z0-9-`. Owned by the application by default. */
  readonly secretAdd: (content: Readonly<Record<string, string>>, attributes?: SecretAttributes) => Answer<SecretId>;
  /** Replaces the content of a secret. */
  readonly secretSet: (
    id: SecretId,
    content: Readonly<Record<string, string>>,
    attributes?: SecretAttributes,
  ) => Answer<void>;
  /** A secret's content: the revision that was read first, unless `which` says otherwise. */
  readonly secretGet: (secret: SecretRef, which?: 'peek' | 'refresh') => Answer<Readonly<Record<string, string>>>;
  /** What Juju knows about a secret that the unit or its application owns. */
  readonly secretInfo: (secret: SecretRef) => Answer<SecretInfo>;
  /** `secret-ids`: those that this charm owns. */
  readonly secretIds: Answer<ReadonlyArray<string>>;
  /** `secret-grant`, to the other application or to one of its units. */
  readonly secretGrant: (id: SecretId, relation: RelationId, unit?: UnitName) => Answer<void>;
  /** `secret-revoke`. */
  readonly secretRevoke: (id: SecretId, relation: RelationId) => Answer<void>;
  /** `secret-remove`, of all revisions or of one. */
  readonly secretRemove: (id: SecretId, revision?: number) => Answer<void>;
}

const JSON_FORMAT = '--format=json';

const relationFlag = (id: RelationId): ReadonlyArray<string> => ['-r', id];

const secretFlags = ({ label, description, owner, expire }: SecretAttributes): ReadonlyArray<string> => [
  ...(label === undefined ? [] : ['--label', label]),
  ...(description === undefined ? [] : ['--description', description]),
  ...(owner === undefined ? [] : ['--owner', owner]),
  ...(expire === undefined ? [] : ['--expire', expire]),
];

const refFlags = (secret: SecretRef): ReadonlyArray<string> => 'id' in secret ? [secret.id] : ['--label', secret.label];

/**
 * The port, given a way to run programs.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { hookTools, secretFileIn } from 'interface-tls-certificates/juju';
 * const run = async () => ({ _tag: 'exited', code: 0, stdout: '["certificates:3"]', stderr: '' }) as const;
 * const tools = hookTools(run, secretFileIn('/var/lib/juju/agents/unit-web-0/charm'));
 * assert.deepEqual(await orThrow(tools.relationIds('certificates')), ['certificates:3']);
 * ```
 */
export const hookTools = (run: RunTool, lendFile: LendFile): HookTools => {
  const call = (it: ToolCall, lent?: string): Answer<string> =>
    pipe(
      TE.fromTask<Ending, ToolError>(() => run(it)),
      TE.chain((ending) => {
        const error = errorIn(it, ending, lent);
        return error === null ? TE.right(ending._tag === 'exited' ? ending.stdout : '') : TE.left(error);
      }),
    );

  const unreadable = (tool: string, what: string): ToolError =>
    toolError(tool, 'bad-output', `what it printed cannot be used: ${what}`);

  /** A tool's JSON output; `null` stands for `empty` (section 2.1). */
  const ask = <A>(tool: string, args: ReadonlyArray<string>, decoder: Decoder<A, never>, empty?: A): Answer<A> => {
    const decode = decodeWith(decoder);
    return pipe(
      call({ tool, args }),
      TE.chainEitherK((stdout): E.Either<ToolError, A> => {
        let value: unknown;
        try {
          value = JSON.parse(stdout);
        } catch {
          // The engine's message would quote what may contain a private key.
          return E.left(unreadable(tool, `expected JSON, got ${stdout.length} other characters`));
        }
        if (value === null && empty !== undefined) return E.right(empty);
        return pipe(decode(value), E.mapLeft(({ message }) => unreadable(tool, message)));
      }),
    );
  };

  const tell = (tool: string, args: ReadonlyArray<string>): Answer<void> =>
    pipe(call({ tool, args }), TE.map(() => undefined));

  const yaml = (tool: string, values: Readonly<Record<string, string>>): Answer<string> =>
    pipe(
      TE.fromEither(yamlOf(values)),
      TE.mapLeft(({ key }) =>
        toolError(tool, 'bad-arguments', `the value or name of ${JSON.stringify(key)} has half a character in it`)
      ),
    );

  const write = (tool: string, args: ReadonlyArray<string>, values: Readonly<Record<string, string>>): Answer<void> =>
    pipe(
      yaml(tool, values),
      TE.chain((input) => call({ tool, args: [...args, '--file', '-'], input })),
      TE.map(() => undefined),
    );

  const writeSecret = (
    tool: string,
    args: ReadonlyArray<string>,
    content: Readonly<Record<string, string>>,
  ): Answer<string> =>
    pipe(
      yaml(tool, content),
      TE.chain((input) => lendFile(input, (path) => call({ tool, args: [...args, '--file', path] }, input))),
    );

  return {
    ...actionTools({ ask, tell }),
    relationIds: (endpoint) => ask('relation-ids', [JSON_FORMAT, endpoint], listOf(RelationId), []),
    relationList: (id) => ask('relation-list', [JSON_FORMAT, ...relationFlag(id)], listOf(UnitName), []),
    relationApplication: (id) => ask('relation-list', [JSON_FORMAT, ...relationFlag(id), '--app'], text()),
    relationGet: (id, whose) =>
      ask(
        'relation-get',
        'unit' in whose
          ? [JSON_FORMAT, ...relationFlag(id), '-', whose.unit]
          : [JSON_FORMAT, ...relationFlag(id), '--app', '-', whose.application],
        mapOf(text()),
        {},
      ),
    relationSet: (id, bag, values) =>
      write('relation-set', [...relationFlag(id), ...(bag === 'application' ? ['--app'] : [])], values),
    relationModel: (id) =>
      pipe(
        ask('relation-model-get', [JSON_FORMAT, ...relationFlag(id)], mapOf(text())),
        TE.map(({ uuid = '' }) => uuid),
      ),
    stateGet: ask('state-get', [JSON_FORMAT], mapOf(text()), {}),
    stateSet: (values) => write('state-set', [], values),
    stateDelete: (key) => tell('state-delete', ['--', key]),
    isLeader: pipe(
      ask('is-leader', [JSON_FORMAT], trueOrFalse, false),
      TE.orElse((error) => (error.kind === 'not-leader' ? TE.right(false) : TE.left(error))),
    ),
    configGet: ask('config-get', [JSON_FORMAT, '--all'], mapOf(anything), {}),
    networkGet: (endpoint, id) =>
      ask('network-get', [JSON_FORMAT, ...(id === undefined ? [] : relationFlag(id)), endpoint], NetworkInfo),
    // Without the data, Juju leaves out the message.
    statusGet: ask('status-get', [JSON_FORMAT, '--include-data'], StatusInfo),
    statusSet: (status, message) => tell('status-set', [status, '--', argument(message)]),
    jujuLog: (level, message) => tell('juju-log', ['-l', level, '--', argument(message)]),
    secretAdd: (content, attributes = {}) =>
      pipe(
        writeSecret('secret-add', secretFlags(attributes), content),
        // Juju prints the id and nothing else.
        TE.map((stdout) => stdout.trim() as SecretId),
      ),
    secretSet: (id, content, attributes = {}) =>
      pipe(writeSecret('secret-set', [id, ...secretFlags(attributes)], content), TE.map(() => undefined)),
    secretGet: (secret, which) =>
      ask(
        'secret-get',
        [JSON_FORMAT, ...refFlags(secret), ...(which === undefined ? [] : [`--${which}`])],
        mapOf(text()),
      ),
    secretInfo: (secret) =>
      pipe(
        ask('secret-info-get', [JSON_FORMAT, ...refFlags(secret)], SecretInfos),
        TE.chain((infos) => {
          const [info] = infos;
          return info === undefined
            ? TE.left(toolError('secret-info-get', 'secret-not-found', 'it named no secret'))
            : TE.right(info);
        }),
      ),
    secretIds: ask('secret-ids', [JSON_FORMAT], listOf(text()), []),
    secretGrant: (id, relation, unit) =>
      tell('secret-grant', [id, ...relationFlag(relation), ...(unit === undefined ? [] : ['--unit', unit])]),
    secretRevoke: (id, relation) => tell('secret-revoke', [id, ...relationFlag(relation)]),
    secretRemove: (id, revision) =>
      tell('secret-remove', [id, ...(revision === undefined ? [] : ['--revision', String(revision)])]),
  };
};

/**
 * Whether a value is a problem of a tool rather than another failure of a host.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { hookTools, isToolError, secretFileIn } from 'interface-tls-certificates/juju';
 * const run = async () => ({ _tag: 'not started', code: 'ENOENT' }) as const;
 * const ids = await hookTools(run, secretFileIn('/charm')).relationIds('certificates')();
 * assert.ok(ids._tag === 'Left' && isToolError(ids.left) && ids.left.kind === 'unknown-tool');
 * ```
 */
export const isToolError = (problem: unknown): problem is ToolError =>
  isObject(problem) && problem['_tag'] === 'HostError' && typeof problem['tool'] === 'string';
