/**
 * Words for values that are unreadable, or readable for some only: what was found and in which line, never a code or the content.
 *
 * @module
 */
import type { BundleFault, FormFaultCode, VerifiedPart, Wrapping } from '../x509/mod.ts';

/** What a value is called in a sentence. */
export const VALUES: Readonly<Record<VerifiedPart | 'key', string>> = {
  certificate: 'the certificate',
  chain: 'the chain that was published',
  ca: 'the CA that was published',
  key: 'the private key',
};

const UNREADABLE: Readonly<Record<BundleFault['code'], (line: number) => string>> = {
  'unfinished': (line) => `the block that begins at line ${line} does not end: the value was cut off`,
  'stray-end': (line) => `at line ${line} a block ends that has not begun`,
  'joined': (line) =>
    `line ${line} holds the end of one block and the beginning of the next: files were put together without a line break`,
  'not-base64': (line) => `the block at line ${line} has characters in it that are no base64`,
  'empty-block': (line) => `the block at line ${line} has nothing in it`,
  'no-certificate': () => 'there is no certificate in it',
  'not-a-certificate': (line) => `the block at line ${line} is something else than a certificate`,
  'private-key': (line) => `the block at line ${line} is a private key`,
  'malformed': (line) => `the block at line ${line} calls itself a certificate, but its content is not that of one`,
  'too-large': (line) => `the block at line ${line} is too large for a certificate, or there are too many of them`,
  'too-many': (line) => `from line ${line} on there are more certificates than are read`,
};

const WRAPPED: Readonly<Record<Wrapping, string>> = {
  'blank': 'there is nothing in it but blanks',
  'nothing-word': 'it is a word like None or null, which a program writes where it has nothing',
  'json-list': 'it is a list in JSON (an array), where the PEM itself should stand, one block after the other',
  'json-object': 'it is an object in JSON, where the PEM itself should stand',
  'quoted': 'it has quotation marks around it, as a text in JSON has',
  'python-bytes': "it is written as Python prints bytes, b'…', where the PEM itself should stand",
  'escaped-lines': 'its line breaks are written as a backslash and an n',
  'one-line': 'it stands on one line: its line breaks are missing',
  'base64-of-pem': 'it is base64 of PEM: it was encoded once too often',
  'bare-base64': 'it is bare base64: the lines that begin and end a block of PEM are missing',
  'path': 'it is the path of a file, where its content should stand',
};

/** What a value is wrapped in. */
export const wrappedWords = (wrapping: Wrapping): string => WRAPPED[wrapping];

/** Why a value is unreadable. */
export const unreadWords = ({ code, line }: BundleFault, wrapping: Wrapping | undefined): string =>
  wrapping === undefined ? UNREADABLE[code](line) : WRAPPED[wrapping];

const FORMS: Readonly<Record<Exclude<FormFaultCode, 'key-label'>, string>> = {
  'byte-order-mark': 'begins with a byte order mark: Go does not find the block behind it',
  'indented': 'has blanks before the line that begins or ends a block: no server finds it',
  'strange-blanks': 'has blanks of an unusual kind around a line: no server loads it',
  'carriage-returns': 'has lines that end in a carriage return alone: no server finds the block',
  'blank-line': 'has a blank line inside of a block: OpenSSL, and with it most servers, does not load it',
  'old-label': 'calls a block X509 CERTIFICATE: Go skips it',
};

/** How a value differs from what every server loads. */
export const formWords = (
  code: Exclude<FormFaultCode, 'key-label'>,
  source: VerifiedPart | 'key',
  line: number,
): string =>
  `${VALUES[source]} ${
    FORMS[code]
  } (line ${line}); a charm that writes it into a file as it is brings that to the service`;
