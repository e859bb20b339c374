/**
 * Policies: paths as PKITS has them, an independent reckoning by the tree of RFC 5280 itself, and paths that are made to take long.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { checkPolicies, type PolicyLink } from '../../../core/x509/policies.ts';
import { runs } from '../../runs.ts';

const ANY = '2.5.29.32.0';

interface Loose {
  readonly policies?: ReadonlyArray<string>;
  readonly mappings?: ReadonlyArray<readonly [string, string]>;
  readonly explicit?: number;
  readonly inhibitMapping?: number;
  readonly inhibitAny?: number;
  readonly selfIssued?: boolean;
}

const linkOf = (loose: Loose): PolicyLink => ({
  policies: loose.policies === undefined ? null : new Set(loose.policies),
  hasUnknownQualifier: false,
  mappings: loose.mappings ?? [],
  requireExplicit: loose.explicit ?? null,
  inhibitMapping: loose.inhibitMapping ?? null,
  inhibitAny: loose.inhibitAny ?? null,
  selfIssued: loose.selfIssued ?? false,
});

/** A path from the first CA below the root down, as people think of it, and its verdict. */
const verdictOn = (...down: ReadonlyArray<Loose>): string => {
  const checked = checkPolicies(down.map(linkOf).reverse());
  return E.isRight(checked) ? 'ok' : `${checked.left.code}@${checked.left.at}`;
};

interface Node {
  readonly policy: string;
  expected: Set<string>;
  children: Array<Node>;
}

/** RFC 5280 section 6.1 by the letter: a tree, in which every node is kept; whether the path is valid with any-policy asked for. */
const byTheTree = (down: ReadonlyArray<Loose>): boolean => {
  const n = down.length;
  let root: Node | null = { policy: ANY, expected: new Set([ANY]), children: [] };
  let [explicit, mapping, any] = [n + 1, n + 1, n + 1];
  const level = (depth: number): Array<Node> => {
    let nodes: Array<Node> = root === null ? [] : [root];
    for (let i = 0; i < depth; i++) nodes = nodes.flatMap(({ children }) => children);
    return nodes;
  };
  const prune = (depth: number): void => {
    for (let at = depth - 1; at >= 0; at--) {
      for (const node of level(at)) {
        node.children = node.children.filter((child) => at === depth - 1 || child.children.length > 0);
      }
    }
    if (level(depth).length === 0) root = null;
  };
  for (const [index, link] of down.entries()) {
    const i = index + 1;
    if (link.policies === undefined) root = null;
    if (root !== null && link.policies !== undefined) {
      for (const policy of link.policies.filter((one) => one !== ANY)) {
        const parents = level(i - 1).filter(({ expected }) => expected.has(policy));
        const from = parents.length > 0 ? parents : level(i - 1).filter((node) => node.policy === ANY);
        for (const parent of from) parent.children.push({ policy, expected: new Set([policy]), children: [] });
      }
      if (link.policies.includes(ANY) && (any > 0 || (i < n && link.selfIssued === true))) {
        for (const parent of level(i - 1)) {
          for (const policy of parent.expected) {
            if (!parent.children.some((child) => child.policy === policy)) {
              parent.children.push({ policy, expected: new Set([policy]), children: [] });
            }
          }
        }
      }
      prune(i);
    }
    if (explicit === 0 && root === null) return false;
    if (i === n) break;
    const mappings = link.mappings ?? [];
    if (mappings.flat().includes(ANY)) return false;
    for (const from of new Set(mappings.map(([issuer]) => issuer))) {
      const to = new Set(mappings.filter(([issuer]) => issuer === from).map(([, subject]) => subject));
      const nodes = level(i).filter(({ policy }) => policy === from);
      if (mapping > 0) {
        for (const node of nodes) node.expected = to;
        if (nodes.length === 0) {
          for (const parent of level(i - 1)) {
            if (parent.children.some(({ policy }) => policy === ANY)) {
              parent.children.push({ policy: from, expected: to, children: [] });
            }
          }
        }
      } else {
        for (const parent of level(i - 1)) parent.children = parent.children.filter(({ policy }) => policy !== from);
        prune(i);
      }
    }
    if (link.selfIssued !== true) {
      if (explicit > 0) explicit--;
      if (mapping > 0) mapping--;
      if (any > 0) any--;
    }
    explicit = Math.min(explicit, link.explicit ?? explicit);
    mapping = Math.min(mapping, link.inhibitMapping ?? mapping);
    any = Math.min(any, link.inhibitAny ?? any);
  }
  if (explicit > 0) explicit--;
  if (down.at(-1)?.explicit === 0) explicit = 0;
  return explicit > 0 || root !== null;
};

