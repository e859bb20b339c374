/**
 * Why a text is not readable as YAML, and where: thrown within this room only, and a value outside it.
 *
 * @module
 */

/** What is wrong. These words never quote the text, which may hold a private key. */
export type YamlFlaw =
  | 'anchors and aliases (& and *) are not read'
  | 'tags (!) are not read'
  | 'directives (%) and several documents in one text are not read'
  | 'a tab stands where only blanks may indent'
  | 'a quoted text does not end'
  | 'there is no such escape in a quoted text'
  | 'something follows where the line should end'
  | 'this is indented differently from what stands before it'
  | 'expected a key with a colon after it'
  | 'a key stands here twice'
  | 'a key has to be a text'
  | 'a list or an object in brackets does not end, or has something in it that does not belong there'
  | 'a text cannot begin like this'
  | 'there are too many lists and objects in brackets'
  | 'this is nested too deeply';

/** A fault with its place. */
export interface YamlFault {
  readonly flaw: YamlFlaw;
  /** Counted from 1. */
  readonly line: number;
}

/** Thrown when reading cannot go on. */
export class Unreadable extends Error {
  readonly flaw: YamlFlaw;
  /** The place, in UTF-16 units from the start. */
  readonly at: number;

  constructor(flaw: YamlFlaw, at: number) {
    super(flaw);
    this.flaw = flaw;
    this.at = at;
  }
}

/** Gives up reading. */
export const unreadable = (flaw: YamlFlaw, at: number): never => {
  throw new Unreadable(flaw, at);
};
