/**
 * What each fault means for people: which finding it becomes, and in which words.
 *
 * @module
 */
import { type Fault, NOT_A_NAME, type SanType } from '../x509/mod.ts';
import type { Verdict } from './findings.ts';
import { NAME_KINDS } from './name-words.ts';
import { verdictOfObstacle } from './path-words.ts';
import { formWords, unreadWords, VALUES, wrappedWords } from './value-words.ts';
import { quoted, whose, type Words } from './whose.ts';

/** A missing name, and the kind under which it is present instead. */
const missingName = ({ name, offeredAs }: { readonly name: string; readonly offeredAs?: SanType }): string => {
  if (offeredAs === undefined) return quoted(name);
  const [noun, prefix] = NAME_KINDS[offeredAs];
  return `${quoted(name)} (it is there as ${noun}, ${quoted(`${prefix}${name}`)}, where clients do not look for it)`;
};

/** Missing names, combined into one sentence. */
const missingNames = (faults: ReadonlyArray<Fault>): ReadonlyArray<Verdict> => {
  const missing = faults.flatMap((fault) =>
    fault.code === 'name-missing' || fault.code === 'common-name-missing' ? [missingName(fault)] : []
  );
  return missing.length === 0
    ? []
    : [['names-missing', `the certificate lacks names that were requested: ${[...new Set(missing)].join(', ')}`]];
};

const DAY = 86_400_000;

const inDays = (notAfter: string, now: Date | null): string => {
  if (now === null) return '';
  const days = Math.floor((Date.parse(notAfter) - now.getTime()) / DAY);
  return days === 0 ? ', within a day' : `, in ${days} ${days === 1 ? 'day' : 'days'}`;
};

const KEYS = {
  'key-mismatch': ['key-mismatch', 'the private key belongs to another certificate'],
  'key-missing': ['key-unusable', 'there is no private key in the value that should hold it'],
  'key-unreadable': ['key-unusable', 'the private key cannot be read'],
  'key-encrypted': ['key-unusable', 'the private key is protected by a password'],
  'key-unsupported': [
    'not-judged',
    'the private key is of a kind that is not judged here, so it is not known whether it belongs to the certificate',
  ],
} as const;

const verdictOfFault = (fault: Fault, words: Words): Verdict | null => {
  switch (fault.code) {
    case 'name-missing':
    case 'common-name-missing':
      return null;
    case 'client-name-missing':
      return [
        'client-name-missing',
        `the certificate lacks the name ${missingName(fault)} that was requested; for a client this rarely matters`,
      ];
    case 'name-unusable':
      return [
        'name-unusable',
        `no certificate can have the name ${quoted(fault.name)} that was asked for: it ${NOT_A_NAME[fault.reason]}`,
      ];
    case 'common-name-only':
      return [
        'name-in-subject-only',
        `${
          quoted(fault.name)
        } is the subject's common name only: clients look at the alternative names, where it is not`,
      ];
    case 'key-mismatch':
    case 'key-missing':
    case 'key-unreadable':
    case 'key-encrypted': {
      const [code, message] = KEYS[fault.code];
      return [code, fault.wrapping === undefined ? message : `${message}: ${wrappedWords(fault.wrapping)}`];
    }
    case 'key-unsupported':
      return 'at' in fault ? verdictOfObstacle(fault, words) : KEYS[fault.code];
    case 'wrong-order':
      return [
        'wrong-order',
        `the certificates stand in the wrong order: the one that was asked for is number ${
          fault.index + 1
        } and has to be the first, before its CA`,
      ];
    case 'private-key':
      return [
        'private-key-published',
        `there is a private key in ${
          VALUES[fault.source]
        }, at line ${fault.line}: everybody may read that value, so the key is a secret no more`,
      ];
    case 'unreadable': {
      const why = unreadWords(fault.fault, fault.wrapping);
      if (fault.source === 'certificate') {
        return ['unreadable-certificate', `${words.own ?? VALUES.certificate} cannot be read: ${why}`];
      }
      return [
        words.own === null ? 'unreadable-certificate' : 'untrusted',
        `${VALUES[fault.source]} cannot be read wholly: ${why}`,
      ];
    }
    case 'time-invalid':
      return ['path-invalid', 'the present time is not known, so validity cannot be judged'];
    case 'too-much-work':
      return ['untrusted', 'there are too many certificates that could be the issuer: the search was given up'];
    case 'only-key-exchange':
      return [
        'key-exchange-only',
        'the key usage of the certificate lets its RSA key decipher and not sign: TLS 1.3 needs a signature, and browsers refuse the certificate',
      ];
    case 'broken-hash':
      return ['weak-signature', `${whose(fault.at, words)} is signed over ${fault.hash}, which can be forged`];
    case 'short-key':
      return [
        'weak-key',
        `the RSA key of ${
          whose(fault.at, words)
        } has ${fault.bits} bits: OpenSSL refuses fewer than 2048 on Debian and Ubuntu`,
      ];
    case 'serial-negative':
      return [
        'negative-serial-number',
        `the serial number of ${whose(fault.at, words)} is negative: Go cannot read it`,
      ];
    case 'ends-soon': {
      const when = `${whose(fault.at, words)} ends at ${fault.notAfter}${inDays(fault.notAfter, words.now)}`;
      return ['ends-soon', fault.at === 0 ? when : `${when}: the certificates below it are useless from then on`];
    }
    case 'out-of-date-beside':
      return [
        'ca-out-of-date',
        `${whose(fault.at, words)} is not valid now (${fault.about}), but another published CA is`,
      ];
    case 'byte-order-mark':
    case 'indented':
    case 'strange-blanks':
    case 'carriage-returns':
    case 'blank-line':
    case 'old-label':
      return ['pem-form', formWords(fault.code, fault.source, fault.line)];
    case 'key-label':
      return [
        'key-label',
        'the label of the private key is that of another form than the key has; it is read by its form, and some programs do not do that',
      ];
    default:
      return verdictOfObstacle(fault, words);
  }
};

/** What faults mean, without repeats. */
export const verdictsOf = (faults: ReadonlyArray<Fault>, words: Words): ReadonlyArray<Verdict> => {
  const seen = new Set<string>();
  return [...missingNames(faults), ...faults.map((fault) => verdictOfFault(fault, words))].filter(
    (verdict): verdict is Verdict => {
      const key = verdict === null ? null : verdict.join(' ');
      return key !== null && !seen.has(key) && seen.add(key) !== undefined;
    },
  );
};
