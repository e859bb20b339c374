/**
 * What has to survive between two hooks: the flags that are set, digests of what was last seen, and notes. Never a secret.
 *
 * Source: docs/documents.md, Input and Outcome.
 *
 * @module
 */
import { type Decoder, listOf, mapOf, named, object, optional, text } from './codec.ts';
import type { Flag } from './flag.ts';
import type { AsJson } from './schema.ts';

/** A digest: it tells whether something is what it was, and nothing of what it is. */
export type Digest = string & { readonly digest: unique symbol };

/** What is remembered of several things together, each told by digests. Made and read by core/reactive/given.ts. */
export type Note = string & { readonly note: unique symbol };

/**
 * What is remembered under one name.
 *
 * @internal
 */
export type Remembered = Digest | Note;

/** What a host keeps for the next hook. It is plain JSON, and opaque but for the flags. */
export interface Memory {
  /** The flags that are set, sorted. Flags that the side does not know are kept. */
  readonly flags: ReadonlyArray<Flag>;
  /** Digests and notes, by a name of the side's own choice. What another endpoint put there is kept. */
  readonly digests: Readonly<Record<string, Remembered>>;
}

/** The memory after a first deploy. */
export const emptyMemory: Memory = { flags: [], digests: {} };

/** A memory as JSON has it. */
export type MemoryDocument = AsJson<Memory, 'flags' | 'digests'>;

/** Decodes a memory that a host kept. */
export const Memory: Decoder<Memory, MemoryDocument> = named(
  'Memory',
  'What an earlier outcome said to keep.',
  object<Memory, MemoryDocument>('open', {
    flags: optional(listOf(text<Flag>('a flag')), []),
    digests: optional(mapOf(text<Remembered>('a digest')), {}),
  }),
);
