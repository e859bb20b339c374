/**
 * What a provider's charm wants in the CSR protocol: answers, refusals, revocations and capabilities. Anything that an intent does not
 * mention stays published.
 *
 * Source: docs/csr-protocol.md, Intent of the provider.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  checked,
  type Complaint,
  type Decoder,
  decoder,
  isObject,
  listOf,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  textWhere,
  trueOrFalse,
} from '../../model/codec.ts';
import type { AsJson } from '../../model/schema.ts';
import { RelationId } from '../../model/names.ts';
import { PASSED } from '../../model/passed.ts';
import type { Capabilities } from '../capabilities.ts';
import { CsrPem } from '../csr-pem.ts';
import { isCertificate, textsOnce } from '../texts.ts';

/** A text that contains a readable certificate, in any form of PEM. */
export type CertificatePem = string & { readonly certificatePem: unique symbol };

/** Accepts any text that contains a readable certificate. */
export const CertificatePem: Decoder<CertificatePem> = textWhere('a certificate in PEM', isCertificate);

/** A CSR on a relation. */
export interface Addressed {
  /** The relation of the CSR. */
  readonly relationId: RelationId;
  /** The CSR in PEM. */
  readonly csr: CsrPem;
}

/** A certificate for one CSR. */
export interface CsrAnswer extends Addressed {
  /** The certificate in PEM. */
  readonly certificate: CertificatePem;
  /** The CA that issued it. */
  readonly ca: CertificatePem;
  /** The certificate first, each signed by the next; an empty chain is published as the certificate alone. */
  readonly chain: ReadonlyArray<CertificatePem>;
}

/** Why one CSR gets no certificate. */
export interface CsrRefusal extends Addressed {
  /** One of the protocol's error codes, or any other integer. */
  readonly code: number;
  /** E.g. `domain_not_allowed`. */
  readonly name: string;
  /** For people. */
  readonly message: string;
  /** An empty one is published. */
  readonly reason?: string;
  /** The provider that refuses. */
  readonly provider?: string;
  /** Its endpoint. */
  readonly endpoint?: string;
}

/**
 * What happens to answers and errors whose CSR is gone.
 *
 * @internal
 */
export type OnWithdrawal = 'withdraw' | 'keep';

/** Everything that a provider's charm wants. */
export interface CsrProvidesIntent {
  /** CSRs that get a certificate. */
  readonly answers: ReadonlyArray<CsrAnswer>;
  /** CSRs that get none. */
  readonly refusals: ReadonlyArray<CsrRefusal>;
  /** Published certificates that no longer count. */
  readonly revoked: ReadonlyArray<Addressed>;
  /** Published on every relation. Null: none; absent: unchanged. */
  readonly capabilities?: Capabilities | null;
  /** What becomes of answers whose CSR is gone. */
  readonly onWithdrawal: OnWithdrawal;
}

const wholeNumber: Decoder<number> = numberIn('a whole number', { whole: true });

/** Decodes a CSR on a relation. */
export const Addressed: Decoder<Addressed> = object<Addressed>('closed', {
  relationId: required(RelationId),
  csr: required(CsrPem),
});

/** An answer as JSON. */
export type CsrAnswerDocument = AsJson<CsrAnswer, 'chain'>;

/**
 * Capabilities as JSON.
 *
 * @internal
 */
export type CapabilitiesDocument = AsJson<Capabilities, keyof Capabilities>;

/** The contract's intent of `csr/provides`, as JSON. */
export type CsrProvidesIntentDocument = AsJson<CsrProvidesIntent, 'refusals' | 'revoked' | 'onWithdrawal', {
  readonly answers?: ReadonlyArray<CsrAnswerDocument> | null;
  readonly capabilities?: CapabilitiesDocument | null;
}>;

/** Decodes an answer. */
export const CsrAnswer: Decoder<CsrAnswer, CsrAnswerDocument> = object<CsrAnswer, CsrAnswerDocument>('closed', {
  relationId: required(RelationId),
  csr: required(CsrPem),
  certificate: required(CertificatePem),
  ca: required(CertificatePem),
  chain: optional(listOf(CertificatePem), []),
});

