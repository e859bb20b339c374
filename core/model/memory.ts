/**
 * What has to survive from one hook to the next: the flags that are set, digests of what was last seen, and notes. Never a secret.
 *
 * Source: docs/documents.md, Input and Outcome.
 *
 * @module
 */
import { type Decoder, listOf, mapOf, named, object, optional, text } from './codec.ts';
import type { Flag } from './flag.ts';
import type { AsJson } from './schema.ts';

/** A digest: it tells whether a value is still the same, and nothing about the value. */
export type Digest = string & { readonly digest: unique symbol };

/** What is remembered of several things together, each by its digests. core/reactive/given.ts makes and reads it. */
export type Note = string & { readonly note: unique symbol };

/**
 * What is remembered under one name.
 *
 * @internal
 */
export type Remembered = Digest | Note;

/** What a host keeps for the next hook: plain JSON, opaque apart from the flags. */
export interface Memory {
  /** The flags that are set, sorted. Flags that the side does not know are kept. */
  readonly flags: ReadonlyArray<Flag>;
  /** Digests and notes, by names that the side chooses. Entries of other endpoints are kept. */
  readonly digests: Readonly<Record<string, Remembered>>;
}

/** The memory of a fresh deployment. */
export const emptyMemory: Memory = { flags: [], digests: {} };

/** A memory as JSON. */
export type MemoryDocument = AsJson<Memory, 'flags' | 'digests'>;

/** Decodes a memory that a host has kept. */
export const Memory: Decoder<Memory, MemoryDocument> = named(
  'Memory',
  'What an earlier outcome said to keep.',
  object<Memory, MemoryDocument>('open', {
    flags: optional(listOf(text<Flag>('a flag')), []),
    digests: optional(mapOf(text<Remembered>('a digest')), {}),
  }),
);
