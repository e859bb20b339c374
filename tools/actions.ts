/**
 * A charm's `actions.yaml`: the actions for the side in its configuration, with the purpose and parameters of each, declared as Juju
 * requires.
 *
 * @module
 */
import { stringify } from 'yaml';
import { ACTIONS_BY_SIDE } from '../adapters/charm/actions/declared.ts';
import { ANY_REQUIRES } from '../adapters/charm/config/csr.ts';
import type { Member, Schema } from '../core/model/schema.ts';

/** A parameter's type in JSON Schema, in the draft that Juju knows. */
const typeOf = (schema: Schema): Readonly<Record<string, unknown>> => {
  switch (schema.kind) {
    case 'number':
      return {
        type: schema.range.whole === true ? 'integer' : 'number',
        ...(schema.range.from === undefined ? {} : { minimum: schema.range.from }),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'words':
      return { type: 'string', enum: schema.words };
    default:
      return { type: 'string' };
  }
};

const parameterOf = ({ schema, otherwise, doc = '' }: Member): Readonly<Record<string, unknown>> => ({
  ...typeOf(schema),
  description: doc,
  // Juju passes a default on as if the user had given it.
  ...(otherwise === undefined ? {} : { default: otherwise.value }),
});

const declared = (description: string, schema: Schema): Readonly<Record<string, unknown>> => {
  const members = schema.kind === 'object' ? Object.entries(schema.members) : [];
  const required = members.flatMap(([name, { presence }]) => (presence === 'required' ? [name] : []));
  return {
    description,
    ...(members.length === 0 ? {} : {
      params: Object.fromEntries(members.map(([name, member]) => [name, parameterOf(member)])),
    }),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
};

/** The actions of a side by name; without a side, those of a requirer that speaks the same protocol as its provider. */
export const actionsOf = (side: string = ANY_REQUIRES): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(ACTIONS_BY_SIDE[side] ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { description, parameters }]) => [name, declared(description, parameters.schema)]),
  );

/** The same as the text of `actions.yaml`. */
export const actionsYaml = (side?: string): string => stringify(actionsOf(side), { lineWidth: 0 });
