/**
 * Where tests find what is in `adapters/rehearsal/juju/actions.ts` now.
 *
 * @module
 */
export * from '../../adapters/rehearsal/juju/actions.ts';
