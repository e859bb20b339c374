/**
 * The names that Juju gives to things. Each has a type of its own, so that a relation id is never mistaken for a unit name.
 *
 * Any text is accepted as a name: a cross-model relation shows units as `remote-<hash>/0`, and tests use whatever they like. Branding costs
 * nothing at run time.
 *
 * @module
 */
import { type Decoder, text } from './codec.ts';

declare const brand: unique symbol;
/**
 * A string whose type says what it names.
 *
 * @internal
 */
type Named<What extends string> = string & { readonly [brand]: What };

/** A relation as Juju numbers it within the model, e.g. `certificates:3`. */
export type RelationId = Named<'RelationId'>;

/** A unit by its name on this side of the relation, e.g. `web/0`. */
export type UnitName = Named<'UnitName'>;

/** An application by its name on this side of the relation, e.g. `web`. */
export type ApplicationName = Named<'ApplicationName'>;

/** A unit as it stands in databag keys, e.g. `web_0` (docs/reactive-protocol.md). */
export type MungedUnitName = Named<'MungedUnitName'>;

/** Longer than any application name that Juju accepts. Keys contain such names, so their length needs a bound. */
const MAX_UNIT_NAME = 256;

const UNIT_NAME = /^[a-z0-9][a-z0-9-]*[/_](?:0|[1-9][0-9]*)$/;

/**
 * Whether Juju could give a unit this name: an application of `a-z0-9-`, then `/` or (munged) `_`, then a number. This includes the
 * anonymous names of cross-model relations. A unit's own claim becomes part of keys in other databags, where some characters (NUL, for one)
 * make Juju reject the whole hook's output.
 */
export const couldBeUnit = (name: string): boolean => name.length <= MAX_UNIT_NAME && UNIT_NAME.test(name);

/**
 * The application that a unit belongs to.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { applicationOf, type UnitName } from 'interface-tls-certificates/examine';
 * assert.equal(applicationOf('web-app/12' as UnitName), 'web-app');
 * ```
 */
export const applicationOf = (unit: UnitName): ApplicationName =>
  // Everything before the last slash; a name without a slash stays as it is.
  unit.replace(/\/[^/]*$/, '') as ApplicationName;

/** Accepts any text as a relation id. */
export const RelationId: Decoder<RelationId> = text<RelationId>('a relation id');

/** Accepts any text as a unit name. */
export const UnitName: Decoder<UnitName> = text<UnitName>('a unit name');

/**
 * The unit name as the protocol writes it into databag keys: every `/` becomes `_`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { munge, type UnitName } from 'interface-tls-certificates';
 * assert.equal(munge('web-app/12' as UnitName), 'web-app_12');
 * ```
 */
export const munge = (unit: UnitName): MungedUnitName =>
  // Only this function makes a munged name.
  unit.replaceAll('/', '_') as MungedUnitName;
