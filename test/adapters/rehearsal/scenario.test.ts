/**
 * Scenarios: what is wrong with one is told with its line, its path and what is there instead.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STEP_NAMES } from '../../../adapters/rehearsal/scenario/step.ts';
import { complaintOf, scenario } from './play.ts';

const two = 'applications:\n  web: { charm: builtin:requirer }\n  ca: { charm: builtin:provider }\n';

describe('a scenario', () => {
  it('readScenario() fills in what is left out', async () => {
    const { applications, relations, steps, seed } = await scenario(two);
    assert.deepEqual(applications['web'], { charm: 'builtin:requirer', units: 1, config: {}, protocol: 'any' });
    assert.deepEqual([relations, steps, seed], [[], [], 1]);
  });

  it('readScenario() takes the scenario of the documentation', async () => {
    const { steps, relations } = await scenario(`${two}
relations: [ [ "web:certificates", "ca:clients" ] ]
steps:
  - settle
  - expect: { unit: web/0, status: active, files: [ /etc/web/tls.crt ], findings: none }
  - config: { web: { domain: other.example } }
  - fault: { provider: ca, unit: web/0, answer: wrong-names }
  - leader: web/1
  - advance: 60d
  - kill: { unit: web/0, at: any tool call }
  - remove-unit: web/0
`);
    assert.deepEqual(steps.map(({ is }) => is), [
      'settle',
      'expect',
      'config',
      'fault',
      'leader',
      'advance',
      'kill',
      'remove-unit',
    ]);
    assert.deepEqual(relations, [{ ends: ['web:certificates', 'ca:clients'], crossModel: false }]);
  });

  it('readScenario() says what is wrong, where, and what may stand there', async () => {
    const cases: ReadonlyArray<readonly [text: string, complaint: RegExp]> = [
      [`${two}step: []\n`, /^scenario\.yaml:4: step: no such field \(known here: applications, relations, steps/],
      [
        `${two}steps:\n  - expcet: { unit: web/0 }\n`,
        /^scenario\.yaml:5: steps\[0\]: expected "settle", or an object with/,
      ],
      [`${two}steps:\n  - settle: 3\n`, /^scenario\.yaml:5: steps\[0\]: expected "settle"/],
      [`${two}steps:\n  - expect: { unit: web }\n`, /steps\[0\]\.expect\.unit: expected a unit such as "web\/0"/],
      [`${two}steps:\n  - expect: { unit: db/0 }\n`, /there is no application of this name \(deployed here: web, ca\)/],
      [`${two}steps:\n  - expect: { unit: web/0, findings: some }\n`, /findings: expected "none"/],
      [`${two}steps:\n  - advance: 60 days\n`, /steps\[0\]\.advance: expected a duration such as "60d"/],
      [
        `${two}steps:\n  - fault: { provider: web, answer: never }\n`,
        /expected an application whose charm is "builtin:provider"/,
      ],
      [`${two}steps:\n  - fault: { provider: ca, answer: nver }\n`, /answer: expected "never" or "late"/],
      [`${two}steps:\n  - kill: { unit: web/0, at: 0 }\n`, /kill\.at: expected .* or the number of a call, got 0/],
      [`${two}relations: [[web:certificates]]\n`, /relations\[0\].*: expected two endpoints/],
      [
        `${two}relations: [[web, ca:clients]]\n`,
        /relations\[0\]\[0\]: expected an endpoint such as "web:certificates"/,
      ],
      ['applications:\n  __proto__: { charm: x }\n', /expected the name of a field/],
    ];
    for (const [text, complaint] of cases) assert.match(await complaintOf(text), complaint, text);
  });

  it('readScenario() never quotes a value, which may be a key that somebody has pasted', async () => {
    const text = `${two}steps:\n  - advance: "SECRET"\n`;
    assert.ok(!(await complaintOf(text)).includes('SECRET'));
  });

  it('has a step for everything that a scenario can do', () => {
    assert.deepEqual([...STEP_NAMES].sort(), [
      'action',
      'add-unit',
      'advance',
      'config',
      'expect',
      'fault',
      'kill',
      'leader',
      'relate',
      'remove-relation',
      'remove-unit',
      'replace-ca',
      'upgrade',
    ]);
  });
});
