/**
 * Flags by topic. Each topic has a flag that says that something is there, and one that says that it changed, which stays set until the
 * charm has handled the change. A requirer's topics are the same in every protocol, so they are here.
 *
 * @module
 */
import { digestOf } from '../digest.ts';
import type { CertType } from '../model/certificate.ts';
import type { Digest, Remembered } from '../model/memory.ts';
import type { ToKeep } from './remember.ts';

/** What a view holds for a topic, by which a change is noticed; null while there is nothing. */
export type Content<View> = (view: View) => Iterable<string> | null;

/** Something that is there or not, and that can change. Its flags are its name followed by `.available` and `.changed`. */
export interface Topic<Name extends string, View> {
  readonly name: Name;
  /** All of it. */
  readonly content: Content<View>;
  /** The same in the form that earlier versions used for comparison, where it differs, so that an upgrade does not look like a change. */
  readonly earlier?: Content<View>;
  /** Whether `certs.available` and `certs.changed` cover it too. */
  readonly isFolded: boolean;
}

/** The flags that every requirer has, without the prefix of the endpoint. */
export const REQUIRER_FLAG_NAMES = [
  'available',
  'ca.available',
  'ca.changed',
  'certs.available',
  'certs.changed',
  'server.certs.available',
  'server.certs.changed',
  'client.certs.available',
  'client.certs.changed',
  'intermediate.certs.available',
  'intermediate.certs.changed',
  'application.certs.available',
  'application.certs.changed',
] as const;

/**
 * A flag that every requirer has.
 *
 * @internal
 */
export type RequirerFlagName = (typeof REQUIRER_FLAG_NAMES)[number];

/** What a requirer receives, by topic. */
export type RequirerTopic = 'ca' | `${CertType}.certs`;

/** The topics of a requirer, from what a view holds for each. */
export const requirerTopics = <View>(
  of: Readonly<Record<RequirerTopic, Pick<Topic<RequirerTopic, View>, 'content' | 'earlier'>>>,
): ReadonlyArray<Topic<RequirerTopic, View>> => [
  { name: 'ca', ...of.ca, isFolded: false },
  { name: 'server.certs', ...of['server.certs'], isFolded: true },
  { name: 'client.certs', ...of['client.certs'], isFolded: true },
  { name: 'intermediate.certs', ...of['intermediate.certs'], isFolded: true },
  { name: 'application.certs', ...of['application.certs'], isFolded: false },
];

/** The flags of these topics, and those that cover several. */
export type TopicFlag<Name extends string> = `${Name | 'certs'}.${'available' | 'changed'}`;

/** What is set when there is nothing: nothing is remembered, so whatever comes next is news. */
export const nothingThere: ToKeep<never> = { flags: new Set(), digests: new Map() };

/** The flags that follow from a view. `before` has the `.changed` flags that the charm has not handled. */
export const topicFlags = <Name extends string, View>(
  topics: ReadonlyArray<Topic<Name, View>>,
  view: View,
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<TopicFlag<Name>> => {
  const flags = new Set<TopicFlag<Name>>();
  const digests = new Map<string, Digest>();
  let isNews = false;
  for (const { name, content, earlier, isFolded } of topics) {
    const parts = content(view);
    if (parts === null) continue;
    const digest = digestOf(parts);
    const last = remembered(name);
    const isFromEarlier = (): boolean =>
      earlier !== undefined && last !== undefined && digestOf(earlier(view) ?? []) === last;
    const isNew = digest !== last && !isFromEarlier();
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
