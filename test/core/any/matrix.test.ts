/**
 * Who works with whom: every requirer and provider that runs in the model, with every kind that it can ask for, and what happens to them. The
 * page docs/what-works-with-what.md says what is found here; test/peers/matrix.test.ts finds the rest.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Model } from '../../../adapters/memory/mod.ts';
import { anyRequires } from '../../../core/any/mod.ts';
import { csrRequires } from '../../../core/csr/mod.ts';
import { describe as describeCertificate } from '../../../core/x509/mod.ts';
import { requires } from '../../../mod.ts';
import { type Found, isInTable, nothingFor, PROVIDERS, REQUIRERS, rows } from '../../matrix.ts';
import { opsReads } from './ops-library.ts';
import { EVERY, related, rest, type Wanted } from './world.ts';

/** Who meets: each speaks one thing, and there may be a bridge between them. */
interface Meeting {
  readonly web: 'any' | 'reactive' | 'csr' | 'ops';
  readonly ca: 'any' | 'reactive' | 'csr';
  readonly bridges: 0 | 2;
}

const [HERE, THERE] = ['certificates:0', 'clients:0'];
const NAME = 'www.example';
const WHY_NOT = 'nothing: [whose key?](#requirers-by-csr-and-providers-by-name)';

/** What is asked for. The ops library has no word for a certificate of the application. */
const wantedBy = ({ web }: Meeting): ReadonlyArray<Wanted> =>
  EVERY.filter(({ certType }) => web !== 'ops' || certType !== 'application');

/** What a unit has: certificates by kind and common name. */
const hasIn = (juju: Model, { web, bridges }: Meeting, unit: string): ReadonlyMap<string, string> => {
  const here = juju.unit(unit) ?? assert.fail(`there is no ${unit}`);
  const [id = HERE] = here.relationIds;
  if (web === 'ops') {
    const provider = bridges > 0 ? 'bridge' : 'ca';
    return opsReads(juju, unit, [`${provider}/0`, `${provider}/1`], id, id.replace('certificates', 'clients'));
  }
  const found = new Map<string, string>();
  const add = (certType: string, commonName: string, certificate: string | null): void => {
    // By name, an application's certificate has no common name.
    const name = certType === 'application' ? '' : commonName;
    if (certificate !== null) found.set(`${certType} ${name}`.trim(), certificate);
  };
  if (web === 'any') {
    for (const { request, certificate } of here.outcome(anyRequires, 'certificates')?.view.deliveries ?? []) {
      add(request.certType, request.commonName, certificate);
    }
  } else if (web === 'csr') {
    for (const { request, certificate } of here.outcome(csrRequires, 'certificates')?.view.requests ?? []) {
      add(request.certType, request.commonName, certificate);
    }
  } else {
    const view = here.outcome(requires, 'certificates')?.view ?? assert.fail('nothing is decided');
    for (const { commonName, cert } of view.serverCerts) add('server', commonName, cert);
    for (const { commonName, cert } of view.clientCerts) add('client', commonName, cert);
    for (const { commonName, cert } of view.applicationCerts) add('application', commonName, cert);
    for (const { commonName, cert } of view.intermediateCerts) add('intermediate', commonName, cert);
  }
  return found;
};

/** The units of an application that are there. */
const unitsOf = (juju: Model, name: string): ReadonlyArray<string> =>
  Object.keys(juju.state().units).filter((unit) => unit.startsWith(`${name}/`)).sort();

/** All that a provider's units and their application publish to the requirer. */
const publishedIn = (juju: Model, { bridges }: Meeting, id = THERE): string => {
  const name = bridges > 0 ? 'bridge' : 'ca';
  return JSON.stringify(
    unitsOf(juju, name).flatMap((unit) => [
      juju.unit(unit)?.databag(id),
      juju.unit(unit)?.databag(id, 'application'),
    ]),
  );
};

const keyOf = ({ certType, commonName }: Wanted, unit: string): string =>
  certType === 'application' ? certType : `${certType} ${commonName.replaceAll('{unit}', unit.replace('/', '-'))}`;

/** The kinds that every unit has, in the order in which they are asked for; all that it asked for of each. */
const kindsIn = (juju: Model, meeting: Meeting): ReadonlyArray<string> => {
  const has = (one: Wanted): boolean =>
    unitsOf(juju, 'web').every((unit) => hasIn(juju, meeting, unit).has(keyOf(one, unit)));
  const wanted = wantedBy(meeting);
  return [...new Set(wanted.map(({ certType }) => certType))]
    .filter((kind) => wanted.filter(({ certType }) => certType === kind).every(has));
};

const namesOf = (pem: string | undefined): ReadonlyArray<string> =>
  (describeCertificate(pem ?? '').certificates[0]?.sans ?? []).map(({ value }) => value);
const issuerOf = (pem: string | undefined): string =>
  describeCertificate(pem ?? '').certificates[0]?.issuer.text ?? 'nobody';

const SERVER_KEY = 'server web-1.example';

/** All that `web/1` has, as one text. */
const allOf = (juju: Model, meeting: Meeting): string => JSON.stringify([...hasIn(juju, meeting, 'web/1')].sort());

/** Wakes everybody: Juju tells nobody that he leads no more. */
const wakeAll = async (juju: Model): Promise<void> => {
  for (const unit of Object.keys(juju.state().units)) await juju.wake(unit, 'update-status');
  await rest(juju);
};

