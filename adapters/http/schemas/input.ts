/**
 * An input document of the contract, as a client sends it.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import { type Codec, list, map, maybe, object, oneOf, text, word, words, yesOrNo } from './words.ts';

/** A databag as JSON has it. */
export type BagDocument = Readonly<Record<string, string>>;

/** A databag. */
export const Bag: Codec<BagDocument> = map(text, text).annotate({
  identifier: 'Databag',
  description: 'What a unit or an application publishes on a relation: a flat map of strings.',
});

const Relation = object({
  id: text,
  localUnitData: Bag,
  localApplicationData: maybe(Bag),
  remoteApplication: maybe(text),
  remoteApplicationData: maybe(Bag),
  remoteUnits: map(text, Bag),
}).annotate({ identifier: 'Relation', description: 'One relation of the endpoint, with what is published on it now.' });

const Snapshot = object({
  localUnit: text,
  endpoint: text,
  isLeader: maybe(yesOrNo),
  now: maybe(text.annotate({ description: 'The present, as RFC 3339 writes it.' })),
  departing: maybe(object({ relationId: text, unit: text })),
  relations: list(Relation),
}).annotate({ identifier: 'Snapshot', description: 'All that one hook can see.' });

const Request = oneOf([
  object({ certType: word('server'), commonName: text, sans: maybe(list(text)), certificateName: maybe(text) }),
  object({ certType: words(['client', 'application', 'intermediate']), commonName: text, sans: maybe(list(text)) }),
]).annotate({ identifier: 'Request', description: 'One certificate that is wanted.' });

const RequiresIntent = object({
  requests: maybe(list(Request)),
  withdraw: maybe(list(object({ certType: words(CERT_TYPES), commonName: text }))),
  handled: maybe(list(text)),
  onRepeat: maybe(words(['replace', 'ignore'])),
}).annotate({
  identifier: 'RequiresIntent',
  description: 'What a charm wants; a field that is not known is an error.',
});

const Pair = object({ cert: text, key: text });

const Subject = { relationId: text, unit: text, certType: words(CERT_TYPES), commonName: text };

const ProvidesIntent = object({
  ca: maybe(text.annotate({ description: 'The root CA, PEM; an empty text takes away what was published.' })),
  chain: maybe(text),
  globalClientCert: maybe(Pair),
  answers: maybe(list(object({ ...Subject, cert: text, key: text }))),
  refusals: maybe(list(object({ ...Subject, reason: text }))),
  onWithdrawal: maybe(words(['withdraw', 'keep'])),
}).annotate({
  identifier: 'ProvidesIntent',
  description: 'What the charm of a provider wants; a field that is not known is an error.',
});

const KeptMemory = object({ flags: maybe(list(text)), digests: maybe(map(text, text)) });

/** A snapshot as JSON has it. */
export interface SnapshotDocument {
  readonly localUnit: string;
  readonly endpoint: string;
  readonly isLeader?: boolean;
  readonly now?: string;
  readonly departing?: { readonly relationId: string; readonly unit: string };
  readonly relations: ReadonlyArray<{
    readonly id: string;
    readonly localUnitData: BagDocument;
    readonly localApplicationData?: BagDocument;
    readonly remoteApplication?: string;
    readonly remoteApplicationData?: BagDocument;
    readonly remoteUnits: Readonly<Record<string, BagDocument>>;
  }>;
}

/** A memory as JSON has it. */
export interface MemoryDocument {
  readonly flags?: ReadonlyArray<string>;
  readonly digests?: Readonly<Record<string, string>>;
}

/** What a requirer's charm wants, as JSON has it. */
export interface RequiresIntentDocument {
  readonly requests?: ReadonlyArray<
    | {
      readonly certType: 'server';
      readonly commonName: string;
      readonly sans?: ReadonlyArray<string>;
      readonly certificateName?: string;
    }
    | {
      readonly certType: 'client' | 'application' | 'intermediate';
      readonly commonName: string;
      readonly sans?: ReadonlyArray<string>;
    }
  >;
  readonly withdraw?: ReadonlyArray<{ readonly certType: CertType; readonly commonName: string }>;
  readonly handled?: ReadonlyArray<string>;
  readonly onRepeat?: 'replace' | 'ignore';
}

/** A request by who asks for what, as JSON has it. */
interface SubjectDocument {
  readonly relationId: string;
  readonly unit: string;
  readonly certType: CertType;
  readonly commonName: string;
}

/** A certificate with its key, as JSON has it. */
interface PairDocument {
  readonly cert: string;
  readonly key: string;
}

/** What a provider's charm wants, as JSON has it. */
export interface ProvidesIntentDocument {
  readonly ca?: string;
  readonly chain?: string;
  readonly globalClientCert?: PairDocument;
  readonly answers?: ReadonlyArray<SubjectDocument & PairDocument>;
  readonly refusals?: ReadonlyArray<SubjectDocument & { readonly reason: string }>;
  readonly onWithdrawal?: 'withdraw' | 'keep';
}

/** An input document of one side, as a client sends it. */
interface DocumentOf<Side extends string, Intent> {
  readonly side: Side;
  readonly snapshot: SnapshotDocument;
  readonly intent?: Intent;
  readonly memory?: MemoryDocument;
}

/** An input document of the requirer, as a client sends it. */
export type RequiresDocument = DocumentOf<'reactive/requires', RequiresIntentDocument>;

/** An input document of the provider, as a client sends it. */
export type ProvidesDocument = DocumentOf<'reactive/provides', ProvidesIntentDocument>;

/** An input document of the contract, as a client sends it. */
export type InputDocument = RequiresDocument | ProvidesDocument;

/** An input document. */
export const InputDocument: Codec<InputDocument> = oneOf([
  object({
    side: word('reactive/requires'),
    snapshot: Snapshot,
    intent: maybe(RequiresIntent),
    memory: maybe(KeptMemory),
  }),
  object({
    side: word('reactive/provides'),
    snapshot: Snapshot,
    intent: maybe(ProvidesIntent),
    memory: maybe(KeptMemory),
  }),
]).annotate({
  identifier: 'InputDocument',
  description: 'Snapshot, intent and memory of one side (contract.md, Input).',
});
