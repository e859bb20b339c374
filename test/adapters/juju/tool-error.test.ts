/**
 * What becomes of the words of Juju's hook tools, over a table of what the real tools of Juju 3.6 and 4.0 say.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { errorIn } from '../../../adapters/juju/tool-error.ts';
import { TOOL_ERRORS, type ToolErrorProbe } from '../../juju/probes.ts';
import { anyText } from '../../text.ts';

const kindOf = (stderr: string, code: number, tool = 'relation-get') =>
  errorIn({ tool, args: [] }, { _tag: 'exited', code, stdout: '', stderr })?.kind;

const name = ({ tool, situation, juju }: ToolErrorProbe): string => `${tool}: ${situation} (${juju.join(', ')})`;

/** Names that mean something else where they are a tool's own words. */
const TRAPS = [
  'permission denied',
  'relation not found',
  'settings not found',
  'secret x not found',
  'this unit is not the leader',
  'too large',
  'JUJU_CONTEXT_ID not set',
  'ERROR',
  'a\\"b',
];

describe('errorIn()', () => {
  it('errorIn() knows every failure of the table by its kind', () => {
    assert.ok(TOOL_ERRORS.length > 100);
    for (const probe of TOOL_ERRORS) {
      assert.equal(kindOf(probe.stderr, probe.exit, probe.tool), probe.meaning, name(probe));
    }
  });

  it('errorIn() knows a failure by its kind whatever the names in it, and whatever was said before it', () => {
    for (const probe of TOOL_ERRORS) {
      for (const trap of TRAPS) {
        const renamed = probe.stderr.replaceAll(/"[^"]*"/g, () => `"${trap}"`);
        assert.equal(kindOf(renamed, probe.exit, probe.tool), probe.meaning, renamed);
      }
      const others = probe.stderr.replaceAll(/\d+(?=[\s:)]|$)/g, '7').replace('certificates:7', 'db:12');
      assert.equal(kindOf(others, probe.exit, probe.tool), probe.meaning, others);
      const later = `WARNING --format is deprecated: permission denied\n${probe.stderr}`;
      assert.equal(kindOf(later, probe.exit, probe.tool), probe.meaning, later);
      const bare = probe.stderr.replace(/^ERROR /, '').trimEnd();
      assert.equal(kindOf(bare, probe.exit, probe.tool), probe.meaning, bare);
      assert.equal(kindOf(probe.stderr.replaceAll('\n', '\r\n'), probe.exit, probe.tool), probe.meaning);
    }
  });

  it('errorIn() takes a secret for absent only where Juju says that there is none', () => {
    const absent = [
      'ERROR consumer label "x" not found',
      "ERROR consumer label 'my label' not found",
      'ERROR secret URI for consumer label "tls-certificates-client-authority" not found',
      'ERROR secret "d4cb9lg0mcj0ag42q2p0" not found',
      'ERROR cannot get secret: secret "x" not found\n',
    ];
    for (const stderr of absent) assert.equal(kindOf(stderr, 1, 'secret-get'), 'secret-not-found', stderr);
    const there = [
      'ERROR secret backend "vault" not found',
      'ERROR getting secret content: secret backend vault not found',
      'ERROR permission denied',
      'ERROR secret "x" is not ready: page not found',
      'ERROR secret revision 3 for "x" not found',
    ];
    for (const stderr of there) assert.notEqual(kindOf(stderr, 1, 'secret-get'), 'secret-not-found', stderr);
  });

  it('errorIn() tells an agent that a tool did not reach from a controller that the agent did not reach', () => {
    assert.equal(kindOf('ERROR dial tcp 10.1.2.3:30666: connect: connection refused\n', 1), 'no-context');
    assert.equal(kindOf('ERROR dial unix @/a b/agent.socket: connect: permission denied\n', 1), 'no-context');
    const controller = 'cannot reach: dial tcp 10.0.0.1:17070: connect: connection refused';
    assert.equal(kindOf(`ERROR ${controller}\n`, 1), 'failed');
    assert.equal(kindOf(`ERROR leadership status unknown: ${controller}\n`, 1, 'is-leader'), 'not-leader');
  });

  it('errorIn() does not take a file that could not be opened for a relation that is gone', () => {
    assert.equal(kindOf('ERROR open /run/x/k: permission denied\n', 1, 'relation-set'), 'failed');
    const content = 'ERROR reading content for secret key "abc": open /run/x: permission denied\n';
    assert.equal(kindOf(content, 2, 'secret-add'), 'bad-arguments');
  });

  it('errorIn() tells a unit that is gone from a relation that is gone', () => {
    for (const unit of ['relation unit not found', 'unit "web/7" not found', 'unit "x": settings not found']) {
      assert.equal(kindOf(`ERROR ${unit}\n`, 1), 'unit-gone', unit);
    }
    for (const relation of ['relation not found', 'relation 12 not found', 'relation "db:12" not found']) {
      assert.equal(kindOf(`ERROR ${relation}\n`, 1), 'relation-gone', relation);
      assert.equal(kindOf(`ERROR invalid value "db:12" for option -r: ${relation}\n`, 2), 'relation-gone', relation);
    }
  });

  it('errorIn() has a kind for whatever a tool prints, by the exit code where the words say nothing', () => {
    fc.assert(fc.property(anyText(), fc.constantFrom(1, 2, 127), (stderr, code) => {
      const error = errorIn({ tool: 'state-get', args: [] }, { _tag: 'exited', code, stdout: '', stderr });
      assert.equal(typeof error?.kind, 'string');
    }));
    assert.deepEqual([kindOf('', 1), kindOf('what', 2), kindOf('ERROR what', 127)], [
      'failed',
      'bad-arguments',
      'failed',
    ]);
  });
});
