/**
 * Requests that a unit makes in both forms, as it does until it knows what its provider speaks: they are answered only in the CSR form, so
 * that the unit's key never leaves it.
 *
 * Source: docs/any-protocol.md, The provider.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { fitsKind } from '../../csr/content.ts';
import { readRequested, type Requested } from '../../csr/requested.ts';
import type { Texts } from '../../csr/texts.ts';
import { readObject } from '../../databag/entries.ts';
import { lookup } from '../../databag/lookup.ts';
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { Bag } from '../../model/outcome.ts';
import type { Databag, Relation } from '../../model/snapshot.ts';
import { requestKeyOf } from '../../reactive/asked.ts';
import { COLLECTIONS, REQUIRER_KEYS } from '../../reactive/wire.ts';

/** What a CSR is for; without a stated usage, it counts as a server's. */
const kindsOf = ({ known, isCa }: Requested, bag: Bag): ReadonlyArray<CertType> => {
  if (bag === 'application') return ['application'];
  if (isCa) return ['intermediate'];
  if (known.csr.extendedKeyUsage === null) return ['server'];
  return (['server', 'client'] as const).filter((kind) => fitsKind(known.csr, kind));
};

const subjectsIn = (data: Databag, bag: Bag, texts: Texts): ReadonlyArray<string> =>
  readRequested(data, texts).entries.flatMap(({ value }) =>
    kindsOf(value, bag).map((certType) => requestKeyOf({ certType, commonName: value.known.content.commonName }))
  );

/** A JSON object of a databag without some of its entries; a value that is not an object stays unchanged. */
const withoutEntries = (raw: string, isGone: (commonName: string) => boolean): string => {
  const read = readObject(raw, 'a JSON object of requests');
  if (E.isLeft(read)) return raw;
  const entries = Object.entries(read.right);
  const left = entries.filter(([commonName]) => !isGone(commonName));
  if (left.length === entries.length) return raw;
  // It is only read, so it need not match how Python writes it.
  return left.length === 0 ? '' : JSON.stringify(Object.fromEntries(left));
};

/**
 * A requirer's databag without the requests by name that are also made by CSR. A unit that asks by CSR is not answered by name for its
 * application either: the leader's CSR may not be there yet, and until it is, the key of all units would be published here.
 */
const without = (data: Databag, ofApplication: ReadonlySet<string>, ofUnit: ReadonlySet<string>): Databag => {
  if (ofApplication.size === 0 && ofUnit.size === 0) return data;
  const left = Object.assign(emptyMap<string>(), data);
  const isByCsr = (certType: CertType) => (commonName: string): boolean => {
    if (certType === 'application' && ofUnit.size > 0) return true;
    const subject = requestKeyOf({ certType, commonName });
    return ofApplication.has(subject) || ofUnit.has(subject);
  };
  const top = lookup(data, REQUIRER_KEYS.commonName);
  if (top !== null && isByCsr('server')(top)) {
    for (const key of ['commonName', 'sans', 'certificateName'] as const) delete left[REQUIRER_KEYS[key]];
  }
  for (const certType of CERT_TYPES) {
    const key = COLLECTIONS[certType].requests;
    const raw = lookup(data, key);
    if (raw !== null) left[key] = withoutEntries(raw, isByCsr(certType));
  }
  return left;
};

/** The relation as the reactive protocol should see it: without the requests that are made in both forms. */
export const inOneForm = (relation: Relation, texts: Texts): Relation => {
  const ofApplication = new Set(subjectsIn(relation.remoteApplicationData, 'application', texts));
  const units = Object.entries(relation.remoteUnits).map(([unit, data]) =>
    [unit, without(data, ofApplication, new Set(subjectsIn(data, 'unit', texts)))] as const
  );
  return { ...relation, remoteUnits: Object.assign(emptyMap<Databag>(), Object.fromEntries(units)) };
};