const policy = fc.constantFrom('1.1', '1.2', '1.3', ANY);
const named = fc.constantFrom('1.1', '1.2', '1.3');
const link: fc.Arbitrary<Loose> = fc.record({
  policies: fc.uniqueArray(policy, { minLength: 1, maxLength: 4 }),
  mappings: fc.array(fc.tuple(fc.oneof({ arbitrary: named, weight: 9 }, { arbitrary: policy, weight: 1 }), named), {
    maxLength: 3,
  }),
  explicit: fc.nat(3),
  inhibitMapping: fc.nat(2),
  inhibitAny: fc.nat(2),
  selfIssued: fc.boolean(),
}, { requiredKeys: [] });

describe('policies', () => {
  it('are of no account where no CA demands any', () => {
    assert.equal(verdictOn({}, {}), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'] }, { policies: ['1.2'] }), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'], inhibitAny: 0 }, {}), 'ok');
    assert.equal(verdictOn(), 'ok');
  });

  it('have to be valid along the path where a CA demands it', () => {
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 0 }, { policies: ['1.1'] }), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 0 }, { policies: ['1.2'] }), 'no-valid-policy@0');
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 0 }, {}), 'no-valid-policy@0');
    assert.equal(verdictOn({ explicit: 0 }, { policies: ['1.1'] }), 'no-valid-policy@0');
    assert.equal(verdictOn({ policies: [ANY], explicit: 0 }, { policies: ['1.1'] }), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 0 }, { policies: [ANY] }), 'ok');
  });

  it('are demanded after as many certificates as the CA says', () => {
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 1 }, {}), 'no-valid-policy@0');
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 2 }, {}), 'ok');
    assert.equal(verdictOn({ explicit: 5 }, {}, {}), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 1 }, { selfIssued: true }, {}), 'no-valid-policy@0');
    assert.equal(verdictOn({}, { explicit: 0 }), 'no-valid-policy@0');
    assert.equal(verdictOn({}, { explicit: 1 }), 'ok');
  });

  it('are no longer met by any-policy once a CA inhibits it', () => {
    assert.equal(
      verdictOn({ policies: ['1.1'], explicit: 0, inhibitAny: 0 }, { policies: [ANY] }),
      'no-valid-policy@0',
    );
    assert.equal(verdictOn({ policies: ['1.1'], explicit: 0, inhibitAny: 1 }, { policies: [ANY] }), 'ok');
    assert.equal(
      verdictOn({ policies: ['1.1'], explicit: 0, inhibitAny: 0 }, { policies: [ANY], selfIssued: true }, {
        policies: ['1.1'],
      }),
      'ok',
    );
    assert.equal(
      verdictOn({ policies: ['1.1'], explicit: 0, inhibitAny: 0 }, { policies: [ANY] }, { policies: ['1.1'] }),
      'no-valid-policy@1',
    );
  });

  it('follow mappings, unless a CA inhibits them', () => {
    const mapped: Loose = { policies: ['1.1'], mappings: [['1.1', '1.2']], explicit: 0 };
    assert.equal(verdictOn(mapped, { policies: ['1.2'] }), 'ok');
    assert.equal(verdictOn(mapped, { policies: ['1.1'] }), 'no-valid-policy@0');
    assert.equal(
      verdictOn({ inhibitMapping: 0, policies: ['1.1'] }, mapped, { policies: ['1.2'] }),
      'no-valid-policy@0',
    );
    assert.equal(verdictOn({ policies: [ANY], mappings: [['1.1', '1.2']], explicit: 0 }, { policies: ['1.2'] }), 'ok');
    assert.equal(verdictOn({ policies: ['1.1'], mappings: [['1.1', ANY]] }, {}), 'policy-mapping-invalid@1');
    assert.equal(verdictOn({ policies: ['1.1'], mappings: [[ANY, '1.1']] }, {}), 'policy-mapping-invalid@1');
    assert.equal(verdictOn({}, { mappings: [[ANY, '1.1']] }), 'ok', 'a mapping of the certificate itself maps nothing');
  });

  it('come out as by the tree of RFC 5280, in every path', () => {
    fc.assert(
      fc.property(fc.array(link, { minLength: 1, maxLength: 5 }), (down) => {
        assert.equal(verdictOn(...down) === 'ok', byTheTree(down));
      }),
      runs(3_000),
    );
  });

  it('take work that grows with their number, where the tree would double with every CA (RFC 9618 section 1)', () => {
    const all = Array.from({ length: 2_000 }, (_, i) => `1.${i + 1}`);
    const mappings = all.flatMap((one) => all.slice(0, 4).map((other) => [one, other] as const));
    const links = (policies: ReadonlyArray<string>) =>
      Array.from({ length: 11 }, (): Loose => ({ policies, mappings, explicit: 0 }));
    assert.equal(verdictOn(...links([...all, ANY]), { policies: ['1.9'] }), 'ok');
    assert.equal(verdictOn(...links(all), { policies: ['1.1'] }), 'ok');
    assert.equal(verdictOn(...links(all), { policies: ['1.9'] }), 'no-valid-policy@0');
  });
});
