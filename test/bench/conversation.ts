/**
 * How long the demonstration's conversation takes with many units and requests, beside the issuing alone: as many certificates, one after
 * the other, with a CA that is opened once. What is beyond that is hooks, decisions, and looking at what was issued before.
 *
 * Each size is run once: the row of the largest is the least certain. Prints one JSON line per size.
 *
 * @module
 */
import { storyOf } from '../../adapters/cli/demo/story.ts';
import { generateKey, issue, issueRoot, openIssuer } from '../../core/x509/mod.ts';

const SIZES = [[3, 4], [20, 20], [200, 20]] as const;

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

const right = async <A>(
  work: () => Promise<{ _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: A }>,
): Promise<A> => {
  const result = await work();
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};

const issuer = async () => {
  const key = await right(generateKey());
  const terms = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01'), random };
  const certificate = await right(issueRoot({ commonName: 'CA', key }, terms));
  return right(openIssuer({ certificate, key }));
};

/** Milliseconds to issue so many certificates. */
const issuing = async (n: number): Promise<number> => {
  const opened = await issuer();
  const terms = { notBefore: new Date('2026-01-01'), notAfter: new Date('2026-04-01'), random };
  const began = performance.now();
  for (let i = 0; i < n; i++) {
    const key = await right(generateKey());
    const wanted = { certType: 'server', commonName: `s${i}.example`, sans: ['10.0.0.7'], holder: { key } } as const;
    await right(issue(wanted, opened, terms));
  }
  return performance.now() - began;
};

for (const [units, requests] of SIZES) {
  let [hooks, certificates] = [0, 0];
  const seen = new Set<string>();
  const story = storyOf({ units, requests, seed: 1, random, onHook: () => hooks++ });
  const began = performance.now();
  for (const { happen } of story.chapters) {
    await happen();
    // A certificate that two hooks publish is issued once.
    for (const { provides } of Object.values(story.model.state().relations)) {
      for (const bag of Object.values(provides.units)) {
        for (const text of Object.values(bag)) {
          for (const [certificate] of text.replaceAll('\\n', '\n').matchAll(/-----BEGIN CERTIFICATE-----[^-]+/g)) {
            seen.add(certificate);
          }
        }
      }
    }
  }
  const whole = performance.now() - began;
  certificates = seen.size;
  console.log(JSON.stringify({ units, requests, hooks, certificates, whole, floor: await issuing(certificates) }));
}
