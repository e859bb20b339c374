/**
 * What a provider has published on a relation, in either version.
 *
 * Version 1 counts if the application databag has it. Otherwise version 0 counts, from the databags of all units together: it is a matter
 * of chance which of them a provider has filled. Source: docs/certificate-transfer.md, Versions.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { parseDatabagJson } from '../databag/json.ts';
import { lookup } from '../databag/lookup.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { RelationId, UnitName } from '../model/names.ts';
import { shapeOf } from '../model/shape.ts';
import type { Databag } from '../model/snapshot.ts';
import { malformed, saidOf } from './malformed.ts';
import { distinct, type ReadText, type TrustedCertificate } from './texts.ts';
import { versionIn } from './version.ts';
import { APPLICATION_KEYS, UNIT_CERTIFICATE_KEYS, UNIT_KEYS } from './wire.ts';

/** A version of the interface. */
export type TrustVersion = 0 | 1;

/** What a relation's provider has published. */
export interface Published {
  /** Null if nothing is published yet. */
  readonly version: TrustVersion | null;
  /** Without duplicates, in the order of publication. */
  readonly certificates: ReadonlyArray<TrustedCertificate>;
  readonly findings: ReadonlyArray<Finding>;
}

type Read = Pick<Published, 'certificates' | 'findings'>;

const NOTHING: Read = { certificates: [], findings: [] };

const together = (parts: ReadonlyArray<Read>): Read => ({
  certificates: distinct(parts.flatMap(({ certificates }) => certificates)),
  findings: parts.flatMap(({ findings }) => findings),
});

const readOne = (text: string, place: Place, read: ReadText): Read => {
  const found = read(text);
  return { certificates: found.certificates, findings: saidOf(place, found) };
};

const readListOf = (list: ReadonlyArray<unknown>, place: Place, read: ReadText): Read =>
  together(list.map((entry, index) =>
    typeof entry === 'string' ? readOne(entry, { ...place, index }, read) : {
      certificates: [],
      findings: [
        malformed('malformed-entry', { ...place, index }, `expected a certificate in PEM, got ${shapeOf(entry)}`),
      ],
    }
  ));

/** A list of certificates as JSON; both versions have one. */
const readList = (raw: string, place: Place, read: ReadText): Read => {
  const parsed = parseDatabagJson(raw);
  if (E.isRight(parsed) && Array.isArray(parsed.right)) return readListOf(parsed.right, place, read);
  const isText = E.isLeft(parsed) || typeof parsed.right === 'string';
  const text = E.isRight(parsed) && typeof parsed.right === 'string' ? parsed.right : raw;
  // A single certificate or a bundle that was published without wrapping it in a list.
  if (isText && read(text).certificates.length > 0) return readOne(text, place, read);
  const came = E.isRight(parsed) ? shapeOf(parsed.right) : parsed.left;
  return {
    certificates: [],
    findings: [
      malformed('malformed-value', place, `expected a JSON list of certificates, got ${came}`),
      ...saidOf(place, { ...read(text), fault: null }),
    ],
  };
};

/** A certificate of version 0: the library of version 0 writes the plain text, that of version 1 writes it as JSON. */
const readText = (raw: string, place: Place, read: ReadText): Read => {
  const parsed = parseDatabagJson(raw);
  return readOne(E.isRight(parsed) && typeof parsed.right === 'string' ? parsed.right : raw, place, read);
};

const readUnit = (bag: Databag, place: Place, read: ReadText): Read =>
  together(UNIT_CERTIFICATE_KEYS.map((key) => {
    const raw = lookup(bag, key);
    if (raw === null) return NOTHING;
    return (key === UNIT_KEYS.chain ? readList : readText)(raw, { ...place, key }, read);
  }));

const hasAny = (bag: Databag): boolean => UNIT_CERTIFICATE_KEYS.some((key) => lookup(bag, key) !== null);

/** Where a provider publishes: the databag of its application, and those of its units that count, in order. */
export interface ProviderBags {
  readonly relationId: RelationId;
  readonly application: Databag;
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
}

/** Reads what a provider has published. */
export const readPublished = ({ relationId, application, units }: ProviderBags, read: ReadText): Published => {
  const raw = lookup(application, APPLICATION_KEYS.certificates);
  const said = versionIn(application, APPLICATION_KEYS.version);
  const faults = E.isLeft(said)
    ? [malformed('malformed-value', { relationId, key: APPLICATION_KEYS.version }, said.left)]
    : [];
  const isOne = raw !== null || (E.isRight(said) && said.right !== null && said.right > 0);
  if (isOne) {
    const place = { relationId, key: APPLICATION_KEYS.certificates };
    const { certificates, findings } = raw === null ? NOTHING : readList(raw, place, read);
    return { version: 1, certificates, findings: [...faults, ...findings] };
  }
  const filled = units.filter(({ bag }) => hasAny(bag));
  const { certificates, findings } = together(filled.map(({ unit, bag }) => readUnit(bag, { relationId, unit }, read)));
  return { version: filled.length > 0 ? 0 : null, certificates, findings: [...faults, ...findings] };
};
