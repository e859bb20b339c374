/**
 * Charms without code that work with both protocols: a requirer with a CA of each kind, and a CA with requirers of each kind. Those that meet
 * their like do so in real hook processes of the present runtime with real tools, the others in this process.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RUNTIME } from '../../command.ts';
import { charmFolder } from '../../juju/charm-folder.ts';
import { charmHere } from '../../juju/charm-here.ts';
import { type CharmCode, type Juju, withJuju } from '../../juju/juju.ts';

type SideOfCa = 'reactive/provides' | 'csr/provides' | 'any/provides';
type SideOfWeb = 'reactive/requires' | 'csr/requires' | 'any/requires';

const ca = (side: SideOfCa): string =>
  [
    `side: ${side}`,
    'endpoint: client',
    'authority: { commonName: Test CA }',
    'policy: { allowedNames: [.example] }',
    'status: true',
    '',
  ].join('\n');

/** Without a side it is `any/requires`. */
const requirer = (folder: string, side: SideOfWeb): string =>
  [
    ...(side === 'any/requires' ? ['keys: P-256'] : [`side: ${side}`]),
    'endpoint: certificates',
    'status: true',
    'requests:',
    '- { certType: server, commonName: "www.{config.domain}", sans: ["www.{config.domain}", "alt.{config.domain}"] }',
    '- { certType: application, commonName: "app.{config.domain}" }',
    'install:',
    ...[['server', 'www'], ['application', 'app']].map(([kind, name]) => {
      const files = ['fullChain', 'key', 'ca'].map((file) => `${file}: "${folder}/${kind}.${file}"`).join(', ');
      return `- { certType: ${kind}, commonName: "${name}.{config.domain}", ${files} }`;
    }),
    '',
  ].join('\n');

const APPLICATIONS = ['ca', 'web'] as const;
const UNITS = ['ca/0', 'ca/1', 'web/0'] as const;

