/**
 * Charms that begin to speak both protocols: what they had stays. And charms with code that do. Their hooks run in this process.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { runHook } from '../../../adapters/charm/run-hook.ts';
import { type CharmFunction, withJuju } from '../../juju/juju.ts';

const PROTOCOLS = ['reactive', 'csr'] as const;

const authorityOf = (side: string): object => ({ side, endpoint: 'client', authority: { commonName: 'Test CA' } });

describe('charms that begin to speak both protocols', () => {
  for (const protocol of PROTOCOLS) {
    it(`a charm of the ${protocol} protocol that becomes any keeps requests, certificate and key`, () =>
      withJuju({}, async (juju) => {
        const etc = join(juju.folder, 'etc');
        mkdirSync(etc);
        const charm = (name: string, configuration: object): CharmFunction => {
          const path = join(juju.folder, `${name}.json`);
          writeFileSync(path, JSON.stringify(configuration));
          return (variables, runTool) =>
            hookCommand(path, { variables, runTool, complain: (line) => assert.fail(line) });
        };
        const web = {
          endpoint: 'certificates',
          status: true,
          requests: ['server', 'client', 'application'].map((certType) => ({
            certType,
            commonName: `${certType}.example`,
          })),
          install: [{
            certType: 'server',
            commonName: 'server.example',
            cert: join(etc, 'cert'),
            key: join(etc, 'key'),
          }],
        };
        juju.deploy('ca', charm('ca', authorityOf(`${protocol}/provides`)));
        juju.deploy('web', charm('web', { side: `${protocol}/requires`, ...web }));
        const relation = juju.relate('ca:client', 'web:certificates');
        await juju.settle();
        const all = () => [
          juju.published(relation, 'web/0'),
          juju.publishedBy(relation, 'web'),
          juju.published(relation, 'ca/0'),
          juju.publishedBy(relation, 'ca'),
          ...['cert', 'key'].map((file) => readFileSync(join(etc, file), 'utf8')),
        ];
        const before = JSON.stringify(all());
        assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);

        juju.upgrade('web', charm('web', web));
        await juju.settle();
        const speaks = `ca speaks the ${protocol === 'csr' ? 'CSR protocol (capabilities)' : 'reactive protocol (ca)'}`;
        assert.deepEqual(juju.unit('web/0').status, { status: 'active', message: `certificates: ${speaks}` });
        assert.equal(JSON.stringify(all()), before);

        // The provider may follow: nobody gets another certificate by that.
        if (protocol === 'reactive') return;
        juju.upgrade('ca', charm('ca', authorityOf('any/provides')));
        await juju.settle();
        assert.equal(JSON.stringify(all().slice(4)), JSON.stringify(JSON.parse(before).slice(4)));
      }));

    it(`runHook() without a side hands a handler the certificate and its key, with a CA of the ${protocol} protocol`, () =>
      withJuju({}, async (juju) => {
        const path = join(juju.folder, 'ca.json');
        writeFileSync(path, JSON.stringify(authorityOf(`${protocol}/provides`)));
        juju.deploy('ca', (variables, runTool) => hookCommand(path, { variables, runTool, complain: assert.fail }));
        const given: Array<readonly [string, string]> = [];
        juju.deploy('web', (variables, runTool) =>
          runHook({
            endpoint: 'certificates',
            requests: [{ certType: 'server', commonName: 'web.example' }],
            keys: 'P-256',
            on: {
              'server.certs.changed': ({ certificates }) => {
                for (const { certificate, key } of certificates) given.push([certificate, key]);
              },
            },
            variables,
            runTool,
            complain: assert.fail,
          }));
        juju.relate('ca:client', 'web:certificates');
        await juju.settle();
        assert.equal(given.length, 1);
        assert.match(given[0]?.[0] ?? '', /^-----BEGIN CERTIFICATE-----/);
        assert.match(given[0]?.[1] ?? '', /^-----BEGIN [A-Z ]*PRIVATE KEY-----/);
      }));
  }
});
