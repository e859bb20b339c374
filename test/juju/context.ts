/**
 * Where tests find what is in `adapters/rehearsal/juju/context.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/context.ts';
