/**
 * What a configuration does with trust in addition to certificates: endpoints of the interface `certificate_transfer`, on which CA
 * certificates come in, to be trusted on this machine, or go out, so that others trust them.
 *
 * This room loads no X.509, since every configuration is read here. Source: docs/certificate-transfer.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  checked,
  type Complaint,
  type Decoder,
  decoder,
  isObject,
  listOf,
  named,
  object,
  omittable,
  oneOf,
  optional,
  required,
  ruled,
  taggedBy,
  trueOrFalse,
} from '../../../core/model/codec.ts';
import { type Check, PASSED } from '../../../core/model/passed.ts';
import type { AsJson } from '../../../core/model/schema.ts';
import { type Argv, TIMEOUT } from '../../install/entry.ts';
import { endpoint } from './fields.ts';
import { account, Command, type InstallTemplate, Path, Seconds } from './install.ts';

/** An endpoint on which CA certificates come in. */
export interface TrustTaken {
  readonly side: 'requires';
  readonly endpoint: string;
  /** The file for all of them together; absent: no such file. */
  readonly file?: string;
  readonly trustStore: boolean;
  readonly owner?: string;
  readonly group?: string;
  readonly makeFolders: boolean;
  readonly run?: Argv;
  readonly timeout: number;
}

/** An endpoint on which the charm's own CA certificates go out. */
export interface TrustGiven {
  readonly side: 'provides';
  readonly endpoint: string;
}

/** An endpoint for trust. */
export type TrustEndpoint = TrustTaken | TrustGiven;

type TakenDocument = AsJson<TrustTaken, 'side' | 'trustStore' | 'makeFolders' | 'timeout'>;

type GivenDocument = AsJson<TrustGiven>;

/** An endpoint for trust as JSON. */
export type TrustDocument = TakenDocument | GivenDocument;

const Taken: Decoder<TrustTaken, TakenDocument> = ruled(
  named(
    'TrustTaken',
    'An endpoint on which CA certificates come in, to be trusted on this machine.',
    object<TrustTaken, TakenDocument>('closed', {
      side: optional(oneOf('requires'), 'requires'),
      endpoint,
      file: omittable(Path, 'Where all of them go together; the file is removed when there are none any more.'),
      trustStore: optional(trueOrFalse, false, "Whether they go into the system's trust store."),
      owner: omittable(account("a user's name or number"), 'Whose the file is; that of the process unless given.'),
      group: omittable(account("a group's name or number"), 'The group of the file.'),
      makeFolders: optional(trueOrFalse, false, 'Whether folders that are missing are made.'),
      run: omittable(Command, 'A program with its arguments, which runs after a change, without a shell.'),
      timeout: optional(Seconds, TIMEOUT, 'Seconds after which the program is killed.'),
    }),
  ),
  [
    {
      needs: [{ field: 'file' }, { field: 'trustStore', is: true }],
      message: 'says nowhere for the certificates to go: give at least one of file, trustStore',
    },
  ],
);

const Given: Decoder<TrustGiven, GivenDocument> = named(
  'TrustGiven',
  "An endpoint on which the charm's own CA certificates go out, so that others trust them.",
  object<TrustGiven, GivenDocument>('closed', { side: required(oneOf('provides')), endpoint }),
);

const BySide: Decoder<TrustEndpoint, TrustDocument> = taggedBy<TrustEndpoint, 'side', TrustDocument>(
  'side',
  { requires: Taken, provides: Given },
);

/** Without a side, certificates come in. */
const Endpoint: Decoder<TrustEndpoint, TrustDocument> = decoder('an object', BySide.schema, (u, c) => {
  const side = isObject(u) && Object.hasOwn(u, 'side') ? u['side'] : null;
  return side === null || side === undefined ? Taken.validate(u, c) : BySide.validate(u, c);
});

/** The field `trust`. */
export const trust: ReturnType<typeof omittable<ReadonlyArray<TrustEndpoint>, ReadonlyArray<TrustDocument>>> =
  omittable(listOf(Endpoint), 'Endpoints of the interface certificate_transfer, dealt with in the same hooks.');

/** The other fields of a configuration with endpoints for trust. */
interface Whole {
  readonly endpoint?: string;
  /** The two ends of a bridge. */
  readonly below?: string;
  readonly above?: string;
  readonly install?: ReadonlyArray<InstallTemplate>;
  readonly trust?: ReadonlyArray<TrustEndpoint>;
}

const CONTENT_FIELDS = ['cert', 'key', 'fullChain', 'ca'] as const;

/** Checks that no endpoint and no path occurs twice in a configuration. */
const standOnce = (configuration: Whole): Check<Complaint> => {
  const { install = [], trust: endpoints = [] } = configuration;
  const { below, above } = configuration;
  if (below !== undefined && below === above) {
    return E.left({ path: ['above'], message: 'is the same endpoint as below: a bridge stands between two' });
  }
  const names = new Set([configuration.endpoint, below, above]);
  const paths = new Set(install.flatMap((entry) => CONTENT_FIELDS.flatMap((content) => entry[content] ?? [])));
  for (const [index, one] of endpoints.entries()) {
    const place = (field: string): ReadonlyArray<string> => ['trust', String(index), field];
    if (names.has(one.endpoint)) {
      return E.left({ path: place('endpoint'), message: "is another endpoint's name too: each has one purpose" });
    }
    names.add(one.endpoint);
    if (one.side !== 'requires' || one.file === undefined) continue;
    if (paths.has(one.file)) {
      return E.left({ path: place('file'), message: 'is the path of another file too: each file has one content' });
    }
    paths.add(one.file);
  }
  return PASSED;
};

/** A decoder of configurations whose endpoints and paths for trust occur nowhere else in them. */
export const apart = <C extends Whole, Doc>(inner: Decoder<C, Doc>): Decoder<C, Doc> =>
  checked(inner, 'each endpoint and each path stands once', standOnce);
