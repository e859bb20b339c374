/**
 * The JSON of the API as effect's schemas: what OpenAPI shows and what the client decodes. The types are those of the core, so that a
 * schema which says anything else does not compile; requests are decoded by the core's own codecs, which tell people more.
 *
 * Source: contract.md.
 *
 * @module
 */
import * as Schema from 'effect/Schema';
import type { Examination, Examinations, ExaminedAnswer, ExaminedRequest } from '../../core/examine/examine.ts';
import {
  CERT_TYPES,
  type Certificate,
  type CertType,
  type KeyPair,
  type PrivateKey,
} from '../../core/model/certificate.ts';
import type { Finding, Place } from '../../core/model/finding.ts';
import type { Flag, FlagDelta } from '../../core/model/flag.ts';
import type { InputIssue } from '../../core/model/input-error.ts';
import type { Digest, Memory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import type { Description, Name, PublicKey, San, SignatureAlgorithm } from '../../core/x509/mod.ts';
import type { Problem } from './problem.ts';

/** Text that stands for a branded string: a brand is known to the compiler alone. */
const named = <S extends string>(): Schema.Codec<S, string> => Schema.String as unknown as Schema.Codec<S, string>;

/** A schema with the name under which OpenAPI lists it, and a sentence. */
const listed = <T, E>(identifier: string, description: string, schema: Schema.Codec<T, E>): Schema.Codec<T, E> =>
  schema.annotate({ identifier, description });

const { Array: list, Boolean: yesOrNo, Literal: word, Literals: words, NullOr: orNull, String: text } = Schema;
const { Number: number, Record: map, Struct: object, Union: oneOf, optionalKey: maybe } = Schema;

const Bag = map(text, text).annotate({
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

const Intent = object({
  requests: maybe(list(Request)),
  withdraw: maybe(list(object({ certType: words(CERT_TYPES), commonName: text }))),
  handled: maybe(list(text)),
  onRepeat: maybe(words(['replace', 'ignore'])),
}).annotate({
  identifier: 'RequiresIntent',
  description: 'What a charm wants; a field that is not known is an error.',
});

const KeptMemory = object({ flags: maybe(list(text)), digests: maybe(map(text, text)) });

/** A databag as JSON has it. */
type BagDocument = Readonly<Record<string, string>>;

/** An input document of the contract, as a client sends it. */
export interface InputDocument {
  readonly side: 'reactive/requires';
  readonly snapshot: {
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
  };
  readonly intent?: {
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
  };
  readonly memory?: { readonly flags?: ReadonlyArray<string>; readonly digests?: Readonly<Record<string, string>> };
}

/** An input document. */
export const InputDocument: Schema.Codec<InputDocument> = object({
  side: word('reactive/requires'),
  snapshot: Snapshot,
  intent: maybe(Intent),
  memory: maybe(KeptMemory),
}).annotate({
  identifier: 'InputDocument',
  description: 'Snapshot, intent and memory of one side (contract.md, Input).',
});

/** One thing that is wrong with an input. */
const Issue: Schema.Codec<InputIssue> = object({ path: text, message: text });

/** A problem. */
export const ProblemDocument: Schema.Codec<Problem> = listed(
  'Problem',
  'Why there is no answer (RFC 9457). Nothing of what was sent is in it but names of fields.',
  object({ type: text, status: number, title: text, detail: text, errors: maybe(list(Issue)) }),
);

const FindingPlace: Schema.Codec<Place, unknown> = object({
  relationId: maybe(named<RelationId>()),
  unit: maybe(named<UnitName>()),
  key: maybe(text),
  commonName: maybe(text),
});

const OneFinding: Schema.Codec<Finding, unknown> = listed(
  'Finding',
  'Something that was noticed; docs/findings.md tells the cause and the remedy of each code.',
  object({ code: text, severity: words(['info', 'warning', 'error']), place: FindingPlace, message: text }),
);

const OneWrite: Schema.Codec<Write, unknown> = listed(
  'Write',
  'The keys of one databag that have to change.',
  object({
    relationId: named<RelationId>(),
    bag: words(['unit', 'application']),
    set: map(text, text),
    delete: list(text),
  }),
);

const Delta: Schema.Codec<FlagDelta, unknown> = object({ set: list(named<Flag>()), clear: list(named<Flag>()) });

const Kept: Schema.Codec<Memory, unknown> = object({
  flags: list(named<Flag>()),
  digests: map(text, named<Digest>()),
});

const Pair: Schema.Codec<KeyPair, unknown> = object({ cert: text, key: named<PrivateKey>() });

const Delivered: Schema.Codec<Certificate, unknown> = listed(
  'Certificate',
  'A certificate with its private key, as it was delivered.',
  object({ certType: words(CERT_TYPES), commonName: text, cert: text, key: named<PrivateKey>() }),
);

const View: Schema.Codec<RequiresView, unknown> = listed(
  'RequiresView',
  'What the charm can read.',
  object({
    rootCaCert: orNull(text),
    rootCaChain: orNull(text),
    serverCerts: list(Delivered),
    clientCerts: list(Delivered),
    applicationCerts: list(Delivered),
    intermediateCerts: list(Delivered),
    globalClientCert: orNull(Pair),
  }),
);

/** What was decided. */
export const Decided: Schema.Codec<Outcome<RequiresView>, unknown> = listed(
  'Outcome',
  'What to write, which flags change, what to remember, what the charm can read, what was noticed (contract.md, Outcome).',
  object({ writes: list(OneWrite), flags: Delta, memory: Kept, view: View, findings: list(OneFinding) }),
);

const DistinguishedName: Schema.Codec<Name> = object({
  text,
  attributes: list(object({ type: text, value: text })),
});

const AlternativeName: Schema.Codec<San> = object({
  type: words(['dns', 'ip', 'uri', 'email', 'directory', 'registeredId', 'other']),
  value: text,
});

const Key: Schema.Codec<PublicKey> = oneOf([
  object({ kind: word('rsa'), bits: number, exponent: number }),
  object({ kind: word('ec'), bits: number, curve: words(['P-256', 'P-384', 'P-521']) }),
  object({ kind: word('ed25519'), bits: word(256) }),
  object({ kind: word('other'), oid: text }),
]);

const hash = words(['MD2', 'MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']);

const Signature: Schema.Codec<SignatureAlgorithm> = oneOf([
  object({ name: words(['RSASSA-PKCS1-v1_5', 'ECDSA']), hash }),
  object({ name: word('RSA-PSS'), hash, saltLength: number }),
  object({ name: word('Ed25519') }),
  object({ name: word('other'), oid: text }),
]);

const Described: Schema.Codec<Description, unknown> = listed(
  'Description',
  'What is in a certificate.',
  object({
    version: words([1, 2, 3]),
    subject: DistinguishedName,
    issuer: DistinguishedName,
    selfIssued: yesOrNo,
    serialNumber: text,
    notBefore: text,
    notAfter: text,
    sans: list(AlternativeName),
    publicKey: Key,
    signatureAlgorithm: Signature,
    sha256: text,
    basicConstraints: orNull(object({ ca: yesOrNo, pathLength: orNull(number) })),
    keyUsage: orNull(list(words([
      'digitalSignature',
      'nonRepudiation',
      'keyEncipherment',
      'dataEncipherment',
      'keyAgreement',
      'keyCertSign',
      'cRLSign',
      'encipherOnly',
      'decipherOnly',
    ]))),
    extendedKeyUsage: orNull(list(text)),
    subjectKeyId: orNull(text),
    authorityKeyId: orNull(text),
    hasNameConstraints: yesOrNo,
    unknownCritical: list(text),
  }),
);

const Answer: Schema.Codec<ExaminedAnswer, unknown> = object({
  certificate: orNull(Described),
  path: list(Described),
  verified: orNull(yesOrNo),
});

const ExaminedOne: Schema.Codec<ExaminedRequest, unknown> = listed(
  'ExaminedRequest',
  'One certificate that was asked for, or answered without being asked for.',
  object({
    certType: words(CERT_TYPES),
    commonName: text,
    sans: orNull(list(text)),
    state: words(['answered', 'unanswered', 'unknown']),
    answer: orNull(Answer),
    findings: list(OneFinding),
  }),
);

const OneExamination: Schema.Codec<Examination, unknown> = listed(
  'Examination',
  'What came out of one unit on one relation.',
  object({
    relationId: named<RelationId>(),
    requirer: named<UnitName>(),
    providers: list(text),
    askedSeen: yesOrNo,
    ca: list(Described),
    chain: list(Described),
    requests: list(ExaminedOne),
    findings: list(OneFinding),
  }),
);

/** What was examined. */
export const Examined: Schema.Codec<Examinations, unknown> = listed(
  'Examinations',
  'Everything that was examined, without any private key.',
  object({ now: orNull(text), examinations: list(OneExamination), findings: list(OneFinding) }),
);

/** The server's health. */
export const Health: Schema.Codec<{ readonly status: 'ok'; readonly version: string }> = object({
  status: word('ok'),
  version: text,
});
