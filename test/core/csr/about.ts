/**
 * Tests about one topic, in a file that has many: each title begins with it. Runners count nested suites differently, so there are none.
 *
 * @module
 */
import { it } from 'node:test';

type Define = (title: string, work: () => void | Promise<void>) => void;

/** Defines tests about a topic. */
export const about = (topic: string, tests: (it: Define) => void): void =>
  tests((title, work) => void it(`${topic}: ${title}`, work));
