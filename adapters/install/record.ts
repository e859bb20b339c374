/**
 * What an installation remembers between two hooks, so that the next one need not repeat a check. It may be lost at any time: that only
 * costs work.
 *
 * @module
 */
import { type Decoder, mapOf, object, omittable, required, text } from '../../core/model/codec.ts';
import type { Digest } from '../../core/model/memory.ts';
import { Expiry } from './expiry.ts';

/** What was installed last: two digests, and how long it remains valid. */
export interface Known {
  /** Of its input: certificate, key, CA, requested names, paths, owners, modes. */
  readonly source: Digest;
  /** Of what was written. */
  readonly disk: Digest;
  /** Of what ends, if anything. Early records did not have it: such an installation is checked once more. */
  readonly expiry?: Expiry;
}

/**
 * What is known of each installation. Plain JSON without secrets: a digest reveals nothing about a key, which cannot be guessed.
 */
export type InstallRecord = Readonly<Record<string, Known>>;

/** An empty record, as after a first deployment. */
export const emptyRecord: InstallRecord = {};

/** Decodes a record that a host has kept. */
export const InstallRecord: Decoder<InstallRecord> = mapOf(object<Known>('open', {
  source: required(text<Digest>('a digest')),
  disk: required(text<Digest>('a digest')),
  expiry: omittable(Expiry),
}));
