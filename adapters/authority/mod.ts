/**
 * Front door `./authority`: a small CA as provider, for development, for tests, and for models without another one.
 *
 * @module
 */
export * from '../../core/authority/mod.ts';
export {
  type AnyCaCharm,
  type Ca,
  type CaCharm,
  caOf,
  type CaOptions,
  type CaStanding,
  type CsrCaCharm,
  type HasHeard,
} from './charm.ts';
export { type Keeper, memoryKeeper } from '../keeping/keeper.ts';
export { allowIn, denyIn, importInto, requestFrom } from './operations.ts';
