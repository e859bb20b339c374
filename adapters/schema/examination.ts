/**
 * The schema of an examination.
 *
 * @module
 */
import type { RequestError } from '../../core/csr/errors.ts';
import type {
  Examination,
  Examinations,
  ExaminedAnswer,
  ExaminedCsr,
  ExaminedRequest,
} from '../../core/examine/examination.ts';
import type { Evidence } from '../../core/examine/protocol.ts';
import type { TrustExamination } from '../../core/examine/trust-exchange.ts';
import { CERT_TYPES } from '../../core/model/certificate.ts';
import type { ApplicationName, RelationId, UnitName } from '../../core/model/names.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type {
  Attribute,
  BasicConstraints,
  Description,
  Name,
  PublicKey,
  San,
  SignatureAlgorithm,
} from '../../core/x509/mod.ts';
import { either, list, named, number, orNull, record, taggedBy, text, words, yesOrNo } from './describe.ts';
import { FindingSchema } from './outcome.ts';
import { CapabilitiesSchema } from './view.ts';

type KeyOf<Kind extends PublicKey['kind']> = Extract<PublicKey, { readonly kind: Kind }>;

type SignatureOf<Named extends SignatureAlgorithm['name']> = Extract<SignatureAlgorithm, { readonly name: Named }>;

const NameSchema: SchemaOf<Name> = record<Name>({
  text: text(),
  attributes: list(record<Attribute>({ type: text(), value: text() })),
});

const SanSchema: SchemaOf<San> = record<San>({
  type: words('dns', 'ip', 'uri', 'email', 'directory', 'registeredId', 'other'),
  value: text(),
});

const KeySchema: SchemaOf<PublicKey> = taggedBy<PublicKey, 'kind'>('kind', {
  rsa: record<KeyOf<'rsa'>>({ kind: words('rsa'), bits: number, exponent: number }),
  ec: record<KeyOf<'ec'>>({ kind: words('ec'), bits: number, curve: words('P-256', 'P-384', 'P-521') }),
  ed25519: record<KeyOf<'ed25519'>>({ kind: words('ed25519'), bits: words(256) }),
  'ml-dsa': record<KeyOf<'ml-dsa'>>({
    kind: words('ml-dsa'),
    parameterSet: words('ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'),
  }),
  other: record<KeyOf<'other'>>({ kind: words('other'), oid: text() }),
});

const HashSchema = words('MD2', 'MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512');

const SignatureSchema: SchemaOf<SignatureAlgorithm> = either(
  either(
    record<SignatureOf<'RSASSA-PKCS1-v1_5' | 'ECDSA'>>({ name: words('RSASSA-PKCS1-v1_5', 'ECDSA'), hash: HashSchema }),
    record<SignatureOf<'RSA-PSS'>>({ name: words('RSA-PSS'), hash: HashSchema, saltLength: number }),
  ),
  either(
    record<SignatureOf<'Ed25519' | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'>>({
      name: words('Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'),
    }),
    record<SignatureOf<'other'>>({ name: words('other'), oid: text() }),
  ),
);

const DescriptionSchema: SchemaOf<Description> = named(
  'Description',
  'What is in a certificate.',
  record<Description>({
    version: words(1, 2, 3),
    subject: NameSchema,
    issuer: NameSchema,
    selfIssued: yesOrNo,
    serialNumber: text(),
    notBefore: text(),
    notAfter: text(),
    sans: list(SanSchema),
    publicKey: KeySchema,
    signatureAlgorithm: SignatureSchema,
    sha256: text(),
    basicConstraints: orNull(record<BasicConstraints>({ ca: yesOrNo, pathLength: orNull(number) })),
    keyUsage: orNull(list(words(
      'digitalSignature',
      'nonRepudiation',
      'keyEncipherment',
      'dataEncipherment',
      'keyAgreement',
      'keyCertSign',
      'cRLSign',
      'encipherOnly',
      'decipherOnly',
    ))),
    extendedKeyUsage: orNull(list(text())),
    subjectKeyId: orNull(text()),
    authorityKeyId: orNull(text()),
    hasNameConstraints: yesOrNo,
    unknownCritical: list(text()),
  }),
);

const RequestSchema: SchemaOf<ExaminedRequest> = named(
  'ExaminedRequest',
  'One certificate that was asked for, or answered without being asked for.',
  record<ExaminedRequest>({
    certType: words(...CERT_TYPES),
    commonName: text(),
    sans: orNull(list(text())),
    state: words('answered', 'unanswered', 'unknown', 'denied', 'revoked'),
    answer: orNull(record<ExaminedAnswer>({
      certificate: orNull(DescriptionSchema),
      path: list(DescriptionSchema),
      verified: orNull(yesOrNo),
    })),
    csr: orNull(record<ExaminedCsr>({ subject: NameSchema, sans: list(text()), publicKey: KeySchema })),
    denied: orNull(record<RequestError>({
      code: number,
      name: text(),
      message: text(),
      reason: orNull(text()),
      provider: orNull(text()),
      endpoint: orNull(text()),
    })),
    findings: list(FindingSchema),
  }),
);

const OneSchema: SchemaOf<Examination> = named(
  'Examination',
  'What came out of one unit or application on one relation.',
  record<Examination>({
    relationId: text<RelationId>(),
    requirer: text<UnitName | ApplicationName>(),
    asker: words('unit', 'application'),
    protocol: words('reactive', 'csr', 'unknown'),
    evidence: list(record<Evidence>({
      by: words('requirer', 'provider'),
      bag: words('unit', 'application'),
      key: text(),
    })),
    capabilities: orNull(CapabilitiesSchema),
    providers: list(text()),
    askedSeen: yesOrNo,
    areRolesAssumed: yesOrNo,
    ca: list(DescriptionSchema),
    chain: list(DescriptionSchema),
    requests: list(RequestSchema),
    waitingSince: orNull(text()),
    findings: list(FindingSchema),
  }),
);

const TrustSchema: SchemaOf<TrustExamination> = named(
  'TrustExamination',
  'What came out of one relation of certificate_transfer.',
  record<TrustExamination>({
    relationId: text<RelationId>(),
    requirer: orNull(text<ApplicationName>()),
    provider: orNull(text<ApplicationName>()),
    version: orNull(words(0, 1)),
    isSeen: yesOrNo,
    areRolesAssumed: yesOrNo,
    certificates: list(DescriptionSchema),
    findings: list(FindingSchema),
  }),
);

/** An examination. */
export const ExaminationsSchema: SchemaOf<Examinations> = named(
  'Examinations',
  'Everything that was examined, without any private key.',
  record<Examinations>({
    now: orNull(text()),
    examinations: list(OneSchema),
    trust: list(TrustSchema),
    findings: list(FindingSchema),
  }),
);
