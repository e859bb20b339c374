/**
 * Private keys where they do not belong: in a databag of requests or of answers to CSRs, which everybody on the relation can read.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { Databag } from '../model/snapshot.ts';
import { finding } from './findings.ts';

/** The words in the first line of every private key in PEM. JSON may escape the space, but no library does. */
const KEY = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----/;

/** A finding for each value that contains a private key. It does not show the key. */
export const keysPublished = (bag: Databag, place: Place): ReadonlyArray<Finding> =>
  Object.entries(bag).flatMap(([key, value]) =>
    !value.includes('PRIVATE KEY') || !KEY.test(value) ? [] : [
      finding(
        'private-key-published',
        { ...place, key: hidingKeys(key) },
        'there is a private key in this value: everybody on the relation may read it, so the key is a secret no more',
      ),
    ]
  );
