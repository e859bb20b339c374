/**
 * Where tests find what is in `adapters/rehearsal/juju/model.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/model.ts';
