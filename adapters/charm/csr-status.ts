/**
 * The status of a unit that speaks the CSR protocol: what any requirer says, and also that a request is refused, and why.
 *
 * @module
 */
import type { RequestError } from '../../core/csr/errors.ts';
import type { CsrRequiresView, RequestView } from '../../core/csr/requires/view.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Status } from '../reaction.ts';

/** A refusal in the provider's words. */
export const refusalOf = (
  { request: { commonName, sans }, denied }: Pick<RequestView, 'request'> & { readonly denied: RequestError },
): string =>
  `${commonName === '' ? sans[0] ?? '' : commonName} is refused: ${denied.code} ${denied.name}: ${denied.message}`;

/** The status after an outcome; `failures` are what failed and will be tried again, `waits` what else the unit waits for. */
export const csrStatusOf = (
  endpoint: string,
  { view: { requests }, findings }: Outcome<CsrRequiresView>,
  failures: ReadonlyArray<string>,
  waits: ReadonlyArray<string>,
): Status => {
  const say = (status: Status['status'], message: string): Status => ({ status, message: `${endpoint}: ${message}` });
  const [failure] = failures;
  if (failure !== undefined) return { status: 'blocked', message: failure };
  if (findings.some(({ code }) => code === 'no-relation')) {
    return say('blocked', 'not related to a provider of certificates (juju integrate)');
  }
  const impossible = findings.find(({ code }) => code === 'request-impossible');
  if (impossible !== undefined) return say('blocked', impossible.message);
  const refused = requests.flatMap(({ request, certificate, denied }) =>
    denied === null ? [] : [{ request, certificate, denied }]
  );
  const [first] = refused.filter(({ certificate }) => certificate === null);
  if (first !== undefined) return say('blocked', refusalOf(first));
  const missing = requests.filter(({ certificate }) => certificate === null).length;
  if (missing > 0) {
    return say(
      'waiting',
      requests.length === 1
        ? 'waiting for the certificate'
        : `waiting for ${missing} of ${requests.length} certificates`,
    );
  }
  const [wait] = waits;
  if (wait !== undefined) return say('waiting', wait);
  // The certificate of a refused renewal is used until it ends.
  const [renewal] = refused;
  return renewal === undefined ? { status: 'active', message: '' } : say('active', refusalOf(renewal));
};