interface Deployed {
  readonly etc: string;
  /** All that is published, by who published it. */
  readonly published: () => Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface DeployedHow {
  readonly domain?: string;
  readonly inProcesses?: boolean;
}

/** One unit that asks, and two of a CA. */
const deployed = async (
  juju: Juju,
  web: SideOfWeb,
  by: SideOfCa,
  { domain = 'example', inProcesses = false }: DeployedHow = {},
): Promise<Deployed> => {
  const etc = join(juju.folder, 'etc');
  mkdirSync(etc);
  const charm = async (name: string, configuration: string): Promise<CharmCode> =>
    inProcesses ? await charmFolder(join(juju.folder, name), configuration) : charmHere(configuration);
  juju.deploy('ca', await charm('ca', ca(by)), { units: 2 });
  juju.deploy('web', await charm('web', requirer(etc, web)), { config: { domain } });
  const relation = juju.relate('ca:client', 'web:certificates');
  await juju.settle();
  return {
    etc,
    published: () =>
      Object.fromEntries([
        ...APPLICATIONS.map((name) => [name, { ...juju.publishedBy(relation, name) }] as const),
        ...UNITS.map((name) => [name, { ...juju.published(relation, name) }] as const),
      ]),
  };
};

const openssl = (...args: ReadonlyArray<string>): string => spawnSync('openssl', args, { encoding: 'utf8' }).stdout;

/** That certificate, key and CA are there, and belong together. */
const isInstalled = (etc: string): void => {
  for (const kind of ['server', 'application']) {
    const [root, chain, key] = ['ca', 'fullChain', 'key'].map((file) => join(etc, `${kind}.${file}`));
    assert.ok(root !== undefined && chain !== undefined && key !== undefined);
    assert.equal(openssl('verify', '-CAfile', root, chain), `${chain}: OK\n`);
    assert.equal(openssl('x509', '-in', chain, '-noout', '-pubkey'), openssl('pkey', '-in', key, '-pubout'));
  }
};

const NO_WRITES = /-(set|add)$/;

/** That hooks in which nothing has happened write nothing. */
const isAtRest = async (juju: Juju): Promise<void> => {
  const before = juju.hooks.length;
  for (const unit of ['web/0', 'ca/0', 'ca/1']) juju.fire(unit, 'update-status');
  await juju.settle();
  const writes = juju.hooks.slice(before).flatMap(({ unit, calls }) =>
    calls.filter(({ tool }) => NO_WRITES.test(tool)).map(({ tool, args }) => [unit, tool, args])
  );
  assert.deepEqual([juju.hooks.length - before, writes], [3, []]);
};

const noFailures = (juju: Juju): void =>
  assert.deepEqual(juju.hooks.filter(({ code, stderr }) => code !== 0 || stderr !== ''), []);

describe(`charms of both protocols on ${RUNTIME}`, () => {
  for (const by of ['csr/provides', 'any/provides'] as const) {
    it(`any/requires with ${by} speaks the CSR protocol, and no key is published`, () =>
      withJuju({}, async (juju) => {
        const { etc, published } = await deployed(juju, 'any/requires', by, { inProcesses: by === 'any/provides' });
        noFailures(juju);
        assert.deepEqual(juju.unit('web/0').status, {
          status: 'active',
          message: 'certificates: ca speaks the CSR protocol (capabilities)',
        });
        isInstalled(etc);
        const bags = published();
        assert.doesNotMatch(JSON.stringify(bags), /PRIVATE KEY/);
        assert.equal(Object.hasOwn(bags['web/0'] ?? {}, 'common_name'), false);
        assert.match(JSON.stringify(bags['web/0']), /CERTIFICATE REQUEST/);
        await isAtRest(juju);
      }));
  }

  it('any/requires with reactive/provides speaks the reactive protocol, and no CSR is left', () =>
    withJuju({}, async (juju) => {
      const { etc, published } = await deployed(juju, 'any/requires', 'reactive/provides');
      noFailures(juju);
      assert.deepEqual(juju.unit('web/0').status, {
        status: 'active',
        message: 'certificates: ca speaks the reactive protocol (ca)',
      });
      isInstalled(etc);
      assert.equal(published()['web/0']?.['common_name'], 'www.example');
      assert.doesNotMatch(JSON.stringify([published()['web'], published()['web/0']]), /CERTIFICATE REQUEST/);
      const shown = await juju.run('web/0', 'get-certificate', { 'cert-type': 'server' });
      const [entry] = JSON.parse(shown.results['certificates'] ?? '[]');
      assert.deepEqual([entry.state, entry.protocol], ['answered', 'reactive']);
      const { failure } = await juju.run('web/0', 'renew-certificate');
      assert.match(failure ?? '', /^there is no provider that takes certificate requests/);
      await isAtRest(juju);
    }));

  for (const web of ['reactive/requires', 'csr/requires'] as const) {
    it(`any/provides answers ${web}`, () =>
      withJuju({}, async (juju) => {
        const { etc, published } = await deployed(juju, web, 'any/provides');
        noFailures(juju);
        assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);
        isInstalled(etc);
        const bags = published();
        const sharesPair = ['ca/0', 'ca/1'].map((unit) => Object.hasOwn(bags[unit] ?? {}, 'client.key'));
        assert.deepEqual(sharesPair, web === 'reactive/requires' ? [true, true] : [false, false]);
        const listed = await juju.run('ca/0', 'get-issued-certificates');
        assert.equal(JSON.parse(listed.results['certificates'] ?? '[]').length, 2);
        await isAtRest(juju);
      }));
  }

  it('a key is replaced and a certificate renewed by CSR while the former ones serve', () =>
    withJuju({}, async (juju) => {
      const { etc } = await deployed(juju, 'any/requires', 'any/provides');
      const keyOf = (): string => readFileSync(join(etc, 'server.key'), 'utf8');
      const certificateOf = (): string => readFileSync(join(etc, 'server.fullChain'), 'utf8');
      const [key, certificate] = [keyOf(), certificateOf()];
      const rotated = await juju.run('web/0', 'rotate-private-key', { owner: 'unit' });
      assert.equal(rotated.failure, null);
      await juju.settle();
      isInstalled(etc);
      const [nextKey, nextCertificate] = [keyOf(), certificateOf()];
      assert.ok(nextKey !== key && nextCertificate !== certificate);
      const renewed = await juju.run('web/0', 'renew-certificate', { 'cert-type': 'server' });
      assert.equal(renewed.failure, null);
      await juju.settle();
      isInstalled(etc);
      assert.ok(keyOf() === nextKey && certificateOf() !== nextCertificate);
      await isAtRest(juju);
    }));

  it('the unit says who refuses, and for how long nobody has answered', () =>
    withJuju({}, async (juju) => {
      await deployed(juju, 'any/requires', 'any/provides', { domain: 'elsewhere' });
      const refused = juju.unit('web/0').status;
      assert.equal(refused.status, 'blocked');
      assert.match(refused.message, /^certificates: www\.elsewhere is refused: 102 domain_not_allowed: /);
      juju.deploy('mute', null);
      juju.deploy('lone', charmHere(requirer(juju.folder, 'any/requires')), { config: { domain: 'example' } });
      juju.relate('mute:client', 'lone:certificates');
      await juju.settle();
      const { status, message } = juju.unit('lone/0').status;
      assert.equal(status, 'waiting');
      assert.match(
        message,
        /^certificates: waiting for 2 of 2 certificates since [-0-9]+ [0-9:]+ UTC: mute has answered in neither protocol$/,
      );
    }));
});
