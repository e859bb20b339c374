/**
 * The judgements that conversations share.
 *
 * @module
 */
import { allFindings } from '../../../core/examine/examination.ts';
import type { ExamineFindingCode } from '../../../core/examine/findings.ts';
import type { Rehearsal } from '../rehearse.ts';
import type { ToldHook } from '../story.ts';
import type { Cast, Judgement } from './conversation.ts';

/** No hook fails for good, and the hooks come to an end. */
export const endsWell = ({ problems }: Rehearsal): Judgement => (problems.length === 0 ? null : problems.join('; '));

/** Every request is answered, and an inspection finds nothing to act on. */
export const answered = (rehearsal: Rehearsal): Judgement => {
  const wrong = endsWell(rehearsal);
  if (wrong !== null) return wrong;
  const requests = rehearsal.examinations.examinations.flatMap((examination) => examination.requests);
  if (requests.length === 0) return 'there is no request in this protocol';
  const open = requests.filter(({ state }) => state !== 'answered');
  if (open.length > 0) return `${open.length} of ${requests.length} requests are ${open[0]?.state}`;
  return rehearsal.errors.length === 0
    ? null
    : `inspect finds ${[...new Set(rehearsal.errors.map(({ code }) => code))].join(', ')}`;
};

/** An inspection has none of these findings, whatever their severity. */
export const without = (...codes: ReadonlyArray<ExamineFindingCode>) => (rehearsal: Rehearsal): Judgement => {
  const found = allFindings(rehearsal.examinations).filter(({ code }) => codes.some((one) => one === code));
  if (rehearsal.examinations.examinations.every(({ requests }) => requests.length === 0)) {
    return 'there is no request';
  }
  return endsWell(rehearsal) ??
    (found.length === 0 ? null : found.map(({ code, message }) => `${code}: ${message}`).join('; '));
};

/** The hooks after a step, by its number from 1. */
export const hooksAfter = ({ story }: Rehearsal, step: number): ReadonlyArray<ToldHook> => {
  const from = story.findIndex((entry) => entry.kind === 'step' && entry.number === step);
  return story.slice(from).flatMap((entry) => (entry.kind === 'hook' ? [entry] : []));
};

/** The charm under test writes nothing after a step that changes nothing for it. */
export const writesNothingAfter = (step: number) => (rehearsal: Rehearsal, { tested }: Cast): Judgement => {
  const wrong = answered(rehearsal);
  if (wrong !== null) return wrong;
  const writing = hooksAfter(rehearsal, step).find(({ unit, writes, deletes }) =>
    unit.startsWith(`${tested}/`) && writes.length + deletes.length > 0
  );
  return writing === undefined
    ? null
    : `${writing.hook} of ${writing.unit} writes ${[...writing.writes, ...writing.deletes].join(', ')}`;
};

/** The charm under test changes what it publishes after a step. */
export const writesAfter = (step: number) => (rehearsal: Rehearsal, { tested }: Cast): Judgement =>
  endsWell(rehearsal) ??
    (hooksAfter(rehearsal, step).some(({ unit, writes, deletes }) =>
        unit.startsWith(`${tested}/`) && writes.length + deletes.length > 0
      )
      ? null
      : 'it publishes the same as before');
