/**
 * The server's health.
 *
 * @module
 */
import { type Codec, object, text, word } from './words.ts';

/** The server's health. */
export const Health: Codec<{ readonly status: 'ok'; readonly version: string }> = object({
  status: word('ok'),
  version: text,
});
