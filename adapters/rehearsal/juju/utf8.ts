/**
 * Bytes as Go's YAML reader decodes them: strict UTF-8, or UTF-16 after a byte order mark.
 *
 * Source: go-yaml `readerc.go`, and the output of the real tools (`test/juju/probes`).
 *
 * @module
 */

/** Text that the reader refuses. The message is the one that Juju prints. */
export class YamlError extends Error {}

const wrong = (what: string): YamlError => new YamlError(`yaml: ${what}`);

/** How many bytes a character with this first byte has. Zero if no character starts with it. */
const widthOf = (lead: number): number =>
  lead < 0x80 ? 1 : (lead & 0xe0) === 0xc0 ? 2 : (lead & 0xf0) === 0xe0 ? 3 : (lead & 0xf8) === 0xf0 ? 4 : 0;

/** The smallest character that needs this many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x1_0000];

const check = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const width = widthOf(lead);
    if (width === 0) throw wrong('invalid leading UTF-8 octet');
    if (at + width > bytes.length) throw wrong('incomplete UTF-8 octet sequence');
    let value = width === 1 ? lead : lead & (0xff >> (width + 1));
    for (let i = 1; i < width; i++) {
      const next = bytes[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) throw wrong('invalid trailing UTF-8 octet');
      value = (value << 6) | (next & 0x3f);
    }
    if (value < (SMALLEST[width] ?? 0)) throw wrong('invalid length of a UTF-8 sequence');
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) throw wrong('invalid Unicode character');
    at += width;
  }
};

/** Decodes a document's bytes, without their byte order mark. Throws {@link YamlError}. */
export const textIn = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) {
    const swapped = bytes.slice().map((_, i) => bytes[i ^ 1] ?? 0);
    return new TextDecoder('utf-16le').decode(swapped);
  }
  check(bytes);
  return new TextDecoder().decode(bytes);
};
