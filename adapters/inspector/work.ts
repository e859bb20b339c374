/**
 * Long work that leaves the page alive: it stands back for the browser every few milliseconds, and ends when newer work begins.
 *
 * @module
 */

/** Thrown to end work that nobody waits for any more. */
const OUTDATED = Symbol('outdated');

/** Milliseconds after which the browser is let in: well below the 50 from which on people feel a delay. */
const TURN = 12;

/** Lets the browser do what it has to do, and goes on right afterwards. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** Waits until the browser has nothing more urgent to do. */
export type Pause = () => Promise<void>;

/** Runs one piece of work at a time, the newest; what it replaces comes to null. */
export const newestOf = (): <A>(work: (pause: Pause) => Promise<A>) => Promise<A | null> => {
  let newest = 0;
  return async (work) => {
    const own = ++newest;
    let began = performance.now();
    const pause: Pause = async () => {
      if (performance.now() - began > TURN) {
        await turn();
        began = performance.now();
      }
      if (own !== newest) throw OUTDATED;
    };
    try {
      const result = await work(pause);
      return own === newest ? result : null;
    } catch (thrown) {
      if (thrown === OUTDATED) return null;
      throw thrown;
    }
  };
};
