/**
 * Why a request is not answered, in words for people: the rest of a sentence, without secrets.
 *
 * @module
 */
import { NOT_A_NAME } from '../model/asked-name.ts';
import { hidingKeys } from '../model/certificate.ts';
import { COMMON_NAME_FAULT } from '../model/same-names.ts';
import type { IssueFault } from '../x509/issue-fault.ts';

/** Longest name in a reason, in characters. */
const MAX_NAME = 100;

/** A name for people: shortened if it is long, and without private keys. */
export const quoted = (name: string): string =>
  JSON.stringify(hidingKeys(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name));

/** Why nothing could be issued, in words. */
export const reasonOf = (fault: IssueFault): string => {
  switch (fault.code) {
    case 'common-name-empty':
      return 'a certificate cannot have an empty common name';
    case 'common-name-too-long':
      return `the common name ${quoted(fault.name)} ${COMMON_NAME_FAULT[fault.code]}`;
    case 'name-unusable':
      return `no certificate can have the name ${quoted(fault.name)}: it ${NOT_A_NAME[fault.reason]}`;
    case 'validity-invalid':
    case 'validity-exceeds-issuer':
      return 'the CA is at its end: it has to be replaced by a new one';
    case 'path-length-invalid':
      return 'the CA may have no further CA below it';
    case 'refused-for-issuer':
      return `the CA must not issue this: ${fault.faults.map(({ code }) => code).join(', ')}`;
    default:
      return `it could not be issued: ${fault.code}`;
  }
};
