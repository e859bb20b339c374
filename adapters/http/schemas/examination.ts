/**
 * What was examined.
 *
 * @module
 */
import type { Examination, Examinations, ExaminedAnswer, ExaminedRequest } from '../../../core/examine/examine.ts';
import { CERT_TYPES } from '../../../core/model/certificate.ts';
import type { RelationId, UnitName } from '../../../core/model/names.ts';
import type { Description, Name, PublicKey, San, SignatureAlgorithm } from '../../../core/x509/mod.ts';
import { OneFinding } from './outcome.ts';
import { type Codec, list, listed, named, number, object, oneOf, orNull, text, word, words, yesOrNo } from './words.ts';

const DistinguishedName: Codec<Name> = object({
  text,
  attributes: list(object({ type: text, value: text })),
});

const AlternativeName: Codec<San> = object({
  type: words(['dns', 'ip', 'uri', 'email', 'directory', 'registeredId', 'other']),
  value: text,
});

const Key: Codec<PublicKey> = oneOf([
  object({ kind: word('rsa'), bits: number, exponent: number }),
  object({ kind: word('ec'), bits: number, curve: words(['P-256', 'P-384', 'P-521']) }),
  object({ kind: word('ed25519'), bits: word(256) }),
  object({ kind: word('ml-dsa'), parameterSet: words(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']) }),
  object({ kind: word('other'), oid: text }),
]);

const hash = words(['MD2', 'MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']);

const Signature: Codec<SignatureAlgorithm> = oneOf([
  object({ name: words(['RSASSA-PKCS1-v1_5', 'ECDSA']), hash }),
  object({ name: word('RSA-PSS'), hash, saltLength: number }),
  object({ name: words(['Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']) }),
  object({ name: word('other'), oid: text }),
]);

const Described: Codec<Description, unknown> = listed(
  'Description',
  'What is in a certificate.',
  object({
    version: words([1, 2, 3]),
    subject: DistinguishedName,
    issuer: DistinguishedName,
    selfIssued: yesOrNo,
    serialNumber: text,
    notBefore: text,
    notAfter: text,
    sans: list(AlternativeName),
    publicKey: Key,
    signatureAlgorithm: Signature,
    sha256: text,
    basicConstraints: orNull(object({ ca: yesOrNo, pathLength: orNull(number) })),
    keyUsage: orNull(list(words([
      'digitalSignature',
      'nonRepudiation',
      'keyEncipherment',
      'dataEncipherment',
      'keyAgreement',
      'keyCertSign',
      'cRLSign',
      'encipherOnly',
      'decipherOnly',
    ]))),
    extendedKeyUsage: orNull(list(text)),
    subjectKeyId: orNull(text),
    authorityKeyId: orNull(text),
    hasNameConstraints: yesOrNo,
    unknownCritical: list(text),
  }),
);

const Answer: Codec<ExaminedAnswer, unknown> = object({
  certificate: orNull(Described),
  path: list(Described),
  verified: orNull(yesOrNo),
});

const ExaminedOne: Codec<ExaminedRequest, unknown> = listed(
  'ExaminedRequest',
  'One certificate that was asked for, or answered without being asked for.',
  object({
    certType: words(CERT_TYPES),
    commonName: text,
    sans: orNull(list(text)),
    state: words(['answered', 'unanswered', 'unknown']),
    answer: orNull(Answer),
    findings: list(OneFinding),
  }),
);

const OneExamination: Codec<Examination, unknown> = listed(
  'Examination',
  'What came out of one unit on one relation.',
  object({
    relationId: named<RelationId>(),
    requirer: named<UnitName>(),
    providers: list(text),
    askedSeen: yesOrNo,
    ca: list(Described),
    chain: list(Described),
    requests: list(ExaminedOne),
    findings: list(OneFinding),
  }),
);

/** What was examined. */
export const Examined: Codec<Examinations, unknown> = listed(
  'Examinations',
  'Everything that was examined, without any private key.',
  object({ now: orNull(text), examinations: list(OneExamination), findings: list(OneFinding) }),
);
