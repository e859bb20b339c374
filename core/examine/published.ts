/**
 * What is published to everybody, judged by itself: the CA, the chain and the shared client certificate. It is installed and trusted
 * whether or not a certificate was answered.
 *
 * @module
 */
import type { Finding, Place } from '../model/finding.ts';
import { PROVIDER_KEYS } from '../reactive/wire.ts';
import { judgeCa, judgeChain, judgeRead } from '../x509/mod.ts';
import { finding, type Verdict } from './findings.ts';
import type { AsOf, ProviderSide } from './provider-side.ts';
import { verdictsOf } from './verdicts.ts';

/** What is wrong with what provider units publish to everybody. */
export const publishedFindings = async (
  { relationId, trust, shared, isAnswering }: ProviderSide,
  moment: AsOf,
): Promise<ReadonlyArray<Finding>> => {
  const { now, endsWithinDays } = moment;
  const { ca, chain, verdicts } = trust;
  const at = (place: Place, all: ReadonlyArray<Verdict>): ReadonlyArray<Finding> =>
    all.map(([code, message]) => finding(code, { relationId, ...place }, message));

  const findings: Array<Finding> = [];
  if (ca !== null) {
    const { faults, certificates: path } = judgeCa(ca.value, now, endsWithinDays);
    findings.push(...at({ unit: ca.unit, key: PROVIDER_KEYS.ca }, verdictsOf(faults, { own: null, path, now })));
  }
  if (chain !== null) {
    const { faults, certificates: path } = judgeChain(chain.value, isAnswering || shared !== null ? null : { now });
    findings.push(...at({ unit: chain.unit, key: PROVIDER_KEYS.chain }, verdictsOf(faults, { own: null, path, now })));
  }
  if (shared !== null) {
    const { faults, path } = await judgeRead({
      pair: shared.pair,
      certType: 'client',
      names: null,
      ca: ca?.value ?? null,
      chain: chain?.value ?? null,
      verdicts,
      ...moment,
    })();
    const words = { own: 'the client certificate that all share', path, now };
    findings.push(...at({ unit: shared.unit, key: PROVIDER_KEYS.clientCert }, verdictsOf(faults, words)));
  }
  return findings;
};
