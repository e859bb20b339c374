/**
 * A page of HTML with the policy that says what it may do (https://www.w3.org/TR/CSP3/).
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** A page that consists of one text. */
export interface Page {
  readonly text: string;
  readonly policy: string;
}

/** What a page without its own policy may do: nothing. */
const NOTHING = "default-src 'none'";

/** A page with its policy in its head, as in the inspector page, which can be opened from disk. */
export const pageOf = (text: string): Page => ({
  text,
  policy: /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/i.exec(text)?.[1] ?? NOTHING,
});

/** The source expression that allows exactly this style or script. */
export const hashSource = (text: string): string =>
  `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}'`;
