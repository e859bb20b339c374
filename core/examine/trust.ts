/**
 * Relations of `certificate_transfer`: which CA certificates one side hands out for the other to trust, and whether each can be.
 *
 * Certificates are read as `trust/requires` reads them, and judged as a hook judges them that is to trust them. Source:
 * docs/certificate-transfer.md.
 *
 * @module
 */
import { lookup } from '../databag/lookup.ts';
import type { Finding } from '../model/finding.ts';
import type { RelationId } from '../model/names.ts';
import type { Databag } from '../model/snapshot.ts';
import { readPublished } from '../trust/published.ts';
import { textsOnce, type TrustedCertificate } from '../trust/texts.ts';
import { APPLICATION_KEYS } from '../trust/wire.ts';
import { judgeCa } from '../x509/mod.ts';
import { finding } from './findings.ts';
import type { AsOf } from './provider-side.ts';
import type { Pause } from './studied.ts';
import type { TrustExamination, TrustExchange } from './trust-exchange.ts';
import { verdictsOf } from './verdicts.ts';

/** A relation for trust with all that can be said of it whatever the time is. */
export interface StudiedTrust {
  readonly examine: (moment: AsOf, pause: Pause) => Promise<TrustExamination>;
}

const judged = ({ pem, subject }: TrustedCertificate, relationId: RelationId, { now, endsWithinDays }: AsOf) => {
  const { faults, certificates: path } = judgeCa(pem, now, endsWithinDays);
  return {
    certificates: path,
    findings: verdictsOf(faults, { own: null, path, now }).map(([code, message]) =>
      finding(code, { relationId, key: APPLICATION_KEYS.certificates, commonName: subject }, message)
    ),
  };
};

/** Among others that can be trusted, one that cannot be is left out, and nothing else is the matter. */
const leftOut = (one: Finding): Finding =>
  one.severity === 'error' ? { ...one, severity: 'warning', message: `it is left out: ${one.message}` } : one;

const isBad = ({ findings }: { readonly findings: ReadonlyArray<Finding> }): boolean =>
  findings.some(({ severity }) => severity === 'error');

/** Reads what is handed out, once. */
export const studyTrust = (
  { relationId, requirer, provider, application, units, areRolesAssumed }: TrustExchange,
): StudiedTrust => {
  const isSeen = application !== null || units.length > 0;
  const { version, certificates, findings: read } = readPublished(
    { relationId, application: application ?? {}, units },
    textsOnce(),
  );
  // An application's databag that is not seen may have version 1.
  const isNothing = isSeen && version === null && application !== null;
  return {
    examine: async (moment, pause) => {
      const all: Array<ReturnType<typeof judged>> = [];
      for (const one of certificates) {
        await pause();
        all.push(judged(one, relationId, moment));
      }
      const isUsable = all.some((one) => !isBad(one));
      return {
        relationId,
        requirer,
        provider,
        version,
        isSeen,
        areRolesAssumed,
        certificates: all.flatMap((one) => one.certificates),
        findings: [
          ...read,
          ...(isNothing ? [finding('no-ca', { relationId }, 'no CA certificate is handed out yet')] : []),
          ...all.flatMap(({ findings }) => (isUsable ? findings.map(leftOut) : findings)),
        ],
      };
    },
  };
};

/** Whether somebody hands out by version 1: a list of texts, where a provider of certificates has a list of objects. */
export const handsOut = (application: Databag): boolean => {
  const raw = lookup(application, APPLICATION_KEYS.certificates);
  if (raw === null || /^\s*\[\s*\{/.test(raw)) return false;
  return /^\s*\[\s*"/.test(raw) || lookup(application, APPLICATION_KEYS.version) !== null;
};
