/**
 * Requests in the form of the reactive protocol: how much of each it can express, and what in a databag is no longer wanted.
 *
 * It has one request for each kind and common name, names without prefixes, and no field for a subject. Source: docs/any-protocol.md,
 * Requests.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CsrRequest } from '../../csr/requires/intent.ts';
import { classifySan } from '../../csr/sans.ts';
import { CERT_TYPES } from '../../model/certificate.ts';
import { type BagRequests, type RequestKey, requestKeyOf } from '../../reactive/asked.ts';
import type { Request, Withdrawal } from '../../reactive/requires/intent.ts';

const PREFIXED = /^\s*(?:ip|dns):/i;

/** A name in the reactive protocol: without a prefix. It cannot express an object identifier, and a blank name is not a name. */
const nameOf = (san: string): ReadonlyArray<string> => {
  const read = classifySan(san);
  if (E.isLeft(read)) return [san];
  if (read.right === null || read.right.kind === 'oid') return [];
  return [PREFIXED.test(san) ? read.right.value : san];
};

const isOid = (san: string): boolean => {
  const read = classifySan(san);
  return E.isRight(read) && read.right?.kind === 'oid';
};

/** Whether the reactive protocol cannot express the whole request. */
export const isNarrowed = ({ sans, subject = {} }: CsrRequest): boolean =>
  sans.some(isOid) || Object.values(subject).some((value) => value !== '');

/** The requests in the reactive form: those with the same kind and common name become one, with the names of all. */
export const inReactiveForm = (requests: ReadonlyArray<CsrRequest>): ReadonlyArray<Request> => {
  const sans = new Map<string, Set<string>>();
  const first: Array<CsrRequest> = [];
  for (const request of requests) {
    const key = requestKeyOf(request);
    const known = sans.get(key);
    if (known === undefined) first.push(request);
    const names = known ?? new Set<string>();
    for (const san of request.sans) for (const name of nameOf(san)) names.add(name);
    sans.set(key, names);
  }
  return first.map(({ certType, commonName, ...rest }) => ({
    certType,
    commonName,
    sans: [...sans.get(requestKeyOf({ certType, commonName })) ?? rest.sans],
  }));
};

/** What a databag requests, including malformed entries. */
const subjectsIn = ({ top, collections, malformed }: BagRequests): ReadonlyArray<RequestKey> => [
  ...(top === null ? [] : [{ certType: 'server', commonName: top.commonName } as const]),
  ...CERT_TYPES.flatMap((certType) =>
    [...collections[certType].keys()].map((commonName) => ({ certType, commonName }))
  ),
  ...malformed,
];

/** What to withdraw from databags: everything requested that is not among the wanted subjects. */
export const unwantedIn = (all: ReadonlyArray<BagRequests>, wanted: ReadonlySet<string>): ReadonlyArray<Withdrawal> =>
  all.flatMap(subjectsIn).filter((subject) => !wanted.has(requestKeyOf(subject)));

/** Whether a databag requests something that is wanted. */
export const asksFor = (asked: BagRequests, wanted: ReadonlySet<string>): boolean =>
  subjectsIn(asked).some((subject) => wanted.has(requestKeyOf(subject)));

/** Whether a databag requests anything. */
export const asksAtAll = (asked: BagRequests): boolean => subjectsIn(asked).length > 0;
