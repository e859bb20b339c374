/**
 * Documents that fit a schema, nearly fit it, or do not fit it at all.
 *
 * @module
 */
import fc from 'fast-check';
import type { Member, Range, Schema } from '../../../core/model/schema.ts';
import { anyText } from '../../text.ts';

/** Texts that are on one side or the other of some pattern. */
const TEXTS = [
  '',
  'web.example',
  'certificates',
  'web/0',
  '{unit}',
  '{config.name}-{hostname}',
  '{units}',
  '{unit',
  '2026-11-23T21:00:00Z',
  '2024-02-29t23:59:59.123456789+05:30',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T21:00:60Z',
  '2026-11-23T21:00:00',
  '/etc/web/tls.crt',
  '/etc//tls.crt',
  '/etc/web/..',
  '/etc/web/...',
  '/etc/web/',
  'etc/web',
  `/${'x'.repeat(199)}`,
  `/${'x'.repeat(200)}`,
  `/${'\u{1f600}'.repeat(150)}`,
  '/x'.repeat(2_047),
  '/x'.repeat(2_048),
  '/a\nb',
  '0600',
  '640',
  '0644',
  '9990',
  'root',
  '_apt',
  '1000',
  'ro ot',
  '10.0.0.0/8',
  '10.0.0.0/33',
  '.example.com',
  '*',
  'a\u0000b',
  '__proto__',
  '\ud800',
  'x'.repeat(64),
  'x'.repeat(65),
] as const;

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1, 0.5, 1e9, -1, '', [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 2 }),
);

const numberIn = ({ above, from, below, upTo }: Range): fc.Arbitrary<number> => {
  const edges = [above, from, below, upTo].filter((edge) => edge !== undefined);
  const near = edges.flatMap((edge) => [edge - 1, edge, edge + 1]);
  return fc.oneof(
    fc.constantFrom(...near, 0, 0.5, 1, 60),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
};

const fieldOf = ({ schema, presence }: Member): fc.Arbitrary<unknown> =>
  presence === 'nullable'
    ? fc.oneof({ weight: 9, arbitrary: documentFor(schema) }, { weight: 1, arbitrary: fc.constant(null) })
    : documentFor(schema);

const wellBuilt = (schema: Schema): fc.Arbitrary<unknown> => {
  switch (schema.kind) {
    case 'anything':
      return fc.jsonValue();
    case 'text': {
      const known = fc.constantFrom(...TEXTS);
      const { pattern } = schema;
      // What looks ahead cannot be turned into texts.
      if (pattern === undefined || pattern.includes('(?=')) return fc.oneof(known, anyText());
      const fitting = fc.stringMatching(new RegExp(pattern, 'u'));
      return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: known });
    }
    case 'number':
      return numberIn(schema.range);
    case 'boolean':
      return fc.boolean();
    case 'words':
      return fc.constantFrom(...schema.words);
    case 'list': {
      const rest = fc.array(documentFor(schema.element), { maxLength: 3 });
      return schema.first === undefined
        ? rest
        : fc.tuple(documentFor(schema.first), rest).map(([first, more]) => [first, ...more]);
    }
    case 'map':
      return fc.dictionary(
        fc.constantFrom(...TEXTS.slice(0, 4), '__proto__', 'constructor'),
        documentFor(schema.value),
        {
          maxKeys: 3,
        },
      );
    case 'object': {
      const fields = Object.entries(schema.members).map(([name, member]) => [name, fieldOf(member)] as const);
      const requiredKeys = fields.flatMap(([name]) => schema.members[name]?.presence === 'required' ? [name] : []);
      return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys });
    }
    case 'choice':
      return fc.oneof(...schema.among.map(documentFor));
  }
};

/** A document without one of its fields, or with one more. */
const bent = (document: unknown): fc.Arbitrary<unknown> => {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return odd;
  const entries = Object.entries(document);
  const lacking = entries.map(([gone]) => Object.fromEntries(entries.filter(([name]) => name !== gone)));
  const more = ['certTyp', '__proto__', 'toString'].map((name) => Object.fromEntries([...entries, [name, []]]));
  return fc.constantFrom(...lacking, ...more);
};

/** Documents for a schema; every part is now and then something else. */
export const documentFor = (schema: Schema): fc.Arbitrary<unknown> => {
  const good = wellBuilt(schema);
  return fc.oneof(
    { weight: 40, arbitrary: good },
    { weight: 1, arbitrary: good.chain(bent) },
    { weight: 1, arbitrary: odd },
  );
};
