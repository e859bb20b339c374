/**
 * Taking a CA over: what is looked at before it is kept, and what stays valid.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AuthorityState,
  createAuthority,
  importCa,
  type ImportedCa,
  nextDue,
  nextStep,
  openAuthority,
  openPolicy,
  publishedOf,
} from '../../../core/authority/mod.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import { type CertType, generateKey, issue, type PrivateKey, verify } from '../../../core/x509/mod.ts';
import { at, later, newKey, NOW, Pair, random, right } from './csr-world.ts';

const own = await right(createAuthority({ commonName: 'Ours' }, at(NOW)));
const root = await right(createAuthority({ commonName: 'Root' }, at(NOW)));

const below = (certType: CertType, key: PrivateKey, days = 1000, issuer = root) =>
  right(issue({ certType, commonName: 'Below', sans: [], holder: { key } }, issuer, {
    notBefore: NOW,
    notAfter: later(days),
    random,
  }));

const faultOf = async (imported: ImportedCa, now = NOW): Promise<string> => {
  const taken = await importCa(own, imported, 30, at(now))();
  return taken._tag === 'Right' ? 'taken' : taken.left.code;
};

describe('importCa()', () => {
  it("takes nothing that cannot sign, is not its key's, ends nowhere or has ended", async () => {
    const key = await newKey();
    const [certificate, server] = [await below('intermediate', key), await below('server', key)];
    const chain = root.certificate;
    assert.equal(await faultOf({ certificate, chain, key }), 'taken');
    assert.equal(await faultOf({ certificate, chain: `${own.certificate}\n${chain}`, key }), 'taken');
    assert.equal(await faultOf({ certificate: server, chain, key }), 'issuer-not-a-ca');
    assert.equal(await faultOf({ certificate, chain, key: await newKey() }), 'key-mismatch');
    assert.equal(await faultOf({ certificate, chain }), 'key-mismatch', 'the key that is kept is another');
    assert.equal(await faultOf({ certificate, chain: '', key }), 'path-broken');
    assert.equal(await faultOf({ certificate, chain: own.certificate, key }), 'path-broken');
    assert.equal(await faultOf({ certificate, chain: 'None', key }), 'chain-unreadable');
    assert.equal(await faultOf({ certificate: 'None', chain, key }), 'issuer-unreadable');
    assert.equal(await faultOf({ certificate, chain, key }, later(1001)), 'expired');
    assert.equal(await faultOf({ certificate, chain, key }, later(-1)), 'not-yet-valid');
    assert.equal((await importCa(null, { certificate, chain }, 30, at(NOW))())._tag, 'Left');
  });

  it('keeps the key out of what it says', async () => {
    const key = await newKey();
    const taken = await importCa(own, { certificate: root.certificate, chain: '', key }, 30, at(NOW))();
    assert.ok(taken._tag === 'Left' && !JSON.stringify(taken.left).includes('PRIVATE'));
  });

  it('has the former CA trusted for an overlap, and both lead to what is issued then', async () => {
    const key = await newKey();
    const taken = await right(
      importCa(own, { certificate: await below('intermediate', key), chain: root.certificate, key }, 30, at(NOW)),
    );
    const again = decodeWith(AuthorityState)(JSON.parse(JSON.stringify(taken)));
    assert.ok(again._tag === 'Right');
    const { issuer, state } = await right(openAuthority(again.right));
    assert.equal(state.key, key);
    const { ca, chain } = publishedOf(state, NOW);
    assert.equal(ca.match(/BEGIN/g)?.length, 2);
    const holder = { key: await right(generateKey()) };
    const leaf = await right(issue({ certType: 'server', commonName: 'web', sans: [], holder }, issuer, {
      notBefore: NOW,
      notAfter: later(10),
      random,
    }));
    for (const trusted of [root.certificate, own.certificate]) {
      assert.equal((await verify({ certificate: leaf, chain, ca: trusted, purpose: 'server' })())._tag, 'Right');
    }
    // Nobody but its operator replaces a CA that another one signed.
    assert.ok((nextStep(await right(openAuthority(taken)), openPolicy, NOW) ?? '') < '2027-03-01');
    const later2 = later(900);
    assert.equal(nextStep(await right(openAuthority(taken)), openPolicy, later2), null);
  });

  it('begins with a root of somebody else where nothing is kept', async () => {
    const { certificate, key } = root;
    const taken = await right(importCa(null, { certificate, chain: '', key }, 30, at(NOW)));
    assert.deepEqual([taken.above, taken.retired, taken.made], [[], [], 1]);
  });

  it('tells when something is due: the next step of a CA, or the end of a certificate', async () => {
    const pair = (await Pair.make({ days: 3650 })).asks([{ certType: 'server', commonName: 'web' }]);
    await pair.rest();
    const authority = await right(openAuthority(pair.state));
    assert.equal(nextDue(authority, openPolicy, pair.view(), NOW), later(90).toISOString().replace('.000', ''));
    assert.equal(nextDue(authority, openPolicy, { requests: [] }, NOW)?.slice(0, 4), '2035');
  });
});
