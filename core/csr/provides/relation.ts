/**
 * One relation of the provider while it is decided on: what is asked on it, and what is published there by itself. An answer in another
 * relation is none here.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { EntryFault } from '../../databag/entries.ts';
import { lookup } from '../../databag/lookup.ts';
import { difference } from '../../databag/write.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { Write } from '../../model/outcome.ts';
import type { Databag, Relation, Snapshot } from '../../model/snapshot.ts';
import { mayWrite } from '../leader.ts';
import { type Capabilities, writtenCapabilities } from '../capabilities.ts';
import { malformedIn } from '../malformed.ts';
import { type Answer, capabilitiesIn, readAnswers, readErrors, type Refused } from '../published.ts';
import type { NormalPem, Texts } from '../texts.ts';
import { PROVIDER_KEYS } from '../wire.ts';
import { EntryList } from './entry-list.ts';
import { finding } from './findings.ts';
import { type AskedOn, askedOn } from './requests.ts';

const EMPTY: Databag = {};

/** A relation under change. */
export class CsrRelation {
  readonly relation: Relation;
  readonly asked: AskedOn;
  readonly answers: EntryList<Answer>;
  readonly errors: EntryList<Refused>;
  /** As published; null: none, `malformed`: not readable. */
  readonly #capabilities: E.Either<string, Capabilities | null>;
  #capabilitiesText: string;

  constructor(snapshot: Snapshot, relation: Relation, texts: Texts) {
    // Only the leader can read what its application publishes.
    const bag = mayWrite(snapshot, 'application') ? relation.localApplicationData : EMPTY;
    this.relation = relation;
    this.asked = askedOn(snapshot, relation, texts);
    this.answers = new EntryList(lookup(bag, PROVIDER_KEYS.answers), readAnswers(bag, texts));
    this.errors = new EntryList(lookup(bag, PROVIDER_KEYS.errors), readErrors(bag, texts));
    this.#capabilities = capabilitiesIn(bag);
    this.#capabilitiesText = lookup(bag, PROVIDER_KEYS.capabilities) ?? '';
  }

  /** Publishes capabilities, or takes them away; the same again changes nothing. */
  announce(capabilities: Capabilities | null): void {
    const before = this.#capabilities;
    const text = (c: Capabilities | null): string => (c === null ? '' : writtenCapabilities(c));
    if (E.isRight(before) && text(before.right) === text(capabilities)) return;
    this.#capabilitiesText = text(capabilities);
  }

  /** Takes away what is published for CSRs that are gone, unless something here is malformed: that is not withdrawn. Held answers stay. */
  withdrawGone(isHeld: (csr: NormalPem) => boolean): ReadonlyArray<Finding> {
    if (this.asked.isMalformed || this.answers.staysBroken || this.errors.staysBroken) return [];
    const isGone = (csr: NormalPem): boolean => !this.asked.csrs.has(csr);
    const gone = this.answers.csrs().filter((csr) => isGone(csr) && !isHeld(csr));
    for (const csr of gone) this.answers.remove(csr);
    for (const csr of this.errors.csrs().filter(isGone)) this.errors.remove(csr);
    return gone.length === 0 ? [] : [
      finding(
        'answer-withdrawn',
        this.#place(PROVIDER_KEYS.answers),
        `${
          gone.length === 1 ? 'a certificate was' : `${gone.length} certificates were`
        } withdrawn: nobody asks any more`,
      ),
    ];
  }

  /** What is malformed in any bag. */
  malformed(): ReadonlyArray<Finding> {
    const faults: ReadonlyArray<EntryFault<number>> = E.isLeft(this.#capabilities)
      ? [{ at: null, message: this.#capabilities.left }]
      : [];
    return [
      ...this.asked.findings,
      ...malformedIn(this.#place(PROVIDER_KEYS.answers), this.answers.faults),
      ...malformedIn(this.#place(PROVIDER_KEYS.errors), this.errors.faults),
      ...malformedIn(this.#place(PROVIDER_KEYS.capabilities), faults),
    ];
  }

  /** How the application's databag changes. */
  write(): Write | null {
    const before = this.relation.localApplicationData;
    return difference(this.relation.id, 'application', before, {
      ...before,
      [PROVIDER_KEYS.answers]: this.answers.value(),
      [PROVIDER_KEYS.errors]: this.errors.value(),
      [PROVIDER_KEYS.capabilities]: this.#capabilitiesText,
    });
  }

  #place(key: string): Place {
    return { relationId: this.relation.id, key };
  }
}
