/**
 * Relating: what a person does to relations.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { emptyMap } from '../../core/model/codec.ts';
import { choices, type ModelError, refuse } from './error.ts';
import { applicationOf } from './deploying.ts';
import { drawsOf } from './random.ts';
import { enterScope } from './scope.ts';
import {
  type ApplicationState,
  type ModelState,
  own,
  type RelationEnd,
  type RelationState,
  type Role,
  unitNames,
  without,
} from './state.ts';

type After = E.Either<ModelError, ModelState>;

/** An endpoint of a deployed application. */
interface Endpoint {
  readonly application: string;
  readonly endpoint: string;
  readonly role: Role;
}

const endpointOf = (state: ModelState, text: string): E.Either<ModelError, Endpoint> => {
  const [name = '', endpoint = ''] = text.split(':');
  return E.chain(({ endpoints }: ApplicationState): E.Either<ModelError, Endpoint> => {
    const role = own(endpoints, endpoint);
    return role === undefined
      ? refuse(`${name} has no endpoint ${JSON.stringify(endpoint)}: ${choices(Object.keys(endpoints))}`)
      : E.right({ application: name, endpoint, role });
  })(applicationOf(state, name));
};

const isEnd = (end: RelationEnd, { application, endpoint }: Endpoint): boolean =>
  end.application === application && end.endpoint === endpoint;

/** What an offering side calls the application of another model. */
const foreignName = (seed: number, relation: number): string => {
  // Turns of hooks begin at 0, so these differ from them.
  const draw = drawsOf(seed, -2 - relation);
  return `remote-${Array.from({ length: 32 }, () => draw(16).toString(16)).join('')}`;
};

const endOf = ({ application, endpoint }: Endpoint, alias: string | null): RelationEnd => ({
  application,
  endpoint,
  alias,
  applicationData: emptyMap(),
  units: {},
});

/** Relates two endpoints. */
export const integrate = (state: ModelState, texts: readonly [string, string], crossModel: boolean): After => {
  const [one, two] = [endpointOf(state, texts[0]), endpointOf(state, texts[1])];
  if (E.isLeft(one)) return one;
  if (E.isLeft(two)) return two;
  const [requirer, provider] = one.right.role === 'requires' ? [one.right, two.right] : [two.right, one.right];
  if (requirer.role !== 'requires' || provider.role !== 'provides') {
    return refuse(`${texts.join(' and ')} do not fit: one has to require what the other provides`);
  }
  if (requirer.application === provider.application) return refuse(`${requirer.application} cannot relate to itself`);
  const isRelated = Object.values(state.relations)
    .some(({ requires, provides }) => isEnd(requires, requirer) && isEnd(provides, provider));
  if (isRelated) return refuse(`${texts.join(' and ')} are related already, or still being parted`);
  const number = state.nextRelation;
  const relation: RelationState = {
    life: 'alive',
    requires: endOf(requirer, crossModel ? foreignName(state.seed, number) : null),
    provides: endOf(provider, null),
  };
  const related = { ...state, nextRelation: number + 1, relations: { ...state.relations, [number]: relation } };
  return E.right(enterScope(related, unitNames(related.units), [String(number)]));
};

/** Removes a relation: its units depart, and it breaks. */
export const removeRelation = (state: ModelState, number: number): After => {
  const relation = own(state.relations, String(number));
  if (relation === undefined) return refuse(`there is no relation ${number}: ${choices(Object.keys(state.relations))}`);
  if (relation.life === 'dying') return refuse(`relation ${number} is being removed already`);
  const isEmpty = [relation.requires, relation.provides].every(({ units }) => unitNames(units).length === 0);
  const relations = isEmpty
    ? without(state.relations, String(number))
    : { ...state.relations, [number]: { ...relation, life: 'dying' as const } };
  return E.right({ ...state, relations });
};
