/**
 * Node writes to standard error that ML-DSA is experimental as soon as it is asked to try such a key. In a hook, that would go to Juju's
 * log, and on a terminal between the findings, although its readers cannot do anything about it.
 *
 * @module
 */
import process from 'node:process';

/** Hides what Node says about WebCrypto algorithms; every other warning stays. */
export const quietAboutExperimentalCrypto = (): void => {
  const emit = process.emitWarning;
  // Node uses only one form for this: a text and a kind. All others pass unchanged.
  process.emitWarning = (...args: ReadonlyArray<unknown>): void => {
    const [warning, kind] = args;
    const isAboutCrypto = kind === 'ExperimentalWarning' && String(warning).includes('Web Crypto API');
    if (!isAboutCrypto) Reflect.apply(emit, process, args);
  };
};
