/**
 * Common names from options, on a Juju with real hook tools: trimmed where they can be, refused at once where they cannot.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { type CharmFunction, withJuju } from '../../juju/juju.ts';

const WEB = `endpoint: certificates
status: true
requests:
- { certType: server, commonName: "{config.domain}", sans: ["{config.domain}", "10.0.0.7"] }
`;

const web: CharmFunction = (variables, runTool) => {
  const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
  writeFileSync(path, WEB);
  return hookCommand(path, { variables, runTool, complain: assert.fail });
};

describe('a common name from an option', () => {
  it('hookCommand() asks for it without the blanks around it', () =>
    withJuju({}, async (juju) => {
      juju.deploy('easyrsa', null);
      juju.deploy('web', web, { config: { domain: ' web.example\n' } });
      const relation = juju.relate('easyrsa:client', 'web:certificates');
      await juju.settle();
      const { common_name: commonName, sans } = juju.published(relation, 'web/0');
      assert.deepEqual([commonName, sans], ['web.example', '["web.example", "10.0.0.7"]']);
    }));

  for (const domain of ['https://web.example/', 'web.example:443', 'a.example, b.example', 'web example']) {
    it(`hookCommand() blocks on ${domain}, asks for nothing, and asks once the option is right`, () =>
      withJuju({}, async (juju) => {
        juju.deploy('easyrsa', null);
        juju.deploy('web', web, { config: { domain } });
        const relation = juju.relate('easyrsa:client', 'web:certificates');
        await juju.settle();
        const { status, message } = juju.unit('web/0').status;
        assert.equal(status, 'blocked');
        assert.match(
          message,
          /\{config\.domain\} (is a URL|has a port|has a blank or a comma).*\(juju config web domain=…\)$/,
        );
        assert.equal(juju.published(relation, 'web/0')['common_name'], undefined);
        const told = juju.unit('web/0').log.filter((line) => line.includes('config.domain')).length;
        assert.equal(told, 1, 'it is told once, however many hooks there are');
        Object.assign(juju.unit('web/0').config, { domain: 'web.example' });
        juju.fire('web/0', 'config-changed');
        await juju.settle();
        assert.deepEqual(
          [juju.unit('web/0').status.status, juju.published(relation, 'web/0')['common_name']],
          ['waiting', 'web.example'],
        );
      }));
  }
});
