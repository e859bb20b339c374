/**
 * What the charm of a provider for requirers of both protocols wants: answers and refusals of either form in one list.
 *
 * An answer with a `csr` belongs to the CSR protocol, every other one to the reactive protocol. Whatever an intent does not mention stays
 * published unchanged. Source: docs/any-protocol.md, The provider.
 *
 * @module
 */
import type { Capabilities } from '../../csr/capabilities.ts';
import {
  Addressed,
  answeredAndRefused,
  type CapabilitiesDocument,
  CsrAnswer,
  type CsrAnswerDocument,
  type CsrProvidesIntent,
  CsrRefusal,
  KnownCapabilities,
  type OnWithdrawal,
  withNullCapabilities,
} from '../../csr/provides/intent.ts';
import {
  checked,
  type Decoder,
  decoder,
  isObject,
  listOf,
  object,
  omittable,
  oneOf,
  optional,
  text,
} from '../../model/codec.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { AsJson } from '../../model/schema.ts';
import { Answer, type ProvidesIntent, Refusal, SharedPair } from '../../reactive/provides/intent.ts';

/** Everything that a provider's charm wants. An empty text removes what was published under its name. */
export interface AnyProvidesIntent {
  /** The root CA's certificate, PEM, published to every relation. */
  readonly ca?: string;
  /** The chain of trust, PEM of one or more certificates, published to every relation. */
  readonly chain?: string;
  /** A client certificate that reactive requirers share; others do not receive it, since its key is published with it. */
  readonly globalClientCert?: KeyPair;
  /** Answers of either protocol: those with a `csr` are of the CSR protocol. */
  readonly answers: ReadonlyArray<Answer | CsrAnswer>;
  /** Published in the CSR form; the reactive form cannot express refusals, so there each is reported as a finding. */
  readonly refusals: ReadonlyArray<Refusal | CsrRefusal>;
  /** Published certificates of the CSR protocol that no longer count. */
  readonly revoked: ReadonlyArray<Addressed>;
  /** Published on every relation; null: none; absent: unchanged. They tell a requirer that this provider accepts CSRs. */
  readonly capabilities?: Capabilities | null;
  /** What to do with answers whose request is gone, in both forms. */
  readonly onWithdrawal: OnWithdrawal;
}

/** Whether an answer or a refusal belongs to the CSR protocol. */
const isCsr = <A extends Answer | Refusal, B extends Addressed>(one: A | B): one is B => 'csr' in one;

/** Decodes values with a `csr` in one way, and all others in another. */
const ofEither = <A, B, ADoc, BDoc>(
  reactive: Decoder<A, ADoc>,
  csr: Decoder<B, BDoc>,
): Decoder<A | B, ADoc | BDoc> =>
  decoder<A | B, ADoc | BDoc>(
    'an object',
    { kind: 'choice', among: [reactive.schema, csr.schema] },
    (u, context) => (isObject(u) && Object.hasOwn(u, 'csr') ? csr : reactive).validate(u, context),
  );

/** The contract's intent of `any/provides`, as JSON. */
export type AnyProvidesIntentDocument = AsJson<AnyProvidesIntent, 'revoked' | 'onWithdrawal', {
  readonly answers?: ReadonlyArray<AsJson<Answer> | CsrAnswerDocument> | null;
  readonly refusals?: ReadonlyArray<AsJson<Refusal> | AsJson<CsrRefusal>> | null;
  readonly capabilities?: CapabilitiesDocument | null;
}>;

const fields: Decoder<AnyProvidesIntent, AnyProvidesIntentDocument> = object<
  AnyProvidesIntent,
  AnyProvidesIntentDocument
>('closed', {
  ca: omittable(text(), 'The root CA, PEM; an empty text removes what was published.'),
  chain: omittable(text(), 'The chain of trust, PEM of one or more certificates; an empty text removes it.'),
  globalClientCert: omittable(SharedPair),
  answers: optional(listOf(ofEither(Answer, CsrAnswer)), []),
  refusals: optional(listOf(ofEither(Refusal, CsrRefusal)), []),
  revoked: optional(listOf(Addressed), []),
  capabilities: omittable<Capabilities | null, CapabilitiesDocument>(KnownCapabilities),
  onWithdrawal: optional(oneOf('withdraw', 'keep'), 'withdraw'),
});

/** Decodes the contract's intent of `any/provides`; unknown fields are errors, and so is a CSR that is both answered and refused. */
export const AnyProvidesIntent: Decoder<AnyProvidesIntent, AnyProvidesIntentDocument> = checked(
  withNullCapabilities(fields),
  'a CSR is either answered or refused',
  ({ answers, refusals }) =>
    answeredAndRefused(
      answers.map((one) => (isCsr(one) ? one : null)),
      refusals.map((one) => (isCsr(one) ? one : null)),
    ),
);

/** The intent of a charm that has nothing to publish. */
export const nothingToPublish: AnyProvidesIntent = { answers: [], refusals: [], revoked: [], onWithdrawal: 'withdraw' };

/** The part of an intent that is for the CSR protocol. */
export const csrPartOf = (
  { answers, refusals, revoked, capabilities, onWithdrawal }: AnyProvidesIntent,
): CsrProvidesIntent => ({
  answers: answers.filter((one): one is CsrAnswer => isCsr(one)),
  refusals: refusals.filter((one): one is CsrRefusal => isCsr(one)),
  revoked,
  ...(capabilities === undefined ? {} : { capabilities }),
  onWithdrawal,
});

/** The part of an intent that is for the reactive protocol, except the shared client certificate, which not every relation gets. */
export const reactivePartOf = (
  { ca, chain, answers, refusals, onWithdrawal }: AnyProvidesIntent,
): ProvidesIntent => ({
  ...(ca === undefined ? {} : { ca }),
  ...(chain === undefined ? {} : { chain }),
  answers: answers.filter((one): one is Answer => !isCsr(one)),
  refusals: refusals.filter((one): one is Refusal => !isCsr(one)),
  onWithdrawal,
});
