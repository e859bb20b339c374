/**
 * What the provider units of a relation published to everybody, read once for all requesting units: a model has thousands of them, and a
 * chain can be long.
 *
 * @module
 */
import { lookup } from '../databag/lookup.ts';
import type { PrivateKey } from '../model/certificate.ts';
import { emptyMap } from '../model/codec.ts';
import type { Finding } from '../model/finding.ts';
import type { MungedUnitName, RelationId, UnitName } from '../model/names.ts';
import { byCodePoint } from '../model/order.ts';
import { normalPem } from '../model/pem-text.ts';
import type { Databag } from '../model/snapshot.ts';
import { finding as requirerFinding } from '../reactive/requires/findings.ts';
import { answeredUnit, PROVIDER_KEYS } from '../reactive/wire.ts';
import type { Description, Pair, ReadValue, Verdicts } from '../x509/mod.ts';
import { finding } from './findings.ts';
import type { Reader, Trying } from './reader.ts';

/** Databags of provider units by unit name. */
type Bags = Readonly<Record<UnitName, Databag>>;

/** What was published to everybody under one key, as far as it is readable. */
export interface Published {
  readonly unit: UnitName;
  readonly value: ReadValue;
  readonly descriptions: ReadonlyArray<Description>;
}

/** The first value under a key that is not just white space. */
const publishedIn = (
  units: ReadonlyArray<readonly [UnitName, Databag]>,
  key: string,
  read: Reader,
): Published | null => {
  for (const [unit, bag] of units) {
    const text = lookup(bag, key);
    if (text === null || text.trim() === '') continue;
    const value = read(text);
    return { unit, value, descriptions: value.certificates.map(({ description }) => description) };
  }
  return null;
};

/** For each answered unit, the keys that answer it, by provider unit in reading order. */
const answersIn = (
  units: ReadonlyArray<readonly [UnitName, Databag]>,
): ReadonlyMap<MungedUnitName, Bags> => {
  const answers = new Map<MungedUnitName, Record<UnitName, Record<string, string>>>();
  for (const [provider, bag] of units) {
    for (const [key, value] of Object.entries(bag)) {
      const unit = answeredUnit(key);
      if (unit === null) continue;
      const bags = answers.get(unit) ?? emptyMap<Record<string, string>>();
      answers.set(unit, bags);
      (bags[provider] ??= emptyMap<string>())[key] = value;
    }
  }
  return answers;
};

/** The shared client certificate of the first unit that publishes it with its key. */
export interface SharedPair {
  readonly unit: UnitName;
  readonly pair: Pair;
}

/** The first complete pair; before it, certificates without their key, and keys without their certificate. */
const sharedIn = async (
  relationId: RelationId,
  units: ReadonlyArray<readonly [UnitName, Databag]>,
  trying: Trying,
): Promise<{ readonly shared: SharedPair | null; readonly halves: ReadonlyArray<Finding> }> => {
  const halves: Array<Finding> = [];
  for (const [unit, bag] of units) {
    const { clientCert, clientKey } = PROVIDER_KEYS;
    const [cert, key] = [lookup(bag, clientCert), lookup(bag, clientKey)];
    if (cert !== null && key !== null) {
      // The value under this databag key is a private key.
      return { shared: { unit, pair: await trying({ cert, key: key as PrivateKey }) }, halves };
    }
    if (cert === null && key === null) continue;
    const [there, missing] = cert === null ? [clientKey, clientCert] : [clientCert, clientKey];
    halves.push(
      requirerFinding('incomplete-answer', { relationId, unit, key: there }, `there is no ${missing} beside it`),
    );
  }
  return { shared: null, halves };
};

const disagreeOnCa = (units: ReadonlyArray<readonly [UnitName, Databag]>): boolean =>
  new Set(
    units.map(([, bag]) => lookup(bag, PROVIDER_KEYS.ca)).filter((ca) => ca !== null).map(normalPem),
  ).size > 1;

/** What the certificates of a relation are verified against; it contains no private key. */
export interface Trust {
  readonly ca: Published | null;
  readonly chain: Published | null;
  /** Results of signature checks: those among the CAs need only one check. */
  readonly verdicts: Verdicts;
}

/** The moment of a judgement. */
export interface AsOf {
  /** Null if nobody knows; then dates are not judged. */
  readonly now: Date | null;
  /** Days before an end that count as soon, if given. */
  readonly endsWithinDays?: number;
}

/** The provider units of one relation. Only the result of `answersTo` contains private keys. */
export interface ProviderSide {
  readonly relationId: RelationId;
  /** The units, in the given order. */
  readonly names: ReadonlyArray<UnitName>;
  readonly trust: Trust;
  readonly shared: SharedPair | null;
  /** Whether any unit was answered. */
  readonly isAnswering: boolean;
  /** What to report in each exchange with these units. */
  readonly findings: ReadonlyArray<Finding>;
  /** What to report once, however many units ask. */
  readonly once: ReadonlyArray<Finding>;
  /** The part of the databags that answers a unit, including private keys; provider units that do not answer it are left out. */
  readonly answersTo: (unit: MungedUnitName) => Bags;
}

/** Reads what provider units published on a relation. */
export const readProviderSide = async (
  relationId: RelationId,
  bags: Bags,
  read: Reader,
  trying: Trying,
): Promise<ProviderSide> => {
  // The keys of this map are unit names.
  const given = Object.entries(bags).map(([unit, bag]) => [unit as UnitName, bag] as const);
  const units = [...given].sort(([a], [b]) => byCodePoint(a, b));
  const answers = answersIn(units);
  const { shared, halves } = await sharedIn(relationId, units, trying);
  return {
    relationId,
    names: given.map(([unit]) => unit),
    trust: {
      ca: publishedIn(units, PROVIDER_KEYS.ca, read),
      chain: publishedIn(units, PROVIDER_KEYS.chain, read),
      verdicts: new Map(),
    },
    shared,
    isAnswering: answers.size > 0,
    findings: !disagreeOnCa(units) ? [] : [
      finding(
        'providers-disagree',
        { relationId, key: PROVIDER_KEYS.ca },
        'the provider units publish different CAs: the first one is used',
      ),
    ],
    once: halves,
    answersTo: (unit) => answers.get(unit) ?? {},
  };
};
