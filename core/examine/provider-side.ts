/**
 * What the provider units of a relation published to everybody, read once for all units that ask: a model has thousands of them, and a
 * chain can be long.
 *
 * @module
 */
import { lookup } from '../databag/lookup.ts';
import { emptyMap } from '../model/codec.ts';
import type { Finding } from '../model/finding.ts';
import type { MungedUnitName, RelationId, UnitName } from '../model/names.ts';
import { byCodePoint } from '../model/order.ts';
import { normalPem } from '../model/pem-text.ts';
import type { Databag } from '../model/snapshot.ts';
import { finding as requirerFinding } from '../reactive/requires/findings.ts';
import { answeredUnit, PROVIDER_KEYS } from '../reactive/wire.ts';
import { type ReadBundle, readBundle } from '../x509/bundle.ts';
import type { Description } from '../x509/mod.ts';
import { noVerdicts, type Verdicts } from '../x509/search.ts';
import { finding } from './findings.ts';

/** Databags of provider units by unit name. */
type Bags = Readonly<Record<UnitName, Databag>>;

/** What was published to everybody under one key, as far as it can be read. */
interface Published {
  readonly bundle: ReadBundle;
  readonly descriptions: ReadonlyArray<Description>;
}

const publishedIn = (units: ReadonlyArray<readonly [UnitName, Databag]>, key: string): Published | null => {
  for (const [, bag] of units) {
    const text = lookup(bag, key);
    if (text === null) continue;
    const bundle = readBundle(text);
    return { bundle, descriptions: bundle.certificates.map(({ description }) => description) };
  }
  return null;
};

/** For each unit that is answered, the keys that answer it, by provider unit in reading order. */
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

/** Shared client certificates without their key, and keys without their certificate, up to the first pair. */
const halfClientPairs = (
  relationId: RelationId,
  units: ReadonlyArray<readonly [UnitName, Databag]>,
): ReadonlyArray<Finding> => {
  const findings: Array<Finding> = [];
  for (const [unit, bag] of units) {
    const { clientCert, clientKey } = PROVIDER_KEYS;
    const [cert, key] = [lookup(bag, clientCert), lookup(bag, clientKey)];
    if (cert !== null && key !== null) break;
    if (cert === null && key === null) continue;
    const [there, missing] = cert === null ? [clientKey, clientCert] : [clientCert, clientKey];
    findings.push(
      requirerFinding('incomplete-answer', { relationId, unit, key: there }, `there is no ${missing} beside it`),
    );
  }
  return findings;
};

const disagreeOnCa = (units: ReadonlyArray<readonly [UnitName, Databag]>): boolean =>
  new Set(
    units.map(([, bag]) => lookup(bag, PROVIDER_KEYS.ca)).filter((ca) => ca !== null).map(normalPem),
  ).size > 1;

/** What the certificates of a relation are verified against; no private key is in it. */
export interface Trust {
  readonly ca: Published | null;
  readonly chain: Published | null;
  /** What was found of signatures: those among the CAs need to be checked once only. */
  readonly verdicts: Verdicts;
}

/** The provider units of one relation. */
export interface ProviderSide {
  /** The units, in the order in which they were given. */
  readonly names: ReadonlyArray<UnitName>;
  readonly trust: Trust;
  /** What there is to say in each exchange with these units. */
  readonly findings: ReadonlyArray<Finding>;
  /** What there is to say once, however many units ask. */
  readonly once: ReadonlyArray<Finding>;
  /** The databags as far as they answer a unit, private keys included: those of provider units that do not are left out. */
  readonly answersTo: (unit: MungedUnitName) => Bags;
}

/** Reads what provider units published on a relation. */
export const readProviderSide = (relationId: RelationId, bags: Bags): ProviderSide => {
  // The keys of this map are unit names.
  const given = Object.entries(bags).map(([unit, bag]) => [unit as UnitName, bag] as const);
  const units = [...given].sort(([a], [b]) => byCodePoint(a, b));
  const answers = answersIn(units);
  return {
    names: given.map(([unit]) => unit),
    trust: {
      ca: publishedIn(units, PROVIDER_KEYS.ca),
      chain: publishedIn(units, PROVIDER_KEYS.chain),
      verdicts: noVerdicts(),
    },
    findings: !disagreeOnCa(units) ? [] : [
      finding(
        'providers-disagree',
        { relationId, key: PROVIDER_KEYS.ca },
        'the provider units publish different CAs: the first one is used',
      ),
    ],
    once: halfClientPairs(relationId, units),
    answersTo: (unit) => answers.get(unit) ?? {},
  };
};
