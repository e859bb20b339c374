/**
 * Where tests find what is in `adapters/rehearsal/juju/given.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/given.ts';
