/**
 * What providers have published for one requirer unit: reads the CA, the chain and the certificates from remote databags.
 *
 * Values are taken from the first unit, in reading order, that has a usable one; each is decoded once. A certificate and its key
 * come from the same unit. Source: docs/reactive-protocol.md sections 2, 4 and 5, D3, D4, D7, D17, D18, D20, D22, D23.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { readObject } from '../../databag/entries.ts';
import { lookup } from '../../databag/lookup.ts';
import { byCodePoint } from '../../model/order.ts';
import { type Certificate, type CertType, type KeyPair, type PrivateKey, redacted } from '../../model/certificate.ts';
import { isObject } from '../../model/codec.ts';
import type { Finding, Place } from '../../model/finding.ts';
import { shapeOf } from '../../model/shape.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../model/names.ts';
import type { Databag } from '../../model/snapshot.ts';
import { pairIn, textIn } from '../entry.ts';
import { finding } from './findings.ts';
import type { Remembered } from '../../model/memory.ts';
import { type Before, givenFor } from './given.ts';
import type { RequiresView } from './view.ts';
import { answersKey, APPLICATION_ENTRY, PROVIDER_KEYS, topLevelKeys } from '../wire.ts';

/** One provider unit, in reading order. */
export interface ProviderUnit {
  readonly relationId: RelationId;
  readonly unit: UnitName;
  readonly bag: Databag;
  /** The common name of this relation's top-level request, before and after this hook's own writes. */
  readonly topCommonName: { readonly before: string | null; readonly after: string | null };
}

/** What was read. */
export interface Answers {
  readonly view: RequiresView;
  readonly findings: ReadonlyArray<Finding>;
  /** What top-level answers were given for, by name after the endpoint. */
  readonly notes: ReadonlyMap<string, Remembered>;
}

const placeOf = ({ relationId, unit }: ProviderUnit, key: string): Place => ({ relationId, unit, key });

/** The result of `use` for the first source for which it has one. */
const first = <A>(sources: ReadonlyArray<ProviderUnit>, use: (source: ProviderUnit) => A | null): A | null => {
  for (const source of sources) {
    const found = use(source);
    if (found !== null) return found;
  }
  return null;
};

const pairFrom = (
  source: ProviderUnit,
  keys: { readonly cert: string; readonly key: string },
  findings: Array<Finding>,
): KeyPair | null => {
  const cert = lookup(source.bag, keys.cert);
  const key = lookup(source.bag, keys.key);
  if (cert !== null && key !== null) return { cert, key: key as PrivateKey };
  if (cert !== null || key !== null) {
    const [there, missing] = cert === null ? [keys.key, keys.cert] : [keys.cert, keys.key];
    findings.push(finding('incomplete-answer', placeOf(source, there), `there is no ${missing} beside it`));
  }
  return null;
};

/** What a source has at top level. */
interface Top {
  readonly source: ProviderUnit;
  readonly pair: KeyPair | null;
  readonly findings: ReadonlyArray<Finding>;
}

const topIn = (local: MungedUnitName) => (source: ProviderUnit): Top => {
  const findings: Array<Finding> = [];
  return { source, pair: pairFrom(source, topLevelKeys(local), findings), findings };
};

/**
 * The answer to the top-level request of the source's relation. The wire does not say for which common name it was given; this is
 * remembered when it is first seen, so that it never appears as the answer to another name (D18).
 */
const topFrom = (
  { source, pair }: Top,
  local: MungedUnitName,
  isForThis: boolean,
  findings: Array<Finding>,
): Certificate | null => {
  if (pair === null) return null;
  const { after } = source.topCommonName;
  const place = placeOf(source, topLevelKeys(local).cert);
  if (after === null) {
    const message = 'there is a certificate, but this unit asks for none on this relation';
    findings.push(finding('unasked-answer', place, message));
    return null;
  }
  if (!isForThis) {
    const message =
      'the certificate was given for the common name that was asked for before; there is none yet for this one';
    findings.push(finding('stale-answer', { ...place, commonName: after }, message));
    return null;
  }
  return { certType: 'server', commonName: after, ...pair };
};

