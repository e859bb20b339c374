/**
 * What a hook of the CSR protocol came to, in words: how requests stand now, and what the CA gave.
 *
 * @module
 */
import type { CsrProvidesIntent } from '../../../core/csr/provides/intent.ts';
import type { CsrRequiresView, RequestView } from '../../../core/csr/requires/view.ts';
import { counted } from '../../../core/model/shape.ts';
import { printable } from '../../text/printable.ts';

const nameOf = ({ request: { certType, commonName } }: RequestView): string => `${certType} ${printable(commonName)}`;

/** How a request stands, without its name. */
const wordsFor = (one: RequestView, isOther: boolean): string | null => {
  const { state, certificate, denied } = one;
  if (denied !== null) return `refused with code ${denied.code}, "${printable(denied.message)}"`;
  if (state === 'renewing') return 'requested again; the present certificate serves until then';
  if (state === 'missing') return 'due, and waits for its turn';
  if (certificate === null) return state === 'asked' ? 'asked for' : null;
  return isOther ? 'there' : null;
};

/** Tells of each unit's requests what is different from the hook before. */
export class Changes {
  readonly #before = new Map<string, ReadonlyMap<string, RequestView>>();

  /** What has changed for the requests of a unit: a sentence part for each way in which they stand. */
  of(unit: string, { requests }: CsrRequiresView): ReadonlyArray<string> {
    const before = this.#before.get(unit) ?? new Map<string, RequestView>();
    this.#before.set(unit, new Map(requests.map((one) => [nameOf(one), one])));
    const groups = new Map<string, Array<string>>();
    for (const one of requests) {
      const former = before.get(nameOf(one));
      const words = wordsFor(one, former?.certificate !== one.certificate);
      if (
        words === null ||
        words === (former === undefined ? null : wordsFor(former, true)) && former?.certificate === one.certificate
      ) continue;
      groups.set(words, [...groups.get(words) ?? [], nameOf(one)]);
    }
    return [...groups].map(([words, names]) => `${names.join(', ')}: ${words}`);
  }
}

/** What a CA gives in a hook. */
export const givenIn = ({ answers, refusals, revoked }: CsrProvidesIntent): ReadonlyArray<string> => [
  ...(answers.length === 0 ? [] : [`${counted(answers.length, 'request')} answered`]),
  ...(refusals.length === 0 ? [] : [`${counted(refusals.length, 'request')} refused`]),
  ...(revoked.length === 0 ? [] : [`${counted(revoked.length, 'certificate')} revoked`]),
];
