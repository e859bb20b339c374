/**
 * What an installation remembers between two hooks, so that the next one need not check again what it checked before.
 * It may be lost at any time: nothing but work is lost with it.
 *
 * @module
 */
import { type Decoder, mapOf, object, omittable, required, text } from '../../core/model/codec.ts';
import type { Digest } from '../../core/model/memory.ts';
import { Expiry } from './expiry.ts';

/** What was installed last: two digests, and until when it holds. */
export interface Known {
  /** Of what it was made: certificate, key, CA, names asked for, paths, owners, modes. */
  readonly source: Digest;
  /** Of what was written. */
  readonly disk: Digest;
  /** Of what ends, if anything does. Records did not have it at first: such an installation is checked once more. */
  readonly expiry?: Expiry;
}

/**
 * What is known of each installation. Plain JSON without secrets: a digest tells nothing of a key, which cannot be
 * guessed.
 */
export type InstallRecord = Readonly<Record<string, Known>>;

/** A record of nothing, as after a first deploy. */
export const emptyRecord: InstallRecord = {};

/** Decodes a record that a host kept. */
export const InstallRecord: Decoder<InstallRecord> = mapOf(object<Known>('open', {
  source: required(text<Digest>('a digest')),
  disk: required(text<Digest>('a digest')),
  expiry: omittable(Expiry),
}));
