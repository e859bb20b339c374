/**
 * The cases that have to come out right (docs/any-protocol.md), in a model: who meets whom, and what comes of it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Model } from '../../../adapters/memory/mod.ts';
import { csrRequires } from '../../../core/csr/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { requires } from '../../../mod.ts';
import { publicHalf, publicKeyOf } from '../bridge/world.ts';
import { anyView, APPLICATION, CLIENT, EVERY, keysIn, published, related, rest, SERVER } from './world.ts';

const [HERE, THERE] = ['certificates:0', 'clients:0'];
const REQUIRER_FORM = ['cert_requests', 'client_cert_requests', 'application_cert_requests', 'common_name', 'sans'];

const deliveredTo = (juju: Model, unit = 'web/0') =>
  anyView(juju, unit).deliveries.map(({ request: { certType }, protocol }) => `${certType} ${protocol}`);

const commonNameOf = (pem: string): string | undefined =>
  textsOnce().certificate(pem)?.certificate.subject.attributes.find(({ type }) => type === 'CN')?.value;

/** By CSR, with nothing left of the other form, and no key anywhere. */
const isByCsr = (juju: Model, kinds: ReadonlyArray<string>): void => {
  assert.deepEqual(deliveredTo(juju), kinds.map((kind) => `${kind} csr`));
  assert.deepEqual(anyView(juju).protocols, { [HERE]: 'csr' });
  for (const [unit, id] of [['web/0', HERE], ['ca/0', THERE]] as const) {
    assert.doesNotMatch(published(juju, unit, id), /PRIVATE KEY/);
  }
  assert.deepEqual(keysIn(juju, 'web/0', HERE).filter((key) => REQUIRER_FORM.includes(key)), []);
};

const kindsOf = EVERY.map(({ certType }) => certType);

