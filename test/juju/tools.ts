/**
 * Where tests find what is in `adapters/rehearsal/juju/tools.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/tools.ts';
