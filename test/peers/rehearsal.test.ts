/**
 * Charms on the Python library in a rehearsal: they are deployed, related and driven as any other charm is.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { broken, played } from '../adapters/rehearsal/play.ts';
import { pythonCharm } from './charm.ts';
import { VERSIONS, withoutPython } from './python.ts';

describe('a rehearsal with the Python library', () => {
  for (const version of VERSIONS) {
    it(
      `a requirer on charmlibs ${version} is answered, sees a bad day and is answered again`,
      { skip: withoutPython },
      async () => {
        const charm = await pythonCharm('requirer', version);
        const rehearsal = await played(
          `
applications:
  py: { charm: "${charm}" }
  ca: { charm: builtin:provider, protocol: csr }
relations: [[py:certificates, ca:clients]]
steps:
  - expect: { unit: py/0, published: [certificate_signing_requests], findings: none }
  - fault: { provider: ca, answer: never }
  - settle
  - fault: { provider: ca, answer: well }
  - expect: { unit: py/0, findings: none }
`,
          { sharedRoot: true },
        );
        assert.deepEqual([broken(rehearsal), rehearsal.problems], [[], []]);
        assert.ok(rehearsal.passed);
      },
    );
  }
});