/** Decodes a refusal. */
export const CsrRefusal: Decoder<CsrRefusal> = object<CsrRefusal>('closed', {
  relationId: required(RelationId),
  csr: required(CsrPem),
  code: required(wholeNumber),
  name: required(text()),
  message: required(text()),
  reason: omittable(text()),
  provider: omittable(text()),
  endpoint: omittable(text()),
});

/** Decodes what a provider says it can issue. */
export const KnownCapabilities: Decoder<Capabilities, CapabilitiesDocument> = object<
  Capabilities,
  CapabilitiesDocument
>(
  'closed',
  {
    supportsIpSans: optional<boolean | null, boolean>(trueOrFalse, null),
    supportsWildcardDns: optional<boolean | null, boolean>(trueOrFalse, null),
    supportsSubdomain: optional<boolean | null, boolean>(trueOrFalse, null),
    supportsCaCertificates: optional<boolean | null, boolean>(trueOrFalse, null),
    allowedDomains: optional<ReadonlyArray<string> | null, ReadonlyArray<string>>(listOf(text()), null),
    providerType: optional<string | null, string>(text(), null),
  },
);

const fields: Decoder<CsrProvidesIntent, CsrProvidesIntentDocument> = object<
  CsrProvidesIntent,
  CsrProvidesIntentDocument
>('closed', {
  answers: optional(listOf(CsrAnswer), []),
  refusals: optional(listOf(CsrRefusal), []),
  revoked: optional(listOf(Addressed), []),
  capabilities: omittable<Capabilities | null, CapabilitiesDocument>(KnownCapabilities),
  onWithdrawal: optional(oneOf('withdraw', 'keep'), 'withdraw'),
});

/** An object that may have a field `capabilities`. */
interface WithCapabilities {
  readonly capabilities?: Capabilities | null;
}

/** In `capabilities`, null has a meaning of its own: none are published. */
export const withNullCapabilities = <A extends WithCapabilities, Doc>(fields: Decoder<A, Doc>): Decoder<A, Doc> =>
  decoder(fields.name, fields.schema, (u, context) => {
    const decoded = fields.validate(u, context);
    const isNull = isObject(u) && Object.hasOwn(u, 'capabilities') && u['capabilities'] === null;
    return isNull ? E.map((intent: A): A => ({ ...intent, capabilities: null }))(decoded) : decoded;
  });

/** A `Left` is the first refusal of a CSR that is answered too. Null means an entry of the other protocol. */
export const answeredAndRefused = (
  answers: ReadonlyArray<Addressed | null>,
  refusals: ReadonlyArray<Addressed | null>,
): E.Either<Complaint, void> => {
  if (answers.length === 0 || refusals.length === 0) return PASSED;
  const texts = textsOnce();
  const addressOf = ({ relationId, csr }: Addressed): string => JSON.stringify([relationId, texts.csr(csr)?.pem]);
  const answered = new Map(answers.flatMap((answer, i) => (answer === null ? [] : [[addressOf(answer), i] as const])));
  for (const [i, refusal] of refusals.entries()) {
    const at = refusal === null ? undefined : answered.get(addressOf(refusal));
    if (at === undefined) continue;
    const message = `expected a CSR that is not answered too, got the one of intent.answers[${at}]`;
    return E.left({ path: ['refusals', String(i), 'csr'], message });
  }
  return PASSED;
};

/** Decodes the contract's intent of `csr/provides`. Unknown fields are errors, and so is a CSR that is both answered and refused. */
export const CsrProvidesIntent: Decoder<CsrProvidesIntent, CsrProvidesIntentDocument> = checked(
  withNullCapabilities(fields),
  'a CSR is either answered or refused',
  ({ answers, refusals }) => answeredAndRefused(answers, refusals),
);

/** The intent of a charm that has nothing to publish. */
export const nothingToPublish: CsrProvidesIntent = { answers: [], refusals: [], revoked: [], onWithdrawal: 'withdraw' };
