/**
 * The requirer's flags: what each means in this protocol's view, and the deprecated ones. core/side/topics.ts derives their values.
 *
 * A `.changed` flag is set when what it speaks of is there and differs from what was last seen; it stays until the charm has
 * dealt with it, and goes otherwise only together with what it speaks of. Another form of the same PEM is no difference. Source:
 * docs/reactive-protocol.md section 6, D1, D2, D5, D11, D19, D21, D31.
 *
 * @module
 */
import type { Certificate } from '../../model/certificate.ts';
import type { Remembered } from '../../model/memory.ts';
import { normalPem } from '../../model/pem-text.ts';
import type { ToKeep } from '../../side/remember.ts';
import { REQUIRER_FLAG_NAMES, type RequirerFlagName, requirerTopics, topicFlags } from '../../side/topics.ts';
import type { RequiresView } from './view.ts';

/**
 * The name of a flag without the prefix of the endpoint.
 *
 * @internal
 */
export type RequiresFlagName =
  | RequirerFlagName
  | 'server.cert.available'
  | 'batch.cert.available'
  | 'client.cert.available';

/**
 * All flags.
 *
 * @internal
 */
export const REQUIRES_FLAG_NAMES: ReadonlyArray<RequiresFlagName> = [
  ...REQUIRER_FLAG_NAMES,
  'server.cert.available',
  'batch.cert.available',
  'client.cert.available',
];

type Form = (pem: string) => string;

type InForm = (view: RequiresView, form: Form) => Iterable<string> | null;

/** Compared by the normal form of PEM. Earlier versions compared the text as it came. */
const told = (content: InForm) => ({
  content: (view: RequiresView) => content(view, normalPem),
  earlier: (view: RequiresView) => content(view, (pem) => pem),
});

const caOf: InForm = ({ rootCaCert, rootCaChain }, form) =>
  rootCaCert === null ? null : [form(rootCaCert), form(rootCaChain ?? '')];

const certsOf = (of: (view: RequiresView) => ReadonlyArray<Certificate>): InForm => (view, form) => {
  const certificates = of(view);
  return certificates.length === 0
    ? null
    : certificates.flatMap(({ certType, commonName, cert, key }) => [certType, commonName, form(cert), form(key)]);
};

const TOPICS = requirerTopics<RequiresView>({
  'ca': told(caOf),
  'server.certs': told(certsOf(({ serverCerts }) => serverCerts)),
  'client.certs': told(certsOf(({ clientCerts }) => clientCerts)),
  'intermediate.certs': told(certsOf(({ intermediateCerts }) => intermediateCerts)),
  'application.certs': told(certsOf(({ applicationCerts }) => applicationCerts)),
});

/** The flags of a joined endpoint. `before` has the `.changed` flags that the charm has not handled. */
export const flagsOf = (
  view: RequiresView,
  before: ReadonlySet<string>,
  remembered: (key: string) => Remembered | undefined,
): ToKeep<RequiresFlagName> => {
  const { flags, digests } = topicFlags(TOPICS, view, before, remembered);
  return {
    flags: new Set<RequiresFlagName>([
      'available',
      ...flags,
      ...(view.serverCerts.length > 0 ? ['server.cert.available', 'batch.cert.available'] as const : []),
      ...(view.globalClientCert !== null ? ['client.cert.available'] as const : []),
    ]),
    digests,
  };
};
