/**
 * What a provider has published in its application databag: answers, errors, capabilities. Both sides read it: the requirer that of its
 * providers, and the provider its own, to change it.
 *
 * An answer needs a readable CSR and certificate. Unreadable parts of its CA and chain are left out, with a fault. Source:
 * docs/csr-protocol.md, Databags and Malformed data.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Entry, type EntryFault, fieldOf, readList } from '../databag/entries.ts';
import { lookup } from '../databag/lookup.ts';
import { isObject } from '../model/codec.ts';
import { shapeOf } from '../model/shape.ts';
import type { Databag } from '../model/snapshot.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { readError, type RequestError } from './errors.ts';
import { laxBoolean } from './lax.ts';
import type { KnownCertificate, KnownCsr, Texts } from './texts.ts';
import { ANSWER_FIELDS, ERROR_FIELDS, PROVIDER_KEYS } from './wire.ts';

/** One answer. */
export interface PublishedAnswer {
  readonly csr: KnownCsr;
  readonly certificate: KnownCertificate;
  /** The issuing CA, if it is readable. */
  readonly ca: KnownCertificate | null;
  /** In the order of publication; it should start with the certificate. */
  readonly chain: ReadonlyArray<KnownCertificate>;
  readonly isRevoked: boolean;
}

/** One refusal. */
export interface Refused {
  readonly csr: KnownCsr;
  readonly error: RequestError;
}

/** The entries of one key, and what is wrong with others. */
export interface Read<A> {
  readonly entries: ReadonlyArray<Entry<number, A>>;
  /** What makes an entry, or the whole value, unusable. */
  readonly faults: ReadonlyArray<EntryFault<number>>;
  /** What is wrong with parts of usable entries. */
  readonly slips: ReadonlyArray<EntryFault<number>>;
}

const csrIn = (entry: Readonly<Record<string, unknown>>, field: string, texts: Texts): E.Either<string, KnownCsr> => {
  const pem = fieldOf(entry, field);
  const known = typeof pem === 'string' ? texts.csr(pem) : null;
  return known === null ? E.left(`expected a CSR in PEM as ${field}, got ${shapeOf(pem)}`) : E.right(known);
};

const readAnswer = (
  entry: unknown,
  texts: Texts,
  slip: (message: string) => void,
): E.Either<string, PublishedAnswer> => {
  if (!isObject(entry)) return E.left(`expected an object, got ${shapeOf(entry)}`);
  const csr = csrIn(entry, ANSWER_FIELDS.csr, texts);
  if (E.isLeft(csr)) return csr;
  const certificateIn = (value: unknown): KnownCertificate | null =>
    typeof value === 'string' ? texts.certificate(value) : null;
  const pem = fieldOf(entry, ANSWER_FIELDS.certificate);
  const certificate = certificateIn(pem);
  if (certificate === null) {
    return E.left(`expected a certificate in PEM as ${ANSWER_FIELDS.certificate}, got ${shapeOf(pem)}`);
  }
  const revoked = fieldOf(entry, ANSWER_FIELDS.revoked);
  const isRevoked = laxBoolean(revoked);
  if (E.isLeft(isRevoked)) {
    return E.left(`expected ${isRevoked.left} as ${ANSWER_FIELDS.revoked}, got ${shapeOf(revoked)}`);
  }
  const caText = fieldOf(entry, ANSWER_FIELDS.ca);
  const ca = certificateIn(caText);
  if (ca === null) slip(`expected a certificate in PEM as ${ANSWER_FIELDS.ca}, got ${shapeOf(caText)}: there is no CA`);
  const links = fieldOf(entry, ANSWER_FIELDS.chain) ?? [];
  if (!Array.isArray(links)) {
    slip(`expected a list as ${ANSWER_FIELDS.chain}, got ${shapeOf(links)}: there is no chain`);
  }
  const chain = (Array.isArray(links) ? links : []).flatMap((link: unknown, i): ReadonlyArray<KnownCertificate> => {
    const read = certificateIn(link);
    if (read !== null) return [read];
    slip(`expected a certificate in PEM as ${ANSWER_FIELDS.chain}[${i}], got ${shapeOf(link)}: it is left out`);
    return [];
  });
  return E.right({ csr: csr.right, certificate, ca, chain, isRevoked: isRevoked.right ?? false });
};

/** Reads the answers in a provider's databag. */
export const readAnswers = (bag: Databag, texts: Texts): Read<PublishedAnswer> => {
  const slips: Array<EntryFault<number>> = [];
  const read = readList(
    lookup(bag, PROVIDER_KEYS.answers),
    'a JSON list of certificates',
    (entry, at) => readAnswer(entry, texts, (message) => void slips.push({ at, message })),
  );
  return { ...read, slips };
};

const readRefused = (entry: unknown, texts: Texts): E.Either<string, Refused> => {
  if (!isObject(entry)) return E.left(`expected an object, got ${shapeOf(entry)}`);
  const field = fieldOf(entry, ERROR_FIELDS.csr) === undefined ? ERROR_FIELDS.csrAsDescribed : ERROR_FIELDS.csr;
  const csr = csrIn(entry, field, texts);
  if (E.isLeft(csr)) return csr;
  return E.map((error: RequestError) => ({ csr: csr.right, error }))(readError(fieldOf(entry, ERROR_FIELDS.error)));
};

/** Reads the errors in a provider's databag. */
export const readErrors = (bag: Databag, texts: Texts): Read<Refused> => ({
  ...readList(lookup(bag, PROVIDER_KEYS.errors), 'a JSON list of errors', (entry) => readRefused(entry, texts)),
  slips: [],
});

/** Reads the capabilities in a provider's databag; null if there are none. */
export const capabilitiesIn = (bag: Databag): E.Either<string, Capabilities | null> => {
  const raw = lookup(bag, PROVIDER_KEYS.capabilities);
  return raw === null ? E.right(null) : readCapabilities(raw);
};
