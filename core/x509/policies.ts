/**
 * Certificate policies: reads their extensions, and checks whether a path keeps what its CAs demand (RFC 5280 section 6.1, as replaced by
 * RFC 9618).
 *
 * No policy is ever demanded: the initial set is any-policy, and nothing is inhibited at first. So the graph of RFC 9618 need not be kept.
 * Whether one depth has nodes depends only on the depth above; pruning only removes what is above. One level is kept, as a map from each
 * valid policy to those that are expected below it, and the work is linear.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Check, PASSED } from '../model/passed.ts';
import { context, cursor, type Element, inside, malformed, TAG } from './der.ts';
import { ANY_POLICY, EXTENSION, POLICY_QUALIFIERS } from './oids.ts';
import { countOf, oidOf } from './primitives.ts';

/** What a certificate says about policies. */
export interface PolicyExtensions {
  /** Null: the extension is absent. */
  readonly policies: ReadonlySet<string> | null;
  readonly hasUnknownQualifier: boolean;
  /** From a policy of the issuer to those that replace it below. */
  readonly mappings: ReadonlyArray<readonly [issuer: string, subject: string]>;
  /** After how many more certificates something counts; null if not given. */
  readonly requireExplicit: number | null;
  readonly inhibitMapping: number | null;
  readonly inhibitAny: number | null;
}

const oidIn = ({ tag, content }: Element): string => tag === TAG.oid ? oidOf(content) : malformed('unexpected-value');

const readPolicies = (element: Element): Pick<PolicyExtensions, 'policies' | 'hasUnknownQualifier'> => {
  const policies = new Set<string>();
  let hasUnknownQualifier = false;
  for (const information of inside(element)) {
    const parts = cursor(information);
    const policy = oidIn(parts.any());
    const qualifiers = parts.maybe(TAG.sequence);
    parts.end();
    // Each occurs once (section 4.2.1.4), and if there are none, there is no extension.
    if (policies.has(policy)) malformed('value');
    policies.add(policy);
    for (const qualifier of qualifiers === null ? [] : inside(qualifiers)) {
      const [id] = inside(qualifier);
      if (id === undefined || !POLICY_QUALIFIERS.has(oidIn(id))) hasUnknownQualifier = true;
    }
  }
  return policies.size > 0 ? { policies, hasUnknownQualifier } : malformed('value');
};

const readMappings = (element: Element): PolicyExtensions['mappings'] => {
  const mappings = inside(element).map((mapping) => {
    const parts = cursor(mapping);
    const pair = [oidIn(parts.any()), oidIn(parts.any())] as const;
    parts.end();
    return pair;
  });
  return mappings.length > 0 ? mappings : malformed('value');
};

const readConstraints = (element: Element): Pick<PolicyExtensions, 'requireExplicit' | 'inhibitMapping'> => {
  const parts = cursor(element);
  const [explicit, mapping] = [parts.maybe(context(0, 'primitive')), parts.maybe(context(1, 'primitive'))];
  parts.end();
  return {
    requireExplicit: explicit === null ? null : countOf(explicit.content),
    inhibitMapping: mapping === null ? null : countOf(mapping.content),
  };
};

const readCount = ({ tag, content }: Element): number =>
  tag === TAG.integer ? countOf(content) : malformed('unexpected-value');

/** Reads the extensions about policies. */
export const readPolicyExtensions = (
  read: <A>(oid: string, reader: (element: Element) => A) => A | null,
): PolicyExtensions => ({
  ...(read(EXTENSION.certificatePolicies, readPolicies) ?? { policies: null, hasUnknownQualifier: false }),
  mappings: read(EXTENSION.policyMappings, readMappings) ?? [],
  ...(read(EXTENSION.policyConstraints, readConstraints) ?? { requireExplicit: null, inhibitMapping: null }),
  inhibitAny: read(EXTENSION.inhibitAnyPolicy, readCount),
});

