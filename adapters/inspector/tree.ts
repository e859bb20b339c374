/**
 * The chain of a certificate as a tree, from the CA down to the certificate.
 *
 * @module
 */
import type { ExaminedAnswer } from '../../core/examine/examination.ts';
import type { Description } from '../../core/x509/mod.ts';
import { type Child, el } from './element.ts';
import { day, foreign, keyOf } from './words.ts';

/** One step of the tree: its content, and what is below it. */
interface Step {
  readonly look: 'ca' | 'link' | 'leaf' | 'gap';
  readonly title: string;
  readonly note: string;
}

const noteOf = (certificate: Description): string =>
  `${keyOf(certificate)}, until ${day(Date.parse(certificate.notAfter))}`;

const stepsOf = ({ path, verified }: ExaminedAnswer, authorities: ReadonlySet<string>): ReadonlyArray<Step> => {
  const steps = path.map((certificate, i): Step => {
    const [title, note] = [foreign(certificate.subject.text), noteOf(certificate)];
    return authorities.has(certificate.sha256)
      ? { look: 'ca', title, note: `the CA that was published; ${note}` }
      : { look: i === 0 ? 'leaf' : 'link', title, note };
  });
  const top = path.at(-1);
  if (top === undefined || top.selfIssued || authorities.has(top.sha256)) return steps.toReversed();
  const note = verified === null ? 'no CA was published, so nobody can tell' : 'not among the CAs that were published';
  return [{ look: 'gap', title: foreign(top.issuer.text), note }, ...steps.toReversed()];
};

const branch = ([step, ...below]: ReadonlyArray<Step>): Child =>
  step === undefined ? null : el(
    'ul',
    {},
    el(
      'li',
      { class: `step ${step.look}` },
      el('span', { class: 'title' }, el('bdi', {}, step.title)),
      el('span', { class: 'note' }, step.note),
      branch(below),
    ),
  );

/** The chain of an answer; the published CAs are recognised by their fingerprints. */
export const chainTree = (answer: ExaminedAnswer, authorities: ReadonlySet<string>): HTMLElement =>
  el('div', { class: 'tree' }, branch(stepsOf(answer, authorities)));
