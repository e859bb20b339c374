/**
 * Flags by topic: one that says that something is there, and one that says that it changed and stays until the charm has dealt with it.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import type { Digest, Remembered } from '../model/memory.ts';
import type { ToKeep } from './remember.ts';

/** Something that is there or not, and that can change. Its flags are its name with `.available` and `.changed`. */
export interface Topic<Name extends string, View> {
  readonly name: Name;
  /** Its whole content, to tell a change by; null while it is not there. */
  readonly content: (view: View) => Iterable<string> | null;
  /** Whether `certs.available` and `certs.changed` speak of it too. */
  readonly isFolded: boolean;
}

/** The flags of these topics, and those that speak of several. */
export type TopicFlag<Name extends string> = `${Name | 'certs'}.${'available' | 'changed'}`;

/** What is set when there is nothing: nothing is remembered, so that whatever comes is news. */
export const nothingThere: ToKeep<never> = { flags: new Set(), digests: new Map() };

/** The flags that follow from a view. `before` has the `.changed` flags that the charm has not dealt with. */
export const topicFlags = <Name extends string, View>(
  topics: ReadonlyArray<Topic<Name, View>>,
  view: View,
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<TopicFlag<Name>> => {
  const flags = new Set<TopicFlag<Name>>();
  const digests = new Map<string, Digest>();
  let isNews = false;
  for (const { name, content, isFolded } of topics) {
    const parts = content(view);
    if (parts === null) continue;
    const digest = digestOf(parts);
    const isNew = digest !== remembered(name);
    digests.set(name, digest);
    flags.add(`${name}.available`);
    if (isNew || before.has(`${name}.changed`)) flags.add(`${name}.changed`);
    if (!isFolded) continue;
    flags.add('certs.available');
    isNews ||= isNew;
  }
  if (flags.has('certs.available') && (isNews || before.has('certs.changed'))) flags.add('certs.changed');
  return { flags, digests };
};