describe('both protocols on one endpoint', () => {
  it('1: gets certificates by name from a reactive provider, and no CSR is left', async () => {
    const juju = await related({ web: 'any', ca: 'reactive' }, EVERY);
    await rest(juju);
    assert.deepEqual(deliveredTo(juju), kindsOf.map((kind) => `${kind} reactive`));
    assert.doesNotMatch(published(juju, 'web/0', HERE), /CERTIFICATE REQUEST/);
    const [first] = anyView(juju).deliveries;
    assert.ok(first !== undefined && first.key !== null && 'sent' in first.key);
    assert.equal(commonNameOf(first.certificate), 'web-0.example');
    assert.ok(juju.unit('web/0')?.flags.some((flag) => flag === 'certificates.client.cert.available'));
  });

  it('2: gets certificates by CSR from a provider of charmlibs, and no key is in any databag', async () => {
    const juju = await related({ web: 'any', ca: 'csr' }, EVERY);
    await rest(juju);
    isByCsr(juju, kindsOf);
    assert.deepEqual(
      anyView(juju).deliveries.map(({ key }) => key),
      kindsOf.map((kind) => ({ kept: kind === 'application' ? 'of the application' : 'of the unit' })),
    );
  });

  it('3: speaks CSR with its like', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const juju = await related({ web: 'any', ca: 'any' }, EVERY, { seed, cas: 2 });
      await rest(juju);
      isByCsr(juju, kindsOf);
      assert.doesNotMatch(published(juju, 'ca/1', THERE), /PRIVATE KEY/);
      const { capabilities } = juju.unit('ca/0')?.databag(THERE, 'application') ?? {};
      assert.ok(capabilities !== undefined);
    }
  });

  it('4: serves reactive requirers as EasyRSA does: the CA before they ask, the shared pair, answers by unit name', async () => {
    const juju = await related({ web: 'silent', ca: 'any' }, EVERY);
    await rest(juju);
    assert.match(juju.unit('ca/0')?.databag(THERE)?.['ca'] ?? '', /BEGIN CERTIFICATE/);
    await juju.configure('web', { speaks: 'reactive', requests: JSON.stringify(EVERY) });
    await rest(juju);
    const bag = juju.unit('ca/0')?.databag(THERE) ?? {};
    assert.match(bag['client.key'] ?? '', /PRIVATE KEY/);
    assert.match(bag['web_0.server.key'] ?? '', /PRIVATE KEY/);
    const view = juju.unit('web/0')?.outcome(requires, 'certificates')?.view;
    assert.equal(view?.serverCerts.length, 2);
    assert.deepEqual([view?.clientCerts.length, view?.applicationCerts.length, view?.intermediateCerts.length], [
      1,
      1,
      1,
    ]);
    assert.ok(view?.globalClientCert !== null);
  });

  it('4: another unit of the provider publishes the same CA and pair, and answers nothing', async () => {
    const juju = await related({ web: 'reactive', ca: 'any' }, EVERY, { cas: 2 });
    await rest(juju);
    const [leader, other] = [juju.unit('ca/0')?.databag(THERE) ?? {}, juju.unit('ca/1')?.databag(THERE) ?? {}];
    assert.deepEqual(
      keysIn(juju, 'ca/1', THERE).map((key) => [key, other[key]]),
      ['ca', 'chain', 'client.cert', 'client.key'].filter((key) => leader[key] !== undefined).map((
        key,
      ) => [key, leader[key]]),
    );
    await juju.setLeader('ca/1');
    // Juju tells nobody that he leads no more.
    await juju.wake('ca/0', 'update-status');
    await rest(juju);
    assert.deepEqual(keysIn(juju, 'ca/0', THERE).filter((key) => key.startsWith('web_0')), []);
    assert.match(juju.unit('ca/1')?.databag(THERE)?.['web_0.server.key'] ?? '', /PRIVATE KEY/);
    assert.equal(juju.unit('web/0')?.outcome(requires, 'certificates')?.view.serverCerts.length, 2);
  });

  it('5: serves requirers of charmlibs, of units and of the application, and keeps their certificates when its leader changes', async () => {
    const juju = await related({ web: 'csr', ca: 'any' }, EVERY, { units: 2, cas: 2 });
    await rest(juju);
    const seen = () => ['web/0', 'web/1'].map((unit) => juju.unit(unit)?.outcome(csrRequires, 'certificates')?.view);
    const certificates = () => seen().flatMap((view) => (view?.requests ?? []).map(({ certificate }) => certificate));
    const before = certificates();
    assert.equal(before.filter((certificate) => certificate !== null).length, 2 * EVERY.length);
    assert.ok(seen().every((view) => view?.capabilities?.providerType !== undefined));
    for (const unit of ['ca/0', 'ca/1']) assert.doesNotMatch(published(juju, unit, THERE), /PRIVATE KEY/);
    await juju.setLeader('ca/1');
    await rest(juju);
    assert.deepEqual(certificates(), before);
  });

  it('5: a refusal reaches the requirer in the form in which it was asked', async () => {
    const juju = await related({ web: 'any', ca: 'any' }, [SERVER, CLIENT]);
    await juju.configure('ca', { speaks: 'any', refuses: true });
    await rest(juju);
    assert.deepEqual(anyView(juju).waiting.map(({ denied }) => typeof denied?.code), ['number', 'number']);
    assert.ok(juju.unit('web/0')?.flags.some((flag) => flag === 'certificates.certs.denied'));

    const byName = await related({ web: 'reactive', ca: 'any' }, [SERVER]);
    await byName.configure('ca', { speaks: 'any', refuses: true });
    await rest(byName);
    const refused = byName.log().entries.flatMap((entry) =>
      'ran' in entry ? entry.ran.findings.filter(({ code }) => code === 'request-refused') : []
    );
    assert.ok(refused.length > 0);
    assert.doesNotMatch(published(byName, 'ca/0', THERE), /web_0/);
  });

  it('6: asks a silent provider in both forms, says since when it waits, and settles at the first word', async () => {
    for (const speaks of ['reactive', 'csr', 'any']) {
      const juju = await related({ web: 'any', ca: 'silent' }, [SERVER, APPLICATION]);
      await rest(juju);
      const asked = published(juju, 'web/0', HERE);
      assert.match(asked, /CERTIFICATE REQUEST/);
      assert.match(asked, /common_name/);
      await juju.advance(3 * 86_400);
      await juju.wake('web/0', 'update-status');
      await rest(juju);
      const { waiting, protocols } = anyView(juju);
      assert.deepEqual(protocols, { [HERE]: 'unknown' });
      assert.deepEqual(waiting.map(({ protocol }) => protocol), ['unknown', 'unknown']);
      assert.ok(waiting.every(({ since }) => since?.startsWith('2026-01-01T')));
      assert.equal(published(juju, 'web/0', HERE), asked);
      await juju.configure('ca', { speaks });
      await rest(juju);
      assert.deepEqual(
        deliveredTo(juju).map((one) => one.split(' ')[1]),
        Array(2).fill(speaks === 'reactive' ? speaks : 'csr'),
      );
    }
  });

  it('7: writes not a byte when it takes the place of a charm on charmlibs', async () => {
    const juju = await related({ web: 'csr', ca: 'csr' }, EVERY, { units: 2 });
    await rest(juju);
    const bags = () => [published(juju, 'web/0', HERE), published(juju, 'web/1', HERE), published(juju, 'ca/0', THERE)];
    const before = bags();
    await juju.configure('web', { speaks: 'any', requests: JSON.stringify(EVERY) });
    await rest(juju);
    assert.deepEqual(bags(), before);
    assert.deepEqual(deliveredTo(juju), kindsOf.map((kind) => `${kind} csr`));
    assert.deepEqual(deliveredTo(juju, 'web/1'), kindsOf.map((kind) => `${kind} csr`));
    await juju.configure('web', { speaks: 'csr', requests: JSON.stringify(EVERY) });
    await rest(juju);
    assert.deepEqual(bags(), before, 'and back again');
  });

  it('8: changes no request and has nothing reissued when it takes the place of a reactive charm', async () => {
    const juju = await related({ web: 'reactive', ca: 'reactive' }, EVERY, { units: 2 });
    await rest(juju);
    const bags = () => [published(juju, 'web/0', HERE), published(juju, 'web/1', HERE), published(juju, 'ca/0', THERE)];
    const before = bags();
    await juju.configure('web', { speaks: 'any', requests: JSON.stringify(EVERY) });
    await rest(juju);
    assert.deepEqual(bags(), before);
    assert.deepEqual(deliveredTo(juju), kindsOf.map((kind) => `${kind} reactive`));
  });

  it('9: with a bridge, a reactive requirer gets every kind from a provider of charmlibs, with a key for each request', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const juju = await related({ web: 'reactive', ca: 'csr' }, EVERY, { units: 2, bridges: 2, seed });
      await rest(juju);
      const sent = ['web/0', 'web/1'].flatMap((unit) => {
        const view = juju.unit(unit)?.outcome(requires, 'certificates')?.view ?? assert.fail(unit);
        const { serverCerts, clientCerts, applicationCerts, intermediateCerts } = view;
        assert.deepEqual([serverCerts, clientCerts, applicationCerts, intermediateCerts].map(({ length }) => length), [
          2,
          1,
          1,
          1,
        ]);
        return [...serverCerts, ...clientCerts, ...applicationCerts, ...intermediateCerts];
      });
      // Both units share the application's.
      assert.equal(new Set(sent.map(({ key }) => key)).size, 2 * EVERY.length - 1, 'no key is shared');
      for (const { cert, key } of sent) assert.equal(publicKeyOf(cert), await publicHalf(key));
      // Above there is no key anywhere, and the bridge asks as its application.
      for (const unit of ['bridge/0', 'bridge/1']) {
        assert.doesNotMatch(published(juju, unit, 'certificates:1'), /PRIVATE KEY/);
      }
      assert.doesNotMatch(published(juju, 'ca/0', 'clients:1'), /PRIVATE KEY/);
      const before = published(juju, 'bridge/0', THERE);
      for (const unit of ['bridge/0', 'bridge/1', 'ca/0', 'web/0', 'web/1']) await juju.wake(unit, 'update-status');
      await rest(juju);
      assert.equal(published(juju, 'bridge/0', THERE), before, 'and nothing is issued again');
    }
  });

  it('10: asks one of two providers, and knows what each of them speaks', async () => {
    const juju = await related({ web: 'any', ca: 'reactive' }, [SERVER]);
    await rest(juju);
    await juju.deploy('other', 1, { speaks: 'any' });
    await juju.integrate('web:certificates', 'other:clients');
    await rest(juju);
    const { protocols, deliveries } = anyView(juju);
    assert.deepEqual(protocols, { 'certificates:0': 'reactive', 'certificates:1': 'csr' });
    assert.deepEqual(deliveries.map(({ relationId }) => relationId), ['certificates:0']);
    assert.deepEqual(keysIn(juju, 'web/0', 'certificates:1'), []);
  });

  it('11: asks in the new form when its provider is replaced by one of the other kind', async () => {
    for (
      const [from, to] of [['reactive', 'csr'], ['csr', 'reactive'], ['reactive', 'any'], ['any', 'reactive']] as const
    ) {
      const juju = await related({ web: 'any', ca: from }, [SERVER, CLIENT]);
      await rest(juju);
      const before = anyView(juju).deliveries.map(({ certificate }) => certificate);
      await juju.deploy('other', 1, { speaks: to, second: true });
      await juju.integrate('web:certificates', 'other:clients');
      await rest(juju);
      assert.deepEqual(anyView(juju).deliveries.map(({ certificate }) => certificate), before, 'while both are there');
      await juju.removeRelation('certificates:0');
      await rest(juju);
      const { deliveries, protocols } = anyView(juju);
      assert.deepEqual(protocols, { 'certificates:1': to === 'reactive' ? 'reactive' : 'csr' });
      assert.equal(deliveries.filter(({ certificate }) => !before.includes(certificate)).length, 2);
    }
  });

  it('11: keeps what is delivered while a provider goes over to the other protocol, and is delivered once', async () => {
    const juju = await related({ web: 'any', ca: 'reactive' }, [SERVER, CLIENT]);
    await rest(juju);
    const before = anyView(juju).deliveries.map(({ certificate }) => certificate);
    await juju.configure('ca', { speaks: 'any' });
    let [steps, changes] = [0, 0];
    for (let last = before; await juju.step() !== null; steps++) {
      const now = anyView(juju).deliveries.map(({ certificate }) => certificate);
      assert.equal(now.length, 2, 'a certificate is there at every moment');
      if (now.join() !== last.join()) changes += 1;
      last = now;
    }
    assert.ok(steps > 0);
    assert.equal(changes, 1);
    isByCsr(juju, ['server', 'client']);
  });
});
