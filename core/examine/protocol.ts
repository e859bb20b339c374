/**
 * Which of the two protocols an exchange uses, and the published keys that show it. The Juju interface has the same name for both, so
 * nothing else tells them apart.
 *
 * Source: docs/csr-protocol.md, Which protocol is spoken.
 *
 * @module
 */
import { ANSWER_KEYS, REQUIRER_KEYS as CSR_REQUESTS } from '../csr/wire.ts';
import { lookup } from '../databag/lookup.ts';
import { hidingKeys } from '../model/certificate.ts';
import type { MungedUnitName } from '../model/names.ts';
import type { Databag } from '../model/snapshot.ts';
import { answeredUnit, asksReactively, PROVIDER_KEYS } from '../reactive/wire.ts';
import type { Exchange } from './exchange.ts';
import { answeredAs } from './pairings.ts';

/** A protocol; `unknown` while nothing that was published shows it. */
export type SpokenProtocol = 'reactive' | 'csr' | 'unknown';

/** A key that shows which protocol somebody speaks. */
export interface Evidence {
  /** Whose databag shows it. */
  readonly by: 'requirer' | 'provider';
  /** Which of its databags. */
  readonly bag: 'unit' | 'application';
  /** The key that shows it. */
  readonly key: string;
}

/** What the keys of one side show. */
interface Spoken {
  readonly reactive: ReadonlyArray<Evidence>;
  readonly csr: ReadonlyArray<Evidence>;
}

/** What a provider speaks, and whom it answers in the reactive protocol. */
interface ProviderSpoken extends Spoken {
  readonly answered: ReadonlySet<MungedUnitName>;
}

/** The protocol of one exchange. */
export interface Verdict {
  readonly protocol: SpokenProtocol;
  /** The keys that show it. */
  readonly evidence: ReadonlyArray<Evidence>;
  /** Whether the requirer speaks one protocol and the provider the other, so that neither hears the other. */
  readonly differs: boolean;
}

/** Most keys listed as evidence; a provider has one for each unit that it answers. */
const MAX_EVIDENCE = 3;

const NOTHING: Spoken = { reactive: [], csr: [] };

/** What a provider's units publish in the reactive protocol. */
interface Reactive {
  /** The first keys for everybody, followed by some that answer one unit. */
  readonly keys: ReadonlyArray<string>;
  readonly answered: ReadonlySet<MungedUnitName>;
}

const COMMON_KEYS: ReadonlySet<string> = new Set(Object.values(PROVIDER_KEYS));

const reactiveIn = (bags: Iterable<Databag>): Reactive => {
  const [common, single, answered] = [new Set<string>(), new Set<string>(), new Set<MungedUnitName>()];
  for (const bag of bags) {
    for (const key of Object.keys(bag)) {
      const unit = answeredUnit(key);
      if (unit !== null) answered.add(unit);
      if (COMMON_KEYS.has(key)) common.add(key);
      else if (unit !== null && single.size < MAX_EVIDENCE) single.add(key);
    }
  }
  return { keys: [...common, ...single].slice(0, MAX_EVIDENCE), answered };
};

const providerSpeaks = ({ providers, applications }: Exchange): ProviderSpoken => {
  const { keys, answered } = reactiveIn(Object.values(providers ?? {}));
  return {
    csr: ANSWER_KEYS.filter((key) => lookup(applications?.published ?? {}, key) !== null).map((key) => ({
      by: 'provider',
      bag: 'application',
      key,
    })),
    reactive: keys.map((key) => ({
      by: 'provider',
      bag: 'unit',
      // The key contains the name of the answered unit, which calls itself whatever it likes.
      key: hidingKeys(key),
    })),
    answered,
  };
};

const requirerSpeaks = ({ asked, isApplication = false }: Exchange): Spoken => {
  if (asked === null) return NOTHING;
  const bag = isApplication ? 'application' : 'unit';
  const of = (keys: ReadonlyArray<string>): ReadonlyArray<Evidence> =>
    keys.slice(0, MAX_EVIDENCE).map((key) => ({ by: 'requirer', bag, key }));
  return {
    csr: of([CSR_REQUESTS.requests].filter((key) => lookup(asked, key) !== null)),
    reactive: isApplication ? [] : of(asksReactively(asked)),
  };
};

const verdict = (exchange: Exchange, requirer: Spoken, provider: ProviderSpoken): Verdict => {
  const spoken = (protocol: SpokenProtocol, differs = false): Verdict => {
    const evidence = protocol === 'unknown' ? [] : [...provider[protocol], ...requirer[protocol]];
    const others = differs ? (protocol === 'csr' ? provider.reactive : provider.csr) : [];
    return { protocol, evidence: [...evidence, ...others], differs };
  };
  const [asksCsr, asksReactive] = [requirer.csr.length > 0, requirer.reactive.length > 0];
  const [givesCsr, givesReactive] = [provider.csr.length > 0, provider.reactive.length > 0];
  if (exchange.isApplication === true) return spoken('csr', !givesCsr && givesReactive);
  // Who can speak both asks in both forms until the provider says a word: nothing is decided yet.
  if (asksCsr && asksReactive && !givesCsr && !givesReactive) {
    return { protocol: 'unknown', evidence: [...requirer.csr, ...requirer.reactive], differs: false };
  }
  if (asksCsr) {
    return spoken(
      !givesCsr && givesReactive && asksReactive ? 'reactive' : 'csr',
      !givesCsr && givesReactive && !asksReactive,
    );
  }
  if (asksReactive) return spoken('reactive', givesCsr && !givesReactive);
  // If a provider speaks both protocols and answers an unseen unit in the reactive one, the unit speaks that.
  const isAnswered = givesReactive && exchange.asked === null && provider.answered.has(answeredAs(exchange));
  if (givesCsr) return spoken(isAnswered ? 'reactive' : 'csr');
  return spoken(givesReactive ? 'reactive' : 'unknown');
};

/** Determines the protocol of exchanges; what all exchanges of a relation share is examined once. */
export const protocolsOf = (): (exchange: Exchange) => Verdict => {
  const known = new Map<object, Map<unknown, ProviderSpoken>>();
  const none = {};
  return (exchange) => {
    const byProviders = known.get(exchange.providers ?? none) ?? new Map<unknown, ProviderSpoken>();
    known.set(exchange.providers ?? none, byProviders);
    const published = exchange.applications?.published ?? null;
    const provider = byProviders.get(published) ?? providerSpeaks(exchange);
    byProviders.set(published, provider);
    return verdict(exchange, requirerSpeaks(exchange), provider);
  };
};