/** What is wrong with an entry that is not a certificate with its key. */
const faultsOf = (entry: unknown, place: Place): ReadonlyArray<Finding> => {
  if (!isObject(entry)) {
    return [finding('malformed-entry', place, `expected an object with cert and key, got ${shapeOf(entry)}`)];
  }
  return (['cert', 'key'] as const).filter((member) => textIn(entry, member) === null).map((member) => {
    const value = Object.hasOwn(entry, member) ? entry[member] : undefined;
    return value === undefined || value === null || value === ''
      ? finding('incomplete-answer', place, `there is no ${member} in it`)
      : finding('malformed-entry', place, `expected ${member} to be a string, got ${shapeOf(value)}`);
  });
};

/**
 * The answers in one value, or null if nothing in it is usable, so that the next unit's value is tried (D17). An empty object is an answer:
 * nothing was granted.
 */
const collectionFrom = (
  source: ProviderUnit,
  key: string,
  certType: CertType,
  wanted: (commonName: string) => boolean,
  findings: Array<Finding>,
): ReadonlyArray<Certificate> | null => {
  const raw = lookup(source.bag, key);
  if (raw === null) return null;
  const place = placeOf(source, key);
  const parsed = readObject(raw, 'a JSON object of answers');
  if (E.isLeft(parsed)) {
    findings.push(finding('malformed-value', place, parsed.left));
    return null;
  }
  const answers = parsed.right;
  const names = Object.keys(answers);
  const mine = names.filter(wanted);
  const certificates: Array<Certificate> = [];
  for (const commonName of mine) {
    const entry = answers[commonName];
    const pair = pairIn(entry);
    if (pair !== null) certificates.push({ certType, commonName, ...pair });
    else findings.push(...faultsOf(entry, { ...place, commonName }));
  }
  if (certificates.length === 0 && names.length > 0) {
    if (mine.length === 0) {
      findings.push(finding('malformed-value', place, `expected an entry ${APPLICATION_ENTRY}, got others only`));
    }
    return null;
  }
  return certificates.sort((a, b) => byCodePoint(a.commonName, b.commonName));
};

/** Reads everything that providers have published for one unit; `known` is what is known of their top-level answers. */
export const readAnswers = (
  sources: ReadonlyArray<ProviderUnit>,
  local: MungedUnitName,
  known: Before,
): Answers => {
  const findings: Array<Finding> = [];
  const text = (key: string): string | null => first(sources, ({ bag }) => lookup(bag, key));
  const collection = (
    certType: CertType,
    shownAs: CertType = certType,
    wanted: (commonName: string) => boolean = () => true,
  ): ReadonlyArray<Certificate> => {
    const key = answersKey(local, certType);
    return first(sources, (source) => collectionFrom(source, key, shownAs, wanted, findings)) ?? [];
  };
  const isApplicationEntry = (commonName: string): boolean => commonName === APPLICATION_ENTRY;
  // Every source is read although the first answer wins: what each unit answered is remembered with its common name.
  const tops = sources.map(topIn(local));
  const seen = tops.filter(({ pair }) => pair !== null);
  const { isForThis, notes } = givenFor(
    known,
    seen.flatMap(({ source: { relationId, unit, topCommonName: { before, after } }, pair }) =>
      pair === null ? [] : [{ relationId, unit, pair, assumed: before ?? after, commonName: after }]
    ),
  );
  const fitting = new Set(seen.filter((_, i) => isForThis[i]));
  const top = tops
    .map((one) => {
      findings.push(...one.findings);
      return topFrom(one, local, fitting.has(one), findings);
    })
    .find((certificate) => certificate !== null);
  const clientKeys = { cert: PROVIDER_KEYS.clientCert, key: PROVIDER_KEYS.clientKey };
  const globalClientCert = first(sources, (source) => pairFrom(source, clientKeys, findings));
  return {
    view: {
      rootCaCert: text(PROVIDER_KEYS.ca),
      rootCaChain: text(PROVIDER_KEYS.chain),
      serverCerts: [...(top ? [top] : []), ...collection('server')].map(redacted),
      clientCerts: collection('client').map(redacted),
      applicationCerts: collection('application', 'server', isApplicationEntry).map(redacted),
      intermediateCerts: collection('intermediate').map(redacted),
      globalClientCert: globalClientCert === null ? null : redacted(globalClientCert),
    },
    findings,
    notes,
  };
};
