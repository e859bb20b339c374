/**
 * Creates a Juju for the time of some work.
 *
 * @module
 */
import { Juju } from './juju.ts';
import type { JujuOptions } from './seen.ts';

/** Does the work with a new Juju, and removes it afterwards. */
export const withJuju = async <A>(options: JujuOptions, work: (juju: Juju) => Promise<A>): Promise<A> => {
  const juju = new Juju(options);
  try {
    return await work(juju);
  } finally {
    await juju.remove();
  }
};
