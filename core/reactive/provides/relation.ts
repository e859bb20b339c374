/**
 * One relation of a provider while it is decided on: who asks for what on it, and what is published there.
 *
 * @module
 */
import { APPLICATION_ENTRY } from '../wire.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { MungedUnitName } from '../../model/names.ts';
import type { Relation, Snapshot } from '../../model/snapshot.ts';
import type { Address, Answered, AnsweredPlace } from './answered.ts';
import { Published, type Slot, SLOTS } from './published.ts';
import { readRequirers, type Request, type Requirer, type Requirers } from './requests.ts';

/** The name under which an answer stands within its slot. */
const entryOf = ({ slot, commonName }: Request): string =>
  slot === 'application' ? APPLICATION_ENTRY : slot === 'top' ? '' : commonName;

/** In whose name the one answer of an application is remembered: no unit is called by an empty name (D23). */
const NOBODY = '' as MungedUnitName;

/** In whose name an answer is remembered. */
const holderOf = ({ unitName }: Requirer, slot: Slot): MungedUnitName => slot === 'application' ? NOBODY : unitName;

/** For what an answer is remembered. An application's is for the union of all names, whatever each request is called. */
const subjectOf = ({ slot, commonName }: Request): string => (slot === 'application' ? '' : commonName);

/** A relation under change. */
export class ProvidedRelation {
  readonly relation: Relation;
  readonly requirers: Requirers;
  readonly published: Published;
  /** The departing unit was the last one: the relation is gone, and nothing more is said on it (section 4). */
  readonly isGone: boolean;
  readonly #answered: Answered;

  constructor({ localUnit, departing }: Snapshot, relation: Relation, answered: Answered) {
    const leaving = departing?.relationId === relation.id ? departing.unit : null;
    this.#answered = answered;
    this.relation = relation;
    this.requirers = readRequirers(relation, leaving);
    this.published = new Published(relation.localUnitData, { relationId: relation.id, unit: localUnit });
    this.isGone = leaving !== null && this.requirers.units.length === 0;
  }

  /** The answer that is published for a request, and whether it was given for the SANs that the request has. */
  answerTo(requirer: Requirer, request: Request): { readonly pair: KeyPair | null; readonly isHandled: boolean } {
    const pair = this.published.in(requirer.unitName, request.slot).get(entryOf(request)) ?? null;
    const given = this.#answered.givenFor(this.#addressOf(requirer, request), request.sans);
    return given === 'another name'
      ? { pair: null, isHandled: false }
      : { pair, isHandled: pair !== null && given === 'these' };
  }

  /** Publishes the answer to a request; one to an application request for every unit of the application. */
  give(requirer: Requirer, request: Request, pair: KeyPair): void {
    const receivers = request.slot === 'application' ? this.requirers.units : [requirer];
    for (const { unitName } of receivers) this.published.give(unitName, request.slot, entryOf(request), pair);
    this.#answered.give(this.#addressOf(requirer, request), request.sans);
  }

  /** Publishes the answer that an application has for all its units, those that joined since among them. */
  spread(): void {
    const { units } = this.requirers;
    for (const requirer of units) {
      const request = requirer.requests.find(({ slot }) => slot === 'application');
      if (request === undefined) continue;
      const holder = units.find(({ unitName }) => this.published.in(unitName, 'application').has(APPLICATION_ENTRY));
      const pair = holder && this.published.in(holder.unitName, 'application').get(APPLICATION_ENTRY);
      const given = this.#answered.givenFor(this.#addressOf(requirer, request), request.sans);
      if (pair !== undefined && given === 'these') this.give(requirer, request, pair);
      return;
    }
  }

  /** Whether what is published at top level for a unit was given for another common name than it asks for now (D18). */
  isStaleAtTop(requirer: Requirer): boolean {
    const [first] = requirer.requests;
    return first?.slot === 'top' &&
      this.#answered.givenFor(this.#addressOf(requirer, first), first.sans) === 'another name';
  }

  /** The places where answers stand that are published now, for the memory. */
  places(): ReadonlyArray<AnsweredPlace> {
    const relationId = this.relation.id;
    const ofUnits = this.requirers.units.flatMap(({ unitName }) =>
      SLOTS.map((slot): AnsweredPlace => {
        const published = this.published.in(unitName, slot);
        const isOne = slot === 'top' || slot === 'application';
        // The one answer that there is may have been given for another name.
        const commonNames = !isOne ? published.keys() : published.size > 0 ? 'all' : [];
        return { relationId, unit: slot === 'application' ? NOBODY : unitName, slot, commonNames };
      })
    );
    const applications = ofUnits.filter(({ slot, commonNames }) => slot === 'application' && commonNames === 'all');
    return [...ofUnits.filter(({ slot }) => slot !== 'application'), ...applications.slice(0, 1)];
  }

  #addressOf(requirer: Requirer, request: Request): Address {
    const { slot } = request;
    return { relationId: this.relation.id, unit: holderOf(requirer, slot), slot, commonName: subjectOf(request) };
  }
}