/** Lives through it all; what is found, in the words of the page. */
const livesThrough = async (meeting: Meeting): Promise<Found> => {
  const wanted = wantedBy(meeting);
  const web = { speaks: meeting.web };
  const juju = await related({ web: meeting.web, ca: meeting.ca }, wanted, {
    units: 2,
    cas: 2,
    bridges: meeting.bridges,
  });
  await rest(juju);
  const kinds = kindsIn(juju, meeting);
  const bags = publishedIn(juju, meeting);
  const isByCsr = !/PRIVATE KEY/.test(bags);
  if (kinds.length === 0) return nothingFor(WHY_NOT);
  const all = (): string => allOf(juju, meeting);
  const server = (): string | undefined => hasIn(juju, meeting, 'web/1').get(SERVER_KEY);
  const complete = (what: string): void => assert.deepEqual(kindsIn(juju, meeting), kinds, what);

  const more = wanted.map((one) => (one.certType === 'server' ? { ...one, sans: [...one.sans ?? [], NAME] } : one));
  await juju.configure('web', { ...web, requests: JSON.stringify(more) });
  await rest(juju);
  complete('other names');
  const names = namesOf(server()).includes(NAME) ? 'new' : 'as before';

  await juju.configure('ca', { speaks: meeting.ca, rotated: true });
  await rest(juju);
  complete('another CA');
  const byNew = issuerOf(server()) === 'CN=Test CA G2' ? 'new' : 'as before';

  const led: Array<string> = [];
  for (const leader of ['web/1', 'ca/1', ...meeting.bridges > 0 ? ['bridge/1'] : []]) {
    const before = all();
    await juju.setLeader(leader);
    await wakeAll(juju);
    complete(`${leader} leads`);
    led.push(all() === before ? 'kept' : 'new');
  }

  await juju.removeUnit('web/0');
  await rest(juju);
  complete('a unit goes');
  const certificates = JSON.parse(
    juju.unit(meeting.bridges > 0 ? 'bridge/1' : 'ca/1')?.databag(THERE, 'application')?.['certificates'] ?? '[]',
  );
  const isGone = !/web_0\./.test(publishedIn(juju, meeting)) &&
    (!isByCsr || certificates.length === wanted.length);

  await juju.removeRelation(HERE);
  await rest(juju);
  const left = meeting.web === 'ops' ? 0 : hasIn(juju, meeting, 'web/1').size;
  assert.equal(left, 0, 'nothing is delivered without a relation');
  await juju.integrate('web:certificates', meeting.bridges > 0 ? 'bridge:clients' : 'ca:clients');
  await rest(juju);
  const isServedAgain = kindsIn(juju, meeting).join() === kinds.join();
  return {
    spoken: `by ${isByCsr ? 'CSR' : 'name'}${meeting.bridges > 0 ? ', [through a bridge](bridge.md)' : ''}`,
    kinds: kinds.join(', '),
    names,
    ca: byNew,
    leader: led.every((one) => one === 'kept')
      ? 'kept'
      : `${led[0]} / ${led.slice(1).includes('new') ? 'new' : 'kept'}`,
    unit: isGone ? 'withdrawn' : 'left',
    relation: isServedAgain ? 'withdrawn, then new' : 'withdrawn',
  };
};

/** What the page calls them. The reactive layer and charmlibs are named where something of ours stands for them, and the page says so. */
const REQUIRER_NAMES = {
  any: ['any/requires'],
  reactive: ['reactive/requires', 'reactive layer'],
  csr: ['csr/requires'],
  ops: ['ops library'],
} as const;

describe('the matrix of requirers and providers, in the model', () => {
  for (const web of ['any', 'reactive', 'csr', 'ops'] as const) {
    for (const ca of ['any', 'reactive', 'csr'] as const) {
      // A requirer by name and a provider by CSR need somebody between them.
      const bridges = (web === 'reactive' || web === 'ops') && ca === 'csr' ? 2 : 0;
      it(`${REQUIRER_NAMES[web].join(' and ')} with ${ca}/provides: the page says what works`, async () => {
        const found = await livesThrough({ web, ca, bridges });
        for (const name of REQUIRER_NAMES[web]) {
          isInTable(name, `${ca}/provides`, found);
          if (bridges > 0) isInTable(name, 'charmlibs', found);
        }
        if (web === 'csr' && ca === 'reactive') isInTable('charmlibs', 'reactive/provides', found);
      });
    }
  }

  it('csr with reactive/provides and a bridge: it is refused with code 999, and no key is made', async () => {
    const juju = await related({ web: 'csr', ca: 'reactive' }, EVERY, { bridges: 1 });
    await rest(juju);
    const bag = juju.unit('bridge/0')?.databag(THERE, 'application') ?? {};
    const refused: ReadonlyArray<{ readonly error: { readonly code: number } }> = JSON.parse(
      bag['request_errors'] ?? '[]',
    );
    assert.deepEqual(refused.map(({ error: { code } }) => code), EVERY.map(() => 999));
    assert.equal(hasIn(juju, { web: 'csr', ca: 'reactive', bridges: 2 }, 'web/0').size, 0);
    assert.doesNotMatch(publishedIn(juju, { web: 'csr', ca: 'reactive', bridges: 2 }), /PRIVATE KEY/);
  });

  it('has a row for each requirer and provider, and no empty cell', () => {
    assert.deepEqual(
      rows().map(([requirer, provider]) => `${requirer} ${provider}`),
      REQUIRERS.flatMap((requirer) => PROVIDERS.map((provider) => `${requirer} ${provider}`)),
    );
    for (const row of rows()) {
      assert.ok(row.length === 9 && row.every((cell) => cell !== ''), row.join(' | '));
      // Nothing comes of two alone where the one has a key of its own and the other one would make it.
      const cannot = /^(csr|charmlibs)/.test(row[0] ?? '') && row[1] === 'reactive/provides';
      assert.equal(row.includes('–'), cannot, row.join(' | '));
    }
  });
});
