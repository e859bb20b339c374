/**
 * The names that Juju gives to things, each a type of its own so that a relation id never stands where a unit name is meant.
 *
 * Any text is accepted as a name: a cross-model relation shows units as `remote-<hash>/0`, and tests use whatever they like.
 * Branding costs nothing at run time.
 *
 * @module
 */
import { type Decoder, text } from './codec.ts';

declare const brand: unique symbol;
/**
 * A string that says what it names.
 *
 * @internal
 */
type Named<What extends string> = string & { readonly [brand]: What };

/** A relation as Juju numbers it within the model, e.g. `certificates:3`. */
export type RelationId = Named<'RelationId'>;

/** A unit as Juju names it on this side of the relation, e.g. `web/0`. */
export type UnitName = Named<'UnitName'>;

/** An application as Juju names it on this side of the relation, e.g. `web`. */
export type ApplicationName = Named<'ApplicationName'>;

/** A unit as it stands in databag keys, e.g. `web_0` (docs/reactive-protocol.md). */
export type MungedUnitName = Named<'MungedUnitName'>;

/** Longer than the name of any application that Juju takes; a key that is made of a name must not be as long as somebody likes. */
const MAX_UNIT_NAME = 256;

const UNIT_NAME = /^[a-z0-9][a-z0-9-]*[/_](?:0|[1-9][0-9]*)$/;

/**
 * Whether Juju could call a unit so: an application of `a-z0-9-`, `/` or (munged) `_`, and a number. Anonymous names across models are such
 * names too. What a unit says of itself becomes part of other databags' keys, where some characters (a NUL, say) make Juju refuse all of a hook.
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
  // What stands before the last slash; a name without one stays as it is.
  unit.replace(/\/[^/]*$/, '') as ApplicationName;

/** Accepts any text as a relation id. */
export const RelationId: Decoder<RelationId> = text<RelationId>('a relation id');

/** Accepts any text as a unit's name. */
export const UnitName: Decoder<UnitName> = text<UnitName>('a unit name');

/**
 * The unit's name as the protocol writes it into databag keys: every `/` becomes `_`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { munge, type UnitName } from 'interface-tls-certificates';
 * assert.equal(munge('web-app/12' as UnitName), 'web-app_12');
 * ```
 */
export const munge = (unit: UnitName): MungedUnitName =>
  // The one place where a munged name comes from.
  unit.replaceAll('/', '_') as MungedUnitName;
