/**
 * The requests in a requirer's own databag: makes and withdraws them. own-bag.ts then writes the result.
 *
 * One server request has fields of its own, the top level; all others stand in a JSON object per kind. Only what a request
 * changes in meaning is written again, so that a databag that Python wrote stays as it is, byte for byte.
 * Source: docs/reactive-protocol.md sections 1 and 3, D9, D10, D13, D23, D28.
 *
 * @module
 */
import { lookup } from '../../databag/lookup.ts';
import { uuidOf } from '../../digest.ts';
import { sameNames } from '../../model/same-names.ts';
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import type { Finding, Place } from '../../model/finding.ts';
import { munge, type RelationId, type UnitName } from '../../model/names.ts';
import type { Databag } from '../../model/snapshot.ts';
import { finding } from './findings.ts';
import type { OnRepeat, Request } from './intent.ts';
import { type BagRequests, requestKeyOf, type Sans } from '../asked.ts';
import { COLLECTIONS, REQUIRER_KEYS } from '../wire.ts';
import { rewritten, type Standing } from './own-bag.ts';
import { unusableNames } from './unusable.ts';

/** Whether a databag asks for anything that is not withdrawn; `withdrawn` has the subjects of withdrawals. */
export const asksForSomething = ({ top, collections }: BagRequests, withdrawn: ReadonlySet<string>): boolean => {
  const stands = (certType: CertType, commonName: string): boolean =>
    !withdrawn.has(requestKeyOf({ certType, commonName }));
  if (top !== null && stands('server', top.commonName)) return true;
  return CERT_TYPES.some((certType) => [...collections[certType].keys()].some((name) => stands(certType, name)));
};

/** What is wanted on one relation. */
export interface Wanted {
  readonly requests: ReadonlyArray<Request>;
  /** The subjects of withdrawals. */
  readonly withdrawn: ReadonlySet<string>;
  readonly onRepeat: OnRepeat;
}

/** What a databag asks for, without withdrawn requests. */
const withoutWithdrawn = (
  bag: Databag,
  { top, collections }: BagRequests,
  withdrawn: ReadonlySet<string>,
): Standing => {
  const stands = (certType: CertType, commonName: string): boolean =>
    !withdrawn.has(requestKeyOf({ certType, commonName }));
  const left = (certType: CertType): ReadonlyMap<string, Sans> =>
    new Map([...collections[certType]].filter(([name]) => stands(certType, name)));
  const isTopLeft = top === null || stands('server', top.commonName);
  return {
    top: isTopLeft ? top : null,
    certificateName: isTopLeft ? lookup(bag, REQUIRER_KEYS.certificateName) : null,
    collections: {
      server: left('server'),
      client: left('client'),
      application: left('application'),
      intermediate: left('intermediate'),
    },
  };
};

/** The SANs that a request ends up with, and a finding about them. */
interface Settled {
  readonly sans: Sans;
  readonly findings: ReadonlyArray<Finding>;
}

/**
 * The SANs of a request that may have been made before (D9). If the names are the same, they stay as published: another order or form would
 * would start a hook on every unit of the provider, and might have the certificate reissued (D28).
 */
const settled = (before: Sans | undefined, asked: Sans, onRepeat: OnRepeat, place: Place): Settled => {
  if (before === undefined) return { sans: asked, findings: [] };
  if (sameNames(before, asked)) return { sans: before, findings: [] };
  const otherSans = 'this name was asked for before with other SANs';
  return onRepeat === 'ignore'
    ? {
      sans: before,
      findings: [finding('repeat-ignored', place, `${otherSans}; those of the first request stay`)],
    }
    : { sans: asked, findings: [finding('sans-replaced', place, `${otherSans}; the new ones replace them`)] };
};

/** The final requests, and the findings about them. */
interface Made {
  readonly standing: Standing;
  readonly findings: ReadonlyArray<Finding>;
}

/** Adds requests, in order. `place` is the unit's databag. */
const withRequests = (
  { top: before, certificateName, collections }: Standing,
  { requests, onRepeat }: Wanted,
  place: Place & { readonly unit: UnitName },
): Made => {
  // Copied once, since there may be thousands of requests.
  const after = {
    server: new Map(collections.server),
    client: new Map(collections.client),
    application: new Map(collections.application),
    intermediate: new Map(collections.intermediate),
  };
  let top = before;
  let name = certificateName;
  const findings: Array<Finding> = [];
  /*
   * The top level is for the first server request. A request that already stands in the collection stays there, so that its
   * certificate does; and an empty common name could not stand on top, since Juju deletes empty values (D23).
   */
  const belongsOnTop = (commonName: string): boolean =>
    commonName !== '' && (top !== null ? top.commonName === commonName : !after.server.has(commonName));
  for (const request of requests) {
    const { certType, commonName, sans } = request;
    const isOnTop = certType === 'server' && belongsOnTop(commonName);
    const key = isOnTop ? REQUIRER_KEYS.sans : COLLECTIONS[certType].requests;
    const earlier = isOnTop ? top?.sans ?? undefined : after[certType].get(commonName);
    const one = settled(earlier, sans, onRepeat, { ...place, key, commonName });
    findings.push(...one.findings);
    if (isOnTop) {
      top = { commonName, sans: one.sans, isMalformed: false };
      name ??= request.certificateName || uuidOf(`${munge(place.unit)}/${commonName}`);
    } else {
      after[certType].set(commonName, one.sans);
    }
  }
  return { standing: { top, certificateName: name, collections: after }, findings };
};

/** What is wrong with the final names. */
const unusable = ({ top, collections }: Standing, place: Place): ReadonlyArray<Finding> => {
  const about = (commonName: string, sans: Sans, key: string): ReadonlyArray<Finding> =>
    unusableNames(commonName, sans, { ...place, key, commonName });
  return [
    ...(top === null ? [] : about(top.commonName, top.sans ?? [], REQUIRER_KEYS.commonName)),
    ...CERT_TYPES.flatMap((certType) =>
      [...collections[certType]].flatMap(([name, sans]) => about(name, sans, COLLECTIONS[certType].requests))
    ),
  ];
};

/** A databag with the charm's wishes applied, and the common name that is now at top level. */
export interface AskedAnew {
  readonly bag: Databag;
  readonly topCommonName: string | null;
  /** Whether the databag asks for anything; if so, it also says who asks (D30). */
  readonly asks: boolean;
  readonly findings: ReadonlyArray<Finding>;
}

/** Withdraws from one relation what is no longer wanted, then requests what is. */
export const ask = (
  bag: Databag,
  asked: BagRequests,
  relationId: RelationId,
  unit: UnitName,
  wanted: Wanted,
): AskedAnew => {
  const { withdrawn } = wanted;
  const place = { relationId, unit };
  const { standing, findings } = withRequests(withoutWithdrawn(bag, asked, withdrawn), wanted, place);
  // Malformed entries that are withdrawn go, although they asked for nothing.
  const cleansed = new Set(
    asked.malformed.filter((subject) => withdrawn.has(requestKeyOf(subject))).map(({ certType }) => certType),
  );
  const { top, collections } = standing;
  return {
    bag: rewritten(bag, asked, standing, cleansed),
    topCommonName: top?.commonName ?? null,
    asks: top !== null || CERT_TYPES.some((certType) => collections[certType].size > 0),
    findings: [...findings, ...unusable(standing, place)],
  };
};
