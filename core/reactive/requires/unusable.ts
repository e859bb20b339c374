/**
 * Names that no certificate can have, reported to whoever requests them: no provider can put that right, and reissuing the certificate does
 * not help.
 *
 * The request is made anyway, since the certificate may work without them. Source: RFC 5280 section 4.2.1.6 and appendix A.1.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import { checkSan, checkSubjectName } from '../../model/name-flaws.ts';
import { faultsIn } from '../../model/passed.ts';
import type { Sans } from '../asked.ts';
import { finding } from './findings.ts';

/** Most SANs reported per request; whoever fixes these finds the rest. */
const MAX_TOLD = 3;

/** What is wrong with the names of one request; empty if a certificate can have them all. */
export const unusableNames = (commonName: string, sans: Sans, place: Place): ReadonlyArray<Finding> => {
  const ofSans = sans.flatMap((san, i) => faultsIn(checkSan(san)).map((flaw) => `SAN ${i + 1} ${flaw}`));
  const flaws = [
    ...faultsIn(checkSubjectName(commonName, sans)).map((flaw) => `the common name ${flaw}`),
    ...ofSans.slice(0, MAX_TOLD),
    ...(ofSans.length > MAX_TOLD ? [`and so on for ${ofSans.length - MAX_TOLD} more`] : []),
  ];
  return flaws.length === 0 ? [] : [finding('not-a-name', place, `no certificate can have this: ${flaws.join(', ')}`)];
};
