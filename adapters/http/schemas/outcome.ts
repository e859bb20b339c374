/**
 * What was decided, of either side.
 *
 * @module
 */
import { CERT_TYPES, type Certificate, type KeyPair, type PrivateKey } from '../../../core/model/certificate.ts';
import type { Finding, Place } from '../../../core/model/finding.ts';
import type { Flag, FlagDelta } from '../../../core/model/flag.ts';
import type { Digest, Memory } from '../../../core/model/memory.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../../core/model/names.ts';
import type { Outcome, Write } from '../../../core/model/outcome.ts';
import type { Timestamp } from '../../../core/model/snapshot.ts';
import type { ProvidesRequest, ProvidesView } from '../../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../../core/reactive/requires/view.ts';
import {
  type Codec,
  list,
  listed,
  map,
  maybe,
  named,
  number,
  object,
  oneOf,
  orNull,
  text,
  words,
  yesOrNo,
} from './words.ts';

const FindingPlace: Codec<Place, unknown> = object({
  relationId: maybe(named<RelationId>()),
  unit: maybe(named<UnitName>()),
  key: maybe(text),
  index: maybe(number),
  commonName: maybe(text),
});

/** A finding. */
export const OneFinding: Codec<Finding, unknown> = listed(
  'Finding',
  'Something that was noticed; docs/findings.md tells the cause and the remedy of each code.',
  object({ code: text, severity: words(['info', 'warning', 'error']), place: FindingPlace, message: text }),
);

/** A write. */
export const OneWrite: Codec<Write, unknown> = listed(
  'Write',
  'The keys of one databag that have to change.',
  object({
    relationId: named<RelationId>(),
    bag: words(['unit', 'application']),
    set: map(text, text),
    delete: list(text),
  }),
);

const Delta: Codec<FlagDelta, unknown> = object({ set: list(named<Flag>()), clear: list(named<Flag>()) });

const Kept: Codec<Memory, unknown> = object({
  flags: list(named<Flag>()),
  digests: map(text, named<Digest>()),
});

const Pair: Codec<KeyPair, unknown> = object({ cert: text, key: named<PrivateKey>() });

const Delivered: Codec<Certificate, unknown> = listed(
  'Certificate',
  'A certificate with its private key, as it was delivered.',
  object({ certType: words(CERT_TYPES), commonName: text, cert: text, key: named<PrivateKey>() }),
);

const View: Codec<RequiresView, unknown> = listed(
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

const OneRequest: Codec<ProvidesRequest, unknown> = listed(
  'ProvidesRequest',
  'A request as its provider sees it, with the answer that is published.',
  object({
    relationId: named<RelationId>(),
    unit: named<UnitName>(),
    unitName: named<MungedUnitName>(),
    applicationName: text,
    certType: words(CERT_TYPES),
    certificateName: text,
    commonName: text,
    sans: list(text),
    isHandled: yesOrNo,
    cert: orNull(text),
    key: orNull(named<PrivateKey>()),
  }),
);

const Provided: Codec<ProvidesView, unknown> = listed(
  'ProvidesView',
  'What the charm of a provider can read.',
  object({ allRequests: list(OneRequest), newRequests: list(OneRequest), publishedCerts: list(Delivered) }),
);

const outcomeOf = <V>(view: Codec<V, unknown>): Codec<Outcome<V>, unknown> =>
  object({
    writes: list(OneWrite),
    flags: Delta,
    memory: Kept,
    until: orNull(named<Timestamp>()),
    view,
    findings: list(OneFinding),
  });

/** What was decided. */
export const Decided: Codec<Outcome<RequiresView> | Outcome<ProvidesView>, unknown> = listed(
  'Outcome',
  'What to write, which flags change, what to remember, what the charm can read, what was noticed (contract.md, Outcome).',
  oneOf([outcomeOf(View), outcomeOf(Provided)]),
);
