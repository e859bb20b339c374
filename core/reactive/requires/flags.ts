/**
 * The requirer's flags: one table of what each stands for, and how they follow from the view and the memory.
 *
 * A `.changed` flag is set when what it speaks of is there and differs from what was last seen; it stays until the charm has
 * dealt with it, and goes otherwise only together with what it speaks of. Another form of the same PEM is no difference. Source:
 * protocol-reactive.md section 6, D1, D2, D5, D11, D19, D21, D31.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Certificate } from '../../model/certificate.ts';
import type { Finding } from '../../model/finding.ts';
import { type Flag, flagOf } from '../../model/flag.ts';
import type { Digest, Memory, Remembered } from '../../model/memory.ts';
import { normalPem } from '../../model/pem-text.ts';
import type { ToKeep } from '../../side/remember.ts';
import { finding } from './findings.ts';
import type { RequiresView } from './view.ts';

/** The flags, without the endpoint's prefix. */
export const REQUIRES_FLAG_NAMES = [
  'available',
  'ca.available',
  'ca.changed',
  'certs.available',
  'certs.changed',
  'server.certs.available',
  'server.certs.changed',
  'client.certs.available',
  'client.certs.changed',
  'intermediate.certs.available',
  'intermediate.certs.changed',
  'application.certs.available',
  'application.certs.changed',
  'server.cert.available',
  'batch.cert.available',
  'client.cert.available',
] as const;

/** A flag's name without the endpoint's prefix. */
export type RequiresFlagName = (typeof REQUIRES_FLAG_NAMES)[number];

type Form = (pem: string) => string;

/** The form in which earlier versions compared: the text as it came. */
const asItCame: Form = (pem) => pem;

/** Something that is there or not, that can change, and that has a flag for either. */
interface Topic {
  readonly name: 'ca' | 'server.certs' | 'client.certs' | 'intermediate.certs' | 'application.certs';
  /** Its whole content, to tell a change by; null while it is not there. `form` is what a text in PEM counts as. */
  readonly content: (view: RequiresView, form: Form) => Iterable<string> | null;
  /** Whether `certs.available` and `certs.changed` speak of it too. */
  readonly folded: boolean;
}

const contentOf = (certificates: ReadonlyArray<Certificate>, form: Form): Iterable<string> | null =>
  certificates.length === 0
    ? null
    : certificates.flatMap(({ certType, commonName, cert, key }) => [certType, commonName, form(cert), form(key)]);

const TOPICS: ReadonlyArray<Topic> = [
  {
    name: 'ca',
    content: ({ rootCaCert, rootCaChain }, form) =>
      rootCaCert === null ? null : [form(rootCaCert), form(rootCaChain ?? '')],
    folded: false,
  },
  { name: 'server.certs', content: (view, form) => contentOf(view.serverCerts, form), folded: true },
  { name: 'client.certs', content: (view, form) => contentOf(view.clientCerts, form), folded: true },
  { name: 'intermediate.certs', content: (view, form) => contentOf(view.intermediateCerts, form), folded: true },
  { name: 'application.certs', content: (view, form) => contentOf(view.applicationCerts, form), folded: false },
];

/** Whether content is new. A digest that an earlier version kept is of the text as it came: an upgrade is no change. */
const isNews = ({ content }: Topic, view: RequiresView, digest: Digest, before: Remembered | undefined): boolean =>
  digest !== before && (before === undefined || digestOf(content(view, asItCame) ?? []) !== before);

/** The flags and digests that follow. */
export type Flagged = ToKeep<RequiresFlagName>;

/** What is set when no unit is joined: nothing, and nothing is remembered, so that whatever comes is news (D5). */
export const unjoined: Flagged = { flags: new Set(), digests: new Map() };

/** The flags of a joined endpoint. `before` has the `.changed` flags that the charm has not dealt with. */
export const flagsOf = (
  view: RequiresView,
  before: ReadonlySet<RequiresFlagName>,
  remembered: (key: string) => Remembered | undefined,
): Flagged => {
  const flags = new Set<RequiresFlagName>(['available']);
  const digests = new Map<string, Digest>();
  let news = false;
  for (const topic of TOPICS) {
    const { name, content, folded } = topic;
    const parts = content(view, normalPem);
    if (parts === null) continue;
    const digest = digestOf(parts);
    const isNew = isNews(topic, view, digest, remembered(name));
    digests.set(name, digest);
    flags.add(`${name}.available`);
    if (isNew || before.has(`${name}.changed`)) flags.add(`${name}.changed`);
    if (folded) {
      flags.add('certs.available');
      news ||= isNew;
    }
  }
  if (flags.has('certs.available') && (news || before.has('certs.changed'))) flags.add('certs.changed');
  if (view.serverCerts.length > 0) flags.add('server.cert.available').add('batch.cert.available');
  if (view.globalClientCert !== null) flags.add('client.cert.available');
  return { flags, digests };
};

/** The `.changed` flags that are still set once those that the charm has dealt with are cleared. */
export const notYetHandled = (
  endpoint: string,
  memory: Memory,
  handled: ReadonlyArray<Flag>,
): { readonly flags: ReadonlySet<RequiresFlagName>; readonly findings: ReadonlyArray<Finding> } => {
  const set = new Set(memory.flags);
  const cleared = new Set(handled);
  const changed = REQUIRES_FLAG_NAMES.filter((name) => name.endsWith('.changed'));
  const known = new Set(changed.map((name) => flagOf(endpoint, name)));
  const findings = handled.flatMap((flag, i) =>
    known.has(flag) ? [] : [
      finding(
        'unknown-flag',
        {},
        `intent.handled[${i}] is not one of this endpoint's .changed flags: nothing was cleared`,
      ),
    ]
  );
  const left = changed.filter((name) => set.has(flagOf(endpoint, name)) && !cleared.has(flagOf(endpoint, name)));
  return { flags: new Set(left), findings };
};
