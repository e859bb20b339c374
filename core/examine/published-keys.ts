/**
 * Private keys where none belongs: in a databag that holds requests or answers to CSRs, everybody on the relation may read them.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { Databag } from '../model/snapshot.ts';
import { finding } from './findings.ts';

/** The words in the first line of every private key in PEM. JSON may write the blank as an escape, which no library does. */
const KEY = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----/;

/** A finding for each value with a private key in it. The key itself is not told. */
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
