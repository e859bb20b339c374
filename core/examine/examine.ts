/**
 * The examination of exchanges: who asked for what, what was answered, and whether everything that was published serves its purpose.
 *
 * It reads databags as the requirer does, tries each key once, and judges as an installation does (`judge` in `./x509`). It never fails:
 * faults become findings. Private keys do not leave the functions that try them.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import { textsOnce } from '../csr/texts.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { RelationId } from '../model/names.ts';
import type { Timestamp } from '../model/snapshot.ts';
import type { Shelf, TriedKey } from '../x509/mod.ts';
import { csrRelations, studyCsrExchange } from './csr/exchange.ts';
import { answerJudge } from './csr/trust.ts';
import type { Examination, Examinations } from './examination.ts';
import type { Exchange, Exchanges, SilentRelation, UnitExchange } from './exchange.ts';
import { finding } from './findings.ts';
import { protocolsOf, type Verdict } from './protocol.ts';
import type { AsOf } from './provider-side.ts';
import { sidesWith, studyReactive } from './reactive.ts';
import { readerWith, type TriedKeys, tryingWith } from './reader.ts';
import type { Pause, StudiedExchange } from './studied.ts';
import { studyTrust } from './trust.ts';
import type { TrustExamination, TrustExchange } from './trust-exchange.ts';

/** Options of an examination. */
export interface ExamineOptions extends Omit<StudyOptions, 'tried' | 'trust'> {
  /** Days before an end that count as soon; by default the last quarter of the certificate's life, and at most 30 days. */
  readonly endsWithinDays?: number;
}

/** Options of a study. */
export interface StudyOptions {
  /** Called and awaited before each certificate, to let other work run in between. If it throws, the examination ends. */
  readonly pause?: Pause;
  /** Certificates that were read earlier; newly read ones are added. */
  readonly shelf?: Shelf;
  /** What an earlier study found about private keys that are no longer there; it counts for the same certificates. */
  readonly tried?: ReadonlyMap<string, TriedKey>;
  /** Relations of `certificate_transfer`, which are examined beside the exchanges. */
  readonly trust?: ReadonlyArray<TrustExchange>;
  /** Relations that say nothing yet. */
  readonly silent?: ReadonlyArray<SilentRelation>;
}

/** Exchanges studied as far as the time does not matter; no private key is left in it. */
export interface Study {
  /** Judges the certificates as of a moment; without one, dates are not judged. */
  readonly at: (
    now: Timestamp | null,
    options?: Pick<ExamineOptions, 'pause' | 'endsWithinDays'>,
  ) => T.Task<Examinations>;
  /** The index of each examination's exchange in the input: exchanges with nothing to report are left out. */
  readonly examined: ReadonlyArray<number>;
  /** What was found about the private keys, by certificate as published. */
  readonly tried: ReadonlyMap<string, TriedKey>;
}

const severalRelations = (studied: ReadonlyArray<StudiedExchange>): ReadonlyArray<Finding> => {
  const relations = new Map<
    Exchange['requirer'],
    { readonly place: Place; readonly ids: Set<RelationId | undefined> }
  >();
  for (const { requirer, place: { relationId, ...place } } of studied) {
    const known = relations.get(requirer) ?? { place, ids: new Set() };
    relations.set(requirer, known);
    known.ids.add(relationId);
  }
  return [...relations.values()].filter(({ ids }) => ids.size > 1).map(({ place, ids }) =>
    finding(
      'several-relations',
      place,
      `the ${
        place.unit === undefined ? 'application' : 'unit'
      } has ${ids.size} relations for certificates: it requests on one and reads from all`,
    )
  );
};

const silentFindings = (silent: ReadonlyArray<SilentRelation>): ReadonlyArray<Finding> =>
  silent.map(({ relationId, applications }) =>
    finding(
      'nothing-asked',
      { relationId },
      `${applications.join(' and ')} ${
        applications.length === 1 ? 'is related' : 'are related'
      }, but nothing about certificates has been published yet`,
    )
  );

/** Whether an exchange is examined in the reactive protocol: yes, unless it speaks the other one. */
const isReactive = (exchange: Exchange, { protocol }: Verdict): exchange is UnitExchange =>
  exchange.isApplication !== true && protocol !== 'csr';

const momentOf = (now: Timestamp | null, endsWithinDays: number | undefined): AsOf => ({
  now: now === null ? null : new Date(now),
  ...(endsWithinDays === undefined ? {} : { endsWithinDays }),
});

/**
 * Reads certificates and tries keys once, so that the certificates can be judged as of many moments, and without the private keys.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { study } from 'interface-tls-certificates/examine';
 * const { at } = await study([])();
 * assert.deepEqual((await at(null)()).examinations, []);
 * ```
 */
export const study = (
  exchanges: ReadonlyArray<Exchange>,
  { pause = () => {}, shelf, tried = new Map(), trust = [], silent = [] }: StudyOptions = {},
): T.Task<Study> =>
async () => {
  const keys: TriedKeys = { before: tried, found: new Map(tried) };
  const read = readerWith(shelf);
  const trying = tryingWith(read, keys);
  const sideOf = sidesWith(read, trying);
  const [protocolOf, relationOf, judge] = [protocolsOf(), csrRelations(exchanges, textsOnce()), answerJudge()];
  const studied: Array<readonly [index: number, StudiedExchange]> = [];
  for (const [index, exchange] of exchanges.entries()) {
    // A unit that asks for nothing takes time too, if there are thousands.
    await pause();
    const verdict = protocolOf(exchange);
    const one = isReactive(exchange, verdict)
      ? await studyReactive(exchange, verdict, await sideOf(exchange), read, trying, pause)
      : await studyCsrExchange(exchange, verdict, relationOf(exchange), judge, pause);
    if (one !== null) studied.push([index, one]);
  }
  const trusts = trust.map(studyTrust);
  const findings = [...severalRelations(studied.map(([, one]) => one)), ...silentFindings(silent)];
  return {
    tried: keys.found,
    examined: studied.map(([index]) => index),
    at: (now, { endsWithinDays, pause = () => {} } = {}) => async () => {
      const moment = momentOf(now, endsWithinDays);
      const examinations: Array<Examination> = [];
      for (const [, one] of studied) examinations.push(await one.examine(moment, pause));
      const trusted: Array<TrustExamination> = [];
      for (const one of trusts) trusted.push(await one.examine(moment, pause));
      return { now, examinations, trust: trusted, findings };
    },
  };
};

/**
 * Examines exchanges. It never fails; without a `now`, dates are not judged.
 *
 * Findings: see {@link EXAMINE_FINDINGS} and those of the requirer. Source: docs/csr-protocol.md, RFC 5280, RFC 9525, docs/judging.md.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { examine } from 'interface-tls-certificates/examine';
 * const { examinations } = await examine({ exchanges: [], now: null })();
 * assert.deepEqual(examinations, []);
 * ```
 */
export const examine =
  ({ exchanges, trust = [], silent = [], now }: Exchanges, options: ExamineOptions = {}): T.Task<Examinations> =>
  async () => await (await study(exchanges, { ...options, trust, silent })()).at(now, options)();
