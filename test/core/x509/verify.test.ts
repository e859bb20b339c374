/**
 * Verifying: the documents of test/real, what no bit may be changed in, and inputs that are made to take long.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type CertType, verify } from '../../../core/x509/mod.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { issueAll, verdictOf } from './cases.ts';
import * as f from './forge.ts';

interface Unit {
  readonly now: Date;
  readonly data: Readonly<Record<string, string>>;
}

const unitOf = (file: string): Unit => {
  const { snapshot } = JSON.parse(readFileSync(new URL(`../../real/${file}.json`, import.meta.url), 'utf8'));
  return {
    now: new Date(snapshot.now),
    data: Object.values<Record<string, string>>(snapshot.relations[0].remoteUnits)[0] ?? {},
  };
};

/** Every certificate that a unit published, with the kind it was asked for as. */
const published = ({ data }: Unit): ReadonlyArray<readonly [string, CertType]> =>
  Object.entries(data).flatMap(([key, value]): ReadonlyArray<readonly [string, CertType]> => {
    const kind = key.includes('client') ? 'client' : 'server';
    if (key.endsWith('.cert')) return [[value, kind]];
    if (!key.includes('processed')) return [];
    return Object.values<{ cert: string }>(JSON.parse(value)).map(({ cert }) => [cert, kind] as const);
  });

const verdictsOn = (file: string): Promise<ReadonlyArray<string>> => {
  const unit = unitOf(file);
  const { ca = '', chain } = unit.data;
  return Promise.all(
    published(unit).map(([certificate, purpose]) =>
      verdictOf({ certificate, ...(chain === undefined ? {} : { chain }), ca, now: unit.now, purpose })
    ),
  );
};

const CA = [f.basic(true), f.usage(0x06)];
const NOW = new Date('2027-01-01T00:00:00Z');

/** A mesh: so many CAs, each certified by each, and none by the root. */
const mesh = async (size: number): Promise<ReadonlyArray<f.Der>> => {
  const cas = await Promise.all(
    Array.from({ length: size }, async (_, i) => ({ subject: f.name(`CA ${i}`), keys: await f.newKeys() })),
  );
  return Promise.all(
    cas.flatMap((ca) => cas.filter((other) => other !== ca).map((issuer) => f.make({ ...ca, issuer, extensions: CA }))),
  );
};

const self = async (name: string, extensions: ReadonlyArray<f.Der> = CA) => {
  const signer = { subject: f.name(name), keys: await f.newKeys() };
  return { signer, der: await f.make({ ...signer, issuer: signer, extensions }) };
};

/** Milliseconds of the processor that a verification took, and what came of it. */
const timed = async (input: Parameters<typeof verify>[0]): Promise<readonly [string, number]> => {
  const before = process.cpuUsage();
  const verdict = await verdictOf(input);
  const { user, system } = process.cpuUsage(before);
  return [verdict, (user + system) / 1_000];
};

