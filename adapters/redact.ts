/**
 * Removes private keys from a program's output, however it printed them: whole, folded, numbered, escaped, as hexadecimal, decimal or octal
 * numbers, line by line in any order, or backwards.
 *
 * A key is known by its PEM and the DER in it. The output is read in each of the notations, ignoring whatever is between their characters.
 * If it shares a run of characters with the key in that notation, the run is hidden. This takes time proportional to the output.
 *
 * @module
 */

/** Replaces whatever was hidden. */
export const HIDDEN = '…';

/** How many base64 characters, hexadecimal digits or integers in a row count as a piece of a key. */
const RUN = { base64: 8, hex: 12, numbers: 6 } as const;

/** Characters between two hidden pieces that are hidden as well: prefixes of lines, and the rest of a line. */
const GAP = 24;

/** Text in one notation, and where in the output each of its symbols is. */
interface Reading {
  readonly symbols: ReadonlyArray<string>;
  readonly from: ReadonlyArray<number>;
  readonly to: ReadonlyArray<number>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const base64Of = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(word >> shift) & 63] ?? '';
  }
  return text;
};

/** The bytes of base64, as far as it is valid. */
const bytesOf = (base64: string): Uint8Array => {
  const bytes: Array<number> = [];
  let [word, bits] = [0, 0];
  for (const character of base64) {
    word = ((word << 6) | ALPHABET.indexOf(character)) & 0xffffff;
    bits += 6;
    if (bits >= 8) bytes.push((word >> (bits -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
};

/** A private key found in a text. */
interface Found {
  /** The whole key, with real line ends. */
  readonly pem: string;
  readonly der: Uint8Array;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY-----/;

/** The private keys in a text, whose line ends may be escaped, as in JSON. */
const keysIn = (text: string): ReadonlyArray<Found> => {
  const [, ...pieces] = text.split(BEGIN);
  // For each key, the split gives its kind and what follows.
  return pieces.flatMap((kind, at) => {
    if (at % 2 === 1) return [];
    const rest = pieces[at + 1] ?? '';
    const end = rest.indexOf('-----END');
    const body = (end === -1 ? rest : rest.slice(0, end)).replace(/(?:\\r)?\\n/g, '\n');
    // Lines with a colon are PEM headers.
    const lines = body.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.includes(':'));
    const name = `${kind}PRIVATE KEY-----`;
    const pem = [`-----BEGIN ${name}`, ...lines, `-----END ${name}`, ''].join('\n');
    return [{ pem, der: bytesOf(lines.join('').replace(/[^A-Za-z0-9+/]/g, '')) }];
  });
};

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Neighbours swapped, as in a dump of little-endian words of 2, 4 or 8 bytes. */
const swapped = (bytes: Uint8Array, size: 2 | 4 | 8 = 2): Uint8Array =>
  bytes.map((byte, at) => bytes[at ^ (size - 1)] ?? byte);

/** Little-endian words of two bytes, as `od` prints them by default. */
const wordsOf = (bytes: Uint8Array): ReadonlyArray<number> =>
  Array.from({ length: bytes.length >> 1 }, (_, at) => (bytes[2 * at] ?? 0) | ((bytes[2 * at + 1] ?? 0) << 8));

/** Runs of so many symbols, by their start. If each symbol is one character, a text is enough. */
const runsIn = (symbols: ReadonlyArray<string>, length: number): (at: number) => string => {
  const text = symbols.join('');
  return text.length === symbols.length
    ? (at) => text.slice(at, at + length)
    : (at) => symbols.slice(at, at + length).join(' ');
};

/** Every run of so many symbols, forwards and backwards. */
const addRuns = (runs: Set<string>, symbols: ReadonlyArray<string>, length: number): void => {
  for (const some of [symbols, symbols.toReversed()]) {
    const run = runsIn(some, length);
    for (let at = 0; at + length <= some.length; at += 1) runs.add(run(at));
  }
};

/** A key in one notation: which of its runs to look for in which readings. */
interface Notation {
  readonly length: number;
  readonly runs: ReadonlySet<string>;
  readonly read: (output: string) => ReadonlyArray<Reading>;
}

/** A character with its place, after decoding escapes: `%2B`, `\x2b`, `\u002b`, `&#43;`, `\053`, `\n`. */
const ESCAPE =
  /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u\{?0{0,4}([0-9a-f]{2})\}?|&#x0{0,6}([0-9a-f]{2});|&#(\d{1,3});|\\([0-7]{3})|\\([nrtf])/gi;

const unescaped = (output: string): Reading => {
  const [symbols, from, to] = [new Array<string>(), new Array<number>(), new Array<number>()];
  const put = (symbol: string, start: number, end: number): void => {
    symbols.push(symbol);
    from.push(start);
    to.push(end);
  };
  let done = 0;
  const copy = (until: number): void => {
    for (; done < until; done += 1) put(output[done] ?? '', done, done + 1);
  };
  for (const found of output.matchAll(ESCAPE)) {
    const [all, ...groups] = found;
    copy(found.index);
    const which = groups.findIndex((group) => group !== undefined);
    const group = groups[which] ?? '';
    const code = which === 6 ? 32 : parseInt(group, which < 4 ? 16 : which === 4 ? 10 : 8);
    put(String.fromCharCode(code), found.index, found.index + all.length);
    done = found.index + all.length;
  }
  copy(output.length);
  return { symbols, from, to };
};

/** Only the symbols that belong to a notation, in its own spelling. */
const only = ({ symbols, from, to }: Reading, as: (symbol: string) => string): Reading => {
  const kept = [...symbols.keys()].filter((at) => as(symbols[at] ?? '') !== '');
  return {
    symbols: kept.map((at) => as(symbols[at] ?? '')),
    from: kept.map((at) => from[at] ?? 0),
    to: kept.map((at) => to[at] ?? 0),
  };
};

/** The same without a possible number or name before each line: up to the first space or mark that is followed by more. */
const withoutPrefixes = ({ symbols, from, to }: Reading): Reading => {
  const kept: Array<number> = [];
  let line = 0;
  for (let at = 0; at <= symbols.length; at += 1) {
    if (at < symbols.length && symbols[at] !== '\n') continue;
    let start = line;
    while (start < at && /\s/.test(symbols[start] ?? '')) start += 1;
    // A space at the end of a line, such as the first half of CRLF, does not end a prefix.
    let end = at;
    while (end > start && /\s/.test(symbols[end - 1] ?? '')) end -= 1;
    let mark = start;
    while (mark < end && !/[\s:|>)\]]/.test(symbols[mark] ?? '')) mark += 1;
    for (let keep = mark < end ? mark : start; keep < end; keep += 1) kept.push(keep);
    line = at + 1;
  }
  const pick = <A>(some: ReadonlyArray<A>, none: A) => kept.map((at) => some[at] ?? none);
  return { symbols: pick(symbols, ''), from: pick(from, 0), to: pick(to, 0) };
};

const asBase64 = (symbol: string): string =>
  /^[A-Za-z0-9+/]$/.test(symbol) ? symbol : symbol === '-' ? '+' : symbol === '_' ? '/' : '';

/** Letters that are not digits stay, and separate one number from another. */
const asHex = (symbol: string): string =>
  /^[0-9a-fA-F]$/.test(symbol) ? symbol.toLowerCase() : /^[g-zG-Z]$/.test(symbol) ? '!' : '';

const plain = (output: string): Reading => {
  const symbols = output.split('');
  return { symbols, from: [...symbols.keys()], to: symbols.map((_, at) => at + 1) };
};

/** Integers as they are written. */
const numbersIn = (output: string): Reading => {
  const found = [...output.matchAll(/\d+/g)];
  return {
    symbols: found.map(([digits]) => digits.replace(/^0+(?=\d)/, '')),
    from: found.map(({ index }) => index),
    to: found.map(({ index, 0: digits }) => index + digits.length),
  };
};

/** The prefix of a hexadecimal digit is not a digit. */
const withoutMarks = (output: string): string => output.replace(/0x|\\x|\\u00/gi, (mark) => ' '.repeat(mark.length));

/** All notations of some keys. */
const notationsOf = (keys: ReadonlyArray<Found>): ReadonlyArray<Notation> => {
  const [base64, hex, numbers] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const encoder = new TextEncoder();
  for (const { pem, der } of keys) {
    // Including the file itself: a program may encode all of it once more.
    for (const bytes of [der, encoder.encode(pem)]) {
      for (const offset of [0, 1, 2]) addRuns(base64, base64Of(bytes.subarray(offset)).split(''), RUN.base64);
      for (const some of [bytes, swapped(bytes), swapped(bytes.subarray(1)), swapped(bytes, 4), swapped(bytes, 8)]) {
        addRuns(hex, hexOf(some).split(''), RUN.hex);
      }
      for (const some of [[...bytes], wordsOf(bytes), wordsOf(bytes.subarray(1))]) {
        for (const radix of [8, 10]) addRuns(numbers, some.map((one) => one.toString(radix)), RUN.numbers);
      }
    }
  }
  const twice = (reading: Reading, as: (symbol: string) => string): ReadonlyArray<Reading> => [
    only(reading, as),
    only(withoutPrefixes(reading), as),
  ];
  return [
    {
      length: RUN.base64,
      runs: base64,
      read: (output) => [
        ...twice(plain(output), asBase64),
        ...twice(unescaped(output), asBase64),
      ],
    },
    { length: RUN.hex, runs: hex, read: (output) => twice(plain(withoutMarks(output)), asHex) },
    { length: RUN.numbers, runs: numbers, read: (output) => [numbersIn(output)] },
  ];
};

/** Most characters of keys that are looked for: a dozen keys or more. If there are more, no output is reported at all. */
const MAX_KEYS = 32_768;

/** Makes a function that hides the private keys of some texts (PEM in any surroundings) in the output of programs. */
export const hiderOf = (keys: ReadonlyArray<string>): (output: string) => string => {
  const found = [...new Map(keys.flatMap(keysIn).map((key) => [key.pem, key])).values()];
  if (found.length === 0) return (output) => output;
  if (found.reduce((sum, { pem }) => sum + pem.length, 0) > MAX_KEYS) {
    return (output) => output.trim() === '' ? output : HIDDEN;
  }
  const notations = notationsOf(found);
  return (output) => {
    const begins = new Int32Array(output.length + 1);
    for (const { length, runs, read } of notations) {
      for (const { symbols, from, to } of read(output)) {
        const run = runsIn(symbols, length);
        for (let at = 0; at + length <= symbols.length; at += 1) {
          if (!runs.has(run(at))) continue;
          const [start, end] = [from[at] ?? 0, to[at + length - 1] ?? 0];
          begins[start] = Math.max(begins[start] ?? 0, end);
        }
      }
    }
    return withoutPieces(output, begins);
  };
};

/** The output without the pieces that start at one place and reach up to another. */
const withoutPieces = (output: string, begins: Int32Array): string => {
  const told: Array<string> = [];
  let [done, hiddenTo] = [0, -1];
  for (let at = 0; at < output.length; at += 1) {
    const end = begins[at] ?? 0;
    if (end === 0) continue;
    if (hiddenTo === -1 || at > hiddenTo + GAP) {
      told.push(output.slice(Math.max(done, hiddenTo), at), HIDDEN);
    }
    hiddenTo = Math.max(hiddenTo, end);
    done = hiddenTo;
  }
  told.push(output.slice(Math.max(done, 0)));
  return told.join('');
};
