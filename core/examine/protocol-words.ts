/**
 * Words for the protocol of a relation, and for two sides that speak different ones.
 *
 * @module
 */
import type { Finding } from '../model/finding.ts';
import type { Exchange } from './exchange.ts';
import { finding } from './findings.ts';
import type { Evidence, SpokenProtocol, Verdict } from './protocol.ts';

/** The name of each protocol. */
export const PROTOCOLS: Readonly<Record<SpokenProtocol, string>> = {
  reactive: 'reactive',
  csr: 'CSR',
  unknown: 'unknown',
};

/** What shows the protocol: `certificates in the provider's application databag`. */
export const evidenceWords = (evidence: ReadonlyArray<Evidence>): ReadonlyArray<string> => {
  const places = new Map<string, Array<string>>();
  for (const { by, bag, key } of evidence) {
    const place = `the ${by}'s ${bag} databag`;
    const keys = places.get(place) ?? [];
    places.set(place, keys);
    keys.push(key);
  }
  return [...places].map(([place, keys]) => `${keys.join(', ')} in ${place}`);
};

/** Two sides that do not understand each other: nothing ever happens on such a relation, and neither side says so. */
export const differsFindings = (
  exchange: Exchange,
  { protocol, evidence, differs }: Verdict,
): ReadonlyArray<Finding> => {
  if (!differs) return [];
  const { relationId } = exchange;
  const [asks, answers] = protocol === 'csr' ? ['CSR', 'reactive'] : ['reactive', 'CSR'];
  return [finding(
    'protocols-differ',
    exchange.isApplication === true ? { relationId } : { relationId, unit: exchange.requirer },
    `the requirer speaks the ${asks} protocol and the provider the ${answers} one, so the provider never reads this request (${
      evidenceWords(evidence).join('; ')
    })`,
  )];
};