describe('verifying', () => {
  let good: Awaited<ReturnType<typeof issueAll>>;

  /** Whether a search that was given up took no longer than a thousand that come to an end; without bounds it takes years. */
  const assertSoon = async (took: number): Promise<void> => {
    let usual = Infinity;
    for (let run = 0; run < 5; run++) {
      const [, once] = await timed({ certificate: good.certificate, chain: good.middle, ca: good.root, now: NOW });
      usual = Math.min(usual, once);
    }
    assert.ok(took < 1_000 * usual, `${took} ms, and ${usual} ms for a short path`);
  };

  before(async () => {
    good = await issueAll('P-256', 'server');
  });

  it('verify() finds no fault in what EasyRSA answered', async () => {
    assert.deepEqual(await verdictsOn('easyrsa-answered'), ['ok 2', 'ok 2', 'ok 2', 'ok 2']);
  });

  it('verify() finds no fault in what Vault answered', async () => {
    assert.deepEqual(await verdictsOn('vault-intermediate'), ['ok 3', 'ok 3']);
  });

  it('verify() finds exactly the fault of each trouble that is its business', async () => {
    assert.deepEqual(await verdictsOn('trouble-expired'), ['expired@0']);
    assert.deepEqual(await verdictsOn('trouble-wrong-ca'), ['issuer-not-found@0']);
    assert.deepEqual(await verdictsOn('trouble-missing-sans'), ['ok 3']);
  });

  it('verify() tells the path that came closest, with a description at each place', async () => {
    const { data: { ca = '', chain = '' }, now } = unitOf('trouble-expired');
    const certificate = published(unitOf('trouble-expired'))[0]?.[0] ?? '';
    const result = await verify({ certificate, chain, ca, now })();
    assert.ok(result._tag === 'Left');
    assert.deepEqual(result.left.reasons, [{ code: 'expired', at: 0, about: '2025-01-01T00:00:00Z' }]);
    assert.deepEqual(result.left.path.map(({ subject }) => subject.text), [
      'CN=keystone.internal',
      'CN=Vault Intermediate',
      'CN=Vault Root Certificate Authority (charm-pki-local)',
    ]);
  });

  it('verify() refuses each path of which a bit was flipped', { timeout: 300_000 }, async () => {
    const ders = [good.certificate, good.middle, good.root].map((text) =>
      readPem(text).blocks[0]?.bytes ?? new Uint8Array()
    );
    const whole = (changed: ReadonlyArray<Uint8Array>) => ({
      certificate: f.pem(...changed.slice(0, 1)),
      chain: f.pem(...changed.slice(1, 2)),
      ca: f.pem(...changed.slice(2)),
    });
    assert.equal(await verdictOf(whole(ders)), 'ok 3');
    const bit = fc.record({
      which: fc.nat(2),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(bit, async ({ which, at, bit }) => {
        const changed = ders.map((der, i) => {
          const place = Math.floor(at * der.length);
          return i === which ? der.with(place, (der[place] ?? 0) ^ (1 << bit)) : der;
        });
        assert.doesNotMatch(await verdictOf(whole(changed)), /^ok/);
      }),
      runs(500),
    );
  });

  it('verify() gives the same verdict however the chain is arranged', { timeout: 300_000 }, async () => {
    const other = await issueAll('P-256', 'client');
    const parts = [good.middle, good.root, good.certificate, good.middle, other.middle, other.root, 'a note\n', '\r\n'];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: parts.length }), async (chain) => {
        assert.equal(
          await verdictOf({ certificate: good.certificate, chain: chain.join(''), ca: good.root, now: NOW }),
          'ok 3',
        );
      }),
      runs(30),
    );
  });

  it('verify() never throws on hostile text, wherever it stands', { timeout: 300_000 }, async () => {
    const { certificate, middle: chain, root: ca } = good;
    for (const text of HOSTILE) {
      for (
        const input of [{ certificate: text, chain, ca }, { certificate, chain: text, ca }, {
          certificate,
          chain,
          ca: text,
        }]
      ) {
        assert.doesNotMatch(await verdictOf(input), /^ok|threw/);
      }
    }
  });

  it('verify() ends soon in a mesh of CAs that certify each other', { timeout: 300_000 }, async () => {
    const ders = await mesh(9);
    const root = await self('Root');
    const [verdict, took] = await timed({
      certificate: f.pem(...ders.slice(0, 1)),
      chain: f.pem(...ders),
      ca: f.pem(root.der),
      now: NOW,
    });
    assert.match(verdict, /too-much-work/);
    await assertSoon(took);
  });

  it('verify() finds its way through a dense mesh of CAs, whichever of them the root has certified', async () => {
    const size = 12;
    const root = await self('Root');
    const cas = await Promise.all(
      Array.from({ length: size }, async (_, i) => ({ subject: f.name(`CA ${i}`), keys: await f.newKeys() })),
    );
    const each = await Promise.all(
      cas.flatMap((ca) =>
        cas.filter((other) => other !== ca).map((issuer) => f.make({ ...ca, issuer, extensions: CA }))
      ),
    );
    for (const [from, to] of [[0, size - 1], [size - 1, 0], [3, 3]] as const) {
      const [issuer, certified] = [cas[from], cas[to]];
      assert.ok(issuer !== undefined && certified !== undefined);
      const way = await f.make({ ...certified, issuer: root.signer, extensions: CA });
      const leaf = await f.make({ subject: f.name('Leaf'), keys: await f.newKeys(), issuer });
      for (const chain of [[...each, way], [way, ...each]]) {
        const verdict = await verdictOf({ certificate: leaf, chain: f.pem(...chain), ca: root.der, now: NOW });
        assert.equal(verdict, from === to ? 'ok 3' : 'ok 4');
      }
    }
  });

  it('verify() tries a trusted CA before others of the same name', async () => {
    const root = await self('Root');
    const strangers = await Promise.all(Array.from({ length: 150 }, () => self('Root')));
    const leaf = await f.make({ subject: f.name('Leaf'), keys: await f.newKeys(), issuer: root.signer });
    const chain = f.pem(...strangers.map(({ der }) => der));
    assert.equal(await verdictOf({ certificate: leaf, chain, ca: root.der, now: NOW }), 'ok 2');
  });

  it('verify() ends soon among many of the same name', { timeout: 300_000 }, async () => {
    const { signer: issuer } = await self('Same');
    const same = await Promise.all(Array.from({ length: 250 }, () => self('Same')));
    const certificate = f.pem(await f.make({ subject: f.name('Leaf'), keys: issuer.keys, issuer }));
    const [verdict, took] = await timed({ certificate, ca: f.pem(...same.map(({ der }) => der)), now: NOW });
    assert.match(verdict, /too-much-work/);
    await assertSoon(took);
  });

  it('verify() ends soon on ten thousand certificates', { timeout: 300_000 }, async () => {
    const root = await self('Root');
    const chain = `${f.pem(root.der)}`.repeat(10_000);
    const [verdict, took] = await timed({
      certificate: good.certificate,
      chain: chain + good.middle,
      ca: good.root,
      now: NOW,
    });
    assert.equal(verdict, 'ok 3');
    await assertSoon(took);
  });

  it('verify() refuses rather than compare without end', { timeout: 300_000 }, async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `dns:a${i}.example.com`);
    const { signer, der } = await self('Root', [...CA, f.constraints(many, many)]);
    const leaf = await f.make({
      subject: f.name('Leaf'),
      keys: await f.newKeys(),
      issuer: signer,
      extensions: [f.sans(...many)],
    });
    const [verdict, took] = await timed({ certificate: f.pem(leaf), ca: f.pem(der), now: NOW });
    assert.equal(verdict, 'too-many-names@1');
    await assertSoon(took);
  });

  it('verify() compares no longer than it searches', { timeout: 300_000 }, async () => {
    for (
      const [constraint, name] of [[
        'ip:fd00000000000000000000000000000fffffffffffffffffffffffffffffffff',
        'ip:fd000000000000000000000000000007',
      ], ['dns:b.example.com', 'dns:a.example.com']] as const
    ) {
      const { signer, der } = await self('Root', [
        ...CA,
        f.constraints([], Array.from({ length: 490 }, () => constraint)),
      ]);
      const extensions = [f.sans(...Array.from({ length: 490 }, () => name))];
      const leaf = await f.make({ subject: f.name('Leaf'), keys: await f.newKeys(), issuer: signer, extensions });
      const [verdict, took] = await timed({ certificate: f.pem(leaf), ca: f.pem(der), now: NOW });
      assert.equal(verdict, 'ok 2');
      await assertSoon(took);
    }
  });
});
