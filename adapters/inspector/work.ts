/**
 * Long work that keeps the page responsive: it yields to the browser every few milliseconds, and stops when newer work begins.
 *
 * @module
 */

/** Thrown to stop work that is no longer needed. */
const OUTDATED = Symbol('outdated');

/** Milliseconds between yields to the browser: well below the 50 that people notice as a delay. */
const TURN = 12;

/** Lets the browser do its work, and continues right afterwards. */
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

/** Runs one piece of work at a time, the newest; work that it replaces returns null. */
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
