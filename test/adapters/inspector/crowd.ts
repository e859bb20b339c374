/**
 * A unit with many certificates, not all of them well: what the page has to be quick and clear with.
 *
 * @module
 */
import { generateKey, issue, issueRoot } from '../../../core/x509/mod.ts';
import { right } from '../../core/x509/cases.ts';
import { answers, documentOf, relation } from '../../world.ts';

const DAY = 86_400_000;

/** The present of the document. */
export const PRESENT = new Date('2026-11-25T09:00:00Z');

const daysFrom = (days: number): Date => new Date(PRESENT.getTime() + days * DAY);

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/** What is the matter with every so many-th certificate. */
const lifeOf = (i: number): readonly [from: number, to: number] =>
  i % 17 === 3
    ? [-400, -2 - (i % 30)]
    : i % 11 === 5
    ? [-350, 3 + (i % 20)]
    : [-20 - (i % 200), 100 + ((i * 37) % 260)];

const hostOf = (i: number): string => `${['api', 'db', 'cache', 'queue', 'web'][i % 5] ?? ''}-${i}.prod.example`;

/** An input document with so many certificates: some expired, some about to, some without a name, some not there. */
export const crowd = async (count: number): Promise<Readonly<Record<string, unknown>>> => {
  const [caKey, key] = [right(await generateKey('P-256')()), right(await generateKey('P-256')())];
  const ca = right(
    await issueRoot({ commonName: 'Example CA', key: caKey }, {
      notBefore: daysFrom(-500),
      notAfter: daysFrom(3_000),
      random,
    })(),
  );
  const answered: Record<string, { readonly cert: string; readonly key: string }> = {};
  for (let i = 0; i < count; i++) {
    if (i % 23 === 7) continue;
    // Beyond a hundred they repeat, under other names: making a thousand takes longer than looking at them.
    const made = answered[hostOf(i % 100)];
    if (made !== undefined) {
      answered[hostOf(i)] = made;
      continue;
    }
    const [from, to] = lifeOf(i);
    const cert = right(
      await issue(
        {
          certType: 'server',
          commonName: hostOf(i),
          sans: i % 29 === 4 ? [] : [`10.0.${i >> 8}.${i & 255}`],
          holder: { key },
        },
        { certificate: ca, key: caKey },
        { notBefore: daysFrom(from), notAfter: daysFrom(to), random },
      )(),
    );
    answered[hostOf(i)] = { cert, key };
  }
  const asked = Array.from({ length: count }, (_, i) => [hostOf(i), { sans: [`10.0.${i >> 8}.${i & 255}`] }]);
  return documentOf({
    ...{ now: PRESENT.toISOString() },
    relations: [relation({
      localUnitData: { unit_name: 'web_0', cert_requests: JSON.stringify(Object.fromEntries(asked)) },
      remoteUnits: { 'easyrsa/0': { ca, ...answers(answered) } },
    })],
  });
};
