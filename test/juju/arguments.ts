/**
 * Where tests find what is in `adapters/rehearsal/juju/arguments.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/arguments.ts';
