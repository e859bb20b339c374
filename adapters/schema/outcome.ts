/**
 * The schemas of outcomes of any side.
 *
 * @module
 */
import type { AnyOutcome } from '../../core/any/decide.ts';
import type { Finding, Place } from '../../core/model/finding.ts';
import type { Flag, FlagDelta } from '../../core/model/flag.ts';
import type { Memory, Remembered } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome, Write } from '../../core/model/outcome.ts';
import type { SchemaOf } from '../../core/model/schema.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { AnyProvidesViewSchema, AnyRequiresViewSchema } from './any-view.ts';
import { list, map, maybe, named, number, oneAmong, orNull, record, text, words } from './describe.ts';
import { CsrProvidesViewSchema, CsrRequiresViewSchema, ProvidesViewSchema, RequiresViewSchema } from './view.ts';

/** A finding. */
export const FindingSchema: SchemaOf<Finding> = named(
  'Finding',
  'Something that was noticed; docs/findings.md tells the cause and the remedy of each code.',
  record<Finding>({
    code: text(),
    severity: words('info', 'warning', 'error'),
    place: record<Place>({
      relationId: maybe(text<RelationId>()),
      unit: maybe(text<UnitName>()),
      key: maybe(text()),
      index: maybe(number),
      commonName: maybe(text()),
    }),
    message: text(),
  }),
);

const WriteSchema: SchemaOf<Write> = named(
  'Write',
  'The keys of one databag that have to change.',
  record<Write>({
    relationId: text<RelationId>(),
    bag: words('unit', 'application'),
    set: map(text()),
    delete: list(text()),
  }),
);

const DeltaSchema: SchemaOf<FlagDelta> = record<FlagDelta>({ set: list(text<Flag>()), clear: list(text<Flag>()) });

const MemorySchema: SchemaOf<Memory> = named(
  'KeptMemory',
  'What to keep for the next hook; digests are opaque.',
  record<Memory>({ flags: list(text<Flag>()), digests: map(text<Remembered>()) }),
);

const outcomeOf = <View>(view: SchemaOf<View>): SchemaOf<Outcome<View>> =>
  record<Outcome<View>>({
    writes: list(WriteSchema),
    flags: DeltaSchema,
    memory: MemorySchema,
    until: orNull(text<Timestamp>()),
    view,
    findings: list(FindingSchema),
  });

/** An outcome. */
export const OutcomeSchema: SchemaOf<AnyOutcome> = named(
  'Outcome',
  'What to write, which flags change, what to remember, what the charm can read, and what was noticed.',
  oneAmong<AnyOutcome>(
    outcomeOf(RequiresViewSchema),
    outcomeOf(ProvidesViewSchema),
    outcomeOf(CsrRequiresViewSchema),
    outcomeOf(CsrProvidesViewSchema),
    outcomeOf(AnyRequiresViewSchema),
    outcomeOf(AnyProvidesViewSchema),
  ),
);
