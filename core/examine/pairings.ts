/**
 * Pairs what was requested with the certificates that answer it, and lists answers without a request.
 *
 * @module
 */
import { lookup } from '../databag/lookup.ts';
import { CERT_TYPES, type Certificate, type CertType, hidingKeys, type PrivateKey } from '../model/certificate.ts';
import type { Finding } from '../model/finding.ts';
import { emptyMemory } from '../model/memory.ts';
import { samePem } from '../model/pem-text.ts';
import { munge, type MungedUnitName, type UnitName } from '../model/names.ts';
import type { Databag, Snapshot } from '../model/snapshot.ts';
import { ownNameIn, readAsked } from '../reactive/asked.ts';
import { requires } from '../reactive/requires.ts';
import type { RequiresView } from '../reactive/requires/view.ts';
import { APPLICATION_ENTRY, REQUIRER_KEYS, topLevelKeys } from '../reactive/wire.ts';
import type { UnitExchange } from './exchange.ts';
import { finding } from './findings.ts';
import type { Reader } from './reader.ts';

/** A request, with the certificate that answers it if there is one. */
export interface Pairing {
  readonly certType: CertType;
  readonly commonName: string;
  readonly sans: ReadonlyArray<string> | null;
  readonly certificate: Certificate | null;
  /** Whether the requirer's own reading already reports that it was not requested. */
  readonly isTold: boolean;
}

/** What one unit requested and received, as the requirer reads it. */
export interface Read {
  readonly pairings: ReadonlyArray<Pairing>;
  /** What is malformed, and what the provider units disagree about. */
  readonly findings: ReadonlyArray<Finding>;
}

type Bags = Readonly<Record<UnitName, Databag>>;

/** The unit's name as the provider answers it: as the requirer published it, since across models the provider knows another name. */
export const answeredAs = ({ requirer, asked }: UnitExchange): MungedUnitName =>
  (asked === null ? null : ownNameIn(asked)) ?? munge(requirer);

/** What a first request was for, judged by its answer. */
const commonNameOf = (cert: string, read: Reader): string => {
  const subject = read(cert).certificates[0]?.description.subject;
  return subject?.attributes.find(({ type }) => type === 'CN')?.value ?? '(the first request)';
};

/** If the requirer's databag was not seen, the certificate itself names the answer to its first request. */
const assumedBag = (exchange: UnitExchange, answers: Bags, read: Reader): Databag => {
  const keys = topLevelKeys(munge(exchange.requirer));
  for (const bag of Object.values(answers)) {
    const cert = lookup(bag, keys.cert);
    if (cert !== null) return { [REQUIRER_KEYS.commonName]: commonNameOf(cert, read) };
  }
  return {};
};

/** The answer to a first request that the unit does not make; the requirer's reading leaves it out. */
const unaskedFirst = (exchange: UnitExchange, answers: Bags, read: Reader): ReadonlyArray<Pairing> => {
  const keys = topLevelKeys(answeredAs(exchange));
  for (const bag of Object.values(answers)) {
    const [cert, key] = [lookup(bag, keys.cert), lookup(bag, keys.key)];
    if (cert === null || key === null) continue;
    const commonName = commonNameOf(cert, read);
    // The value under this databag key is a private key.
    const certificate: Certificate = { certType: 'server', commonName, cert, key: key as PrivateKey };
    return [{ certType: 'server', commonName, sans: null, certificate, isTold: true }];
  }
  return [];
};

const snapshotOf = (exchange: UnitExchange, local: MungedUnitName, asked: Databag, answers: Bags): Snapshot => ({
  // A munged name is its own munged form.
  localUnit: local as string as UnitName,
  endpoint: '',
  isLeader: false,
  relations: [{
    id: exchange.relationId,
    localUnitData: asked,
    localApplicationData: {},
    remoteApplicationData: {},
    remoteUnits: answers,
  }],
});

const certificatesOf = (view: RequiresView, certType: CertType): ReadonlyArray<Certificate> =>
  ({
    server: view.serverCerts,
    client: view.clientCerts,
    application: view.applicationCerts,
    intermediate: view.intermediateCerts,
  })[certType];

/** All requests, followed by all answers without a request. */
const paired = (exchange: UnitExchange, view: RequiresView, answers: Bags, read: Reader): ReadonlyArray<Pairing> => {
  const asked = readAsked(exchange.asked ?? {}, exchange.relationId, exchange.requirer);
  const top = asked.top;
  const pairings = CERT_TYPES.flatMap((certType) => {
    const certificates = certificatesOf(view, certType);
    const byName = new Map(certificates.map((certificate) => [certificate.commonName, certificate]));
    const collected = [...asked.collections[certType]].map(([commonName, sans]): Pairing => ({
      certType,
      commonName,
      sans,
      certificate: byName.get(certType === 'application' ? APPLICATION_ENTRY : commonName) ?? null,
      isTold: false,
    }));
    const first: ReadonlyArray<Pairing> = certType !== 'server' || top === null ? [] : [{
      certType,
      commonName: top.commonName,
      sans: top.sans ?? [],
      certificate: certificates.find(({ commonName }) => commonName === top.commonName) ?? null,
      isTold: false,
    }];
    const answered = new Set([...first, ...collected].map(({ certificate }) => certificate));
    const beside = certificates.filter((certificate) => !answered.has(certificate)).map((certificate): Pairing => ({
      certType,
      commonName: certificate.commonName,
      sans: null,
      certificate,
      isTold: false,
    }));
    return [...first, ...collected, ...beside];
  });
  return [...pairings, ...(exchange.asked === null || top !== null ? [] : unaskedFirst(exchange, answers, read))];
};

/** Names that provider units answer with different certificates, without repeats. Another form of the same PEM is no difference (D31). */
const disagreements = (
  { relationId }: UnitExchange,
  views: ReadonlyArray<RequiresView>,
): ReadonlyArray<Finding> =>
  CERT_TYPES.flatMap((certType) => {
    const answers = new Map<string, { readonly cert: string; differs: boolean }>();
    for (const view of views) {
      // If one databag has several with one name, the last counts.
      for (const [name, cert] of new Map(certificatesOf(view, certType).map((one) => [one.commonName, one.cert]))) {
        const known = answers.get(name);
        if (known === undefined) answers.set(name, { cert, differs: false });
        else if (!samePem(known.cert, cert)) known.differs = true;
      }
    }
    return [...answers].filter(([, { differs }]) => differs).map(([commonName]) =>
      finding(
        'providers-disagree',
        { relationId, commonName: hidingKeys(commonName) },
        'the provider units answer with different certificates: the first one is used',
      )
    );
  });

/** Reads what a unit requested, and what `answers`, the part of the provider's databags that addresses the unit, says about it. */
export const readPairings = (exchange: UnitExchange, answers: Bags, read: Reader): Read => {
  const local = answeredAs(exchange);
  const asked = exchange.asked ?? assumedBag(exchange, answers, read);
  const decided = (bags: Bags) =>
    requires.decide(snapshotOf(exchange, local, asked, bags), requires.nothing, emptyMemory);
  const { view, findings } = decided(answers);
  const units = Object.entries(answers);
  const views = units.length < 2 ? [] : units.map(([unit, bag]) => decided({ [unit]: bag }).view);
  return {
    pairings: paired(exchange, view, answers, read),
    findings: [...disagreements(exchange, views), ...findings],
  };
};
