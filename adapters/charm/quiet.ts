/**
 * Node says on standard error that ML-DSA is experimental, once it is asked to try such a key. In a hook that would end in Juju's log, and
 * on a terminal between the findings, although nobody who reads it could do anything about it.
 *
 * @module
 */
import process from 'node:process';

/** Keeps what Node says about algorithms of WebCrypto from people; every other warning stays. */
export const quietAboutExperimentalCrypto = (): void => {
  const emit = process.emitWarning;
  // Only one of its forms is used for this: a text and a kind. All others go on as they come.
  process.emitWarning = (...args: ReadonlyArray<unknown>): void => {
    const [warning, kind] = args;
    const isAboutCrypto = kind === 'ExperimentalWarning' && String(warning).includes('Web Crypto API');
    if (!isAboutCrypto) Reflect.apply(emit, process, args);
  };
};
