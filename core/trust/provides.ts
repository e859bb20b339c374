/**
 * The side that hands out certificates. It does what the Python library's `CertificateTransferProvides` does, as one pure function.
 *
 * Version 1 is published in the application databag, which only the leader may write. Version 0 is published in the databag of each unit,
 * for requirers that do not announce version 1. publish.ts knows what to write.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { difference } from '../databag/write.ts';
import type { Memory } from '../model/memory.ts';
import type { Outcome, Write } from '../model/outcome.ts';
import type { Databag, Snapshot } from '../model/snapshot.ts';
import { remember } from '../side/remember.ts';
import { noSecret, type Row, wordIn } from '../side/row.ts';
import { TRUST_PROVIDES_FLAG_NAMES, TRUST_PROVIDES_FLAGS, TRUST_PROVIDES_KEYS } from './provides/explain.ts';
import { finding } from './provides/findings.ts';
import { nothingKnown, TrustProvidesIntent, type TrustProvidesIntentDocument } from './provides/intent.ts';
import { applicationBag, withoutVersion0, withVersion0 } from './provides/publish.ts';
import type { TrustProvidesView } from './provides/view.ts';
import { applicationOf, type TrustRelation, trustRelations } from './relations.ts';
import { distinct, type ReadText, textsOnce, type TrustedCertificate } from './texts.ts';
import { versionIn } from './version.ts';
import { APPLICATION_KEYS } from './wire.ts';

/** A relation with the version that the other side announces; null if it announces none, or something unreadable. */
interface Served {
  readonly on: TrustRelation;
  readonly said: E.Either<string, number | null>;
}

const versionOf = ({ said }: Served): number | null => E.getOrElse((): number | null => null)(said);

/**
 * The unit's own databag. As in the library, every requirer that does not announce exactly version 1 also gets version 0, but only once one
 * of its units is there, since it may be about to announce version 1. A unit that neither leads nor knows the certificates cannot keep them
 * up to date.
 */
const unitBag = (
  served: Served,
  certificates: ReadonlyArray<TrustedCertificate> | null,
  isLeader: boolean,
): Databag => {
  const { on: { relation: { localUnitData }, units } } = served;
  if (versionOf(served) === 1) return withoutVersion0(localUnitData);
  if (certificates === null) return isLeader ? localUnitData : withoutVersion0(localUnitData);
  return units.length === 0 ? localUnitData : withVersion0(localUnitData, certificates);
};

const writesOn = (
  served: Served,
  certificates: ReadonlyArray<TrustedCertificate> | null,
  isLeader: boolean,
  read: ReadText,
): ReadonlyArray<Write> => {
  const { on, on: { relation: { id, localUnitData, localApplicationData } } } = served;
  return [
    difference(id, 'unit', localUnitData, unitBag(served, certificates, isLeader)),
    isLeader && certificates !== null
      ? difference(id, 'application', localApplicationData, applicationBag(on, certificates, read))
      : null,
  ].filter((write) => write !== null);
};

const decide = (snapshot: Snapshot, intent: TrustProvidesIntent, memory: Memory): Outcome<TrustProvidesView> => {
  const { endpoint, isLeader } = snapshot;
  const read = textsOnce();
  const certificates = intent.certificates === undefined
    ? null
    : distinct(intent.certificates.flatMap((text) => read(text).certificates));
  const served = trustRelations(snapshot).map((on): Served => ({
    on,
    said: versionIn(on.relation.remoteApplicationData, APPLICATION_KEYS.version),
  }));
  const isJoined = served.some(({ on: { units } }) => units.length > 0);
  const kept = remember(endpoint, TRUST_PROVIDES_FLAG_NAMES, memory, {
    flags: new Set(isJoined ? ['available' as const] : []),
    digests: new Map(),
  });
  return {
    writes: served.flatMap((one) => writesOn(one, certificates, isLeader, read)),
    flags: kept.delta,
    memory: kept.memory,
    until: null,
    view: {
      relations: served.map((one) => ({
        relationId: one.on.relation.id,
        application: applicationOf(one.on),
        version: versionOf(one),
      })),
    },
    findings: served.flatMap(({ on, said }) =>
      E.isLeft(said)
        ? [finding('malformed-value', { relationId: on.relation.id, key: APPLICATION_KEYS.version }, said.left)]
        : []
    ),
  };
};

/**
 * The side that hands out certificates: `trust/provides` of the interface `certificate_transfer`.
 *
 * Findings: see {@link TRUST_PROVIDES_FINDINGS}. Source: docs/certificate-transfer.md.
 *
 * @example
 * ```ts
 * import { emptyMemory, type Snapshot } from 'interface-tls-certificates';
 * import { trustProvides, type TrustProvidesIntent } from 'interface-tls-certificates/trust';
 * const published = (snapshot: Snapshot, intent: TrustProvidesIntent) =>
 *   trustProvides.decide(snapshot, intent, emptyMemory).writes.filter(({ bag }) => bag === 'application');
 * ```
 */
export const trustProvides: Row<
  'trust/provides',
  TrustProvidesIntent,
  TrustProvidesView,
  TrustProvidesIntentDocument
> = {
  name: 'trust/provides',
  role: 'provider',
  intent: TrustProvidesIntent,
  nothing: nothingKnown,
  reads: { applicationData: true, keys: false },
  decide,
  deliveries: () => [],
  common: () => null,
  asked: () => [],
  explain: { flag: wordIn(TRUST_PROVIDES_FLAGS), key: wordIn(TRUST_PROVIDES_KEYS), isSecret: noSecret },
};