/** A certificate, as far as policies are concerned. */
export interface PolicyLink extends PolicyExtensions {
  readonly selfIssued: boolean;
}

/** What is wrong with a path's policies. */
export type PolicyFault =
  /** A CA demands that a policy is valid along the path, and none is. */
  | 'no-valid-policy'
  /** A mapping from or to any-policy (section 4.2.1.5). */
  | 'policy-mapping-invalid';

/** One level of the graph: each valid policy with those that are expected below it. Null: no policy is valid any more. */
type Level = ReadonlyMap<string, ReadonlySet<string>> | null;

/** 6.1.3 d: the policies of one certificate that are valid below a level. */
const below = (level: Level, { policies }: PolicyLink, mayBeAny: boolean): Level => {
  if (level === null || policies === null) return null;
  const expected = new Set([...level.values()].flatMap((set) => [...set]));
  const next = new Map<string, ReadonlySet<string>>();
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue;
    if (expected.has(policy) || level.has(ANY_POLICY)) next.set(policy, new Set([policy]));
  }
  if (policies.has(ANY_POLICY) && mayBeAny) {
    for (const policy of expected) if (!next.has(policy)) next.set(policy, new Set([policy]));
  }
  return next.size > 0 ? next : null;
};

/** 6.1.4 b: what is expected below a CA that maps policies; if it may not, what it maps is no longer valid. */
const mapped = (level: Level, { mappings }: PolicyLink, mayMap: boolean): Level => {
  if (level === null || mappings.length === 0) return level;
  const next = new Map(level);
  const subjects = new Map<string, Set<string>>();
  for (const [issuer, subject] of mappings) {
    if (!mayMap) next.delete(issuer);
    const same = subjects.get(issuer) ?? new Set();
    subjects.set(issuer, same.add(subject));
  }
  if (mayMap) {
    for (const [issuer, set] of subjects) if (level.has(issuer) || level.has(ANY_POLICY)) next.set(issuer, set);
  }
  return next.size > 0 ? next : null;
};

/** How much work {@link checkPolicies} has with one certificate, for callers that bound it. */
export const policyWork = ({ policies, mappings }: PolicyExtensions): number => (policies?.size ?? 0) + mappings.length;

/**
 * Whether the policies of a path are valid; a `Left` says what is wrong with them, and at which place. The path goes from the leaf up and
 * ends below the trusted CA, whose own policies do not count.
 */
export const checkPolicies = (
  path: ReadonlyArray<PolicyLink>,
): Check<{ readonly code: PolicyFault; readonly at: number }> => {
  let level: Level = new Map([[ANY_POLICY, new Set([ANY_POLICY])]]);
  let [explicit, mapping, any] = [Infinity, Infinity, Infinity];
  for (let at = path.length - 1; at >= 0; at--) {
    const link = path[at];
    if (link === undefined) continue;
    level = below(level, link, any > 0 || (at > 0 && link.selfIssued));
    // 6.1.3 f.
    if (explicit <= 0 && level === null) return E.left({ code: 'no-valid-policy', at });
    if (at === 0) break;
    // 6.1.4 a.
    if (link.mappings.flat().includes(ANY_POLICY)) return E.left({ code: 'policy-mapping-invalid', at });
    level = mapped(level, link, mapping > 0);
    // 6.1.4 h, i and j.
    if (!link.selfIssued) [explicit, mapping, any] = [explicit - 1, mapping - 1, any - 1];
    explicit = Math.min(explicit, link.requireExplicit ?? Infinity);
    mapping = Math.min(mapping, link.inhibitMapping ?? Infinity);
    any = Math.min(any, link.inhibitAny ?? Infinity);
  }
  // 6.1.5 a and b.
  const isExplicit = explicit - 1 <= 0 || path[0]?.requireExplicit === 0;
  return isExplicit && level === null ? E.left({ code: 'no-valid-policy', at: 0 }) : PASSED;
};
