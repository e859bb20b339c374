/**
 * `inspect` of PEM files: which certificates a server would send, what they chain to, and whether the private key belongs to them.
 *
 * All files are examined together. A certificate that is not a CA's is judged; a self-issued CA is trusted; other CAs form the chain. Keys
 * are assigned to the certificates that they belong to, and are then dropped.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Examination, ExaminedRequest } from '../../core/examine/examination.ts';
import { finding } from '../../core/examine/findings.ts';
import { verdictsOf } from '../../core/examine/verdicts.ts';
import { hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import { type InputError, inputError } from '../../core/model/input-error.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import { formFaultsOf, valueFaults } from '../../core/x509/fault.ts';
import type { Description } from '../../core/x509/mod.ts';
import { judgeCa, judgeRead, pairOf, readValue, type Shelf, type TriedKey, tryKey } from '../../core/x509/mod.ts';
import { type Block, isDer, KEY_KINDS, readBlocks, writePem } from '../../core/x509/pem.ts';
import type { Text } from '../reading/observed.ts';

/** Takes the place of a relation id, which always contains a colon. */
export const FILES = 'files';

/** The examination of files, and its requests whose private key was found and belongs to them. */
export interface ExaminedFiles {
  readonly examination: Examination;
  readonly withKey: ReadonlySet<ExaminedRequest>;
}

/** The time of the examination, and how early to warn. */
export interface Moment {
  readonly now: Date | null;
  readonly endsWithinDays?: number;
}

interface KeyText {
  readonly name: string;
  readonly text: string;
}

interface Leaf {
  readonly pem: string;
  readonly description: Description;
}

/** Whether a text is PEM or DER as in files: a block starts at the beginning of a line, which it does in no document. */
export const isPemFile = ({ bytes }: Text): boolean =>
  isDer(bytes) ||
  /^-----BEGIN (?:[A-Z0-9 ]{0,40}KEY|[A-Z0-9 ]{0,20}CERTIFICATE(?: REQUEST)?)-----/m.test(latin1(bytes));

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** The text of one block, unchanged: a password-protected key has more than base64. */
const blockText = (lines: ReadonlyArray<string>, { line }: Block): string => {
  const end = lines.findIndex((text, i) => i >= line && text.includes('-----END'));
  return lines.slice(line - 1, end === -1 ? undefined : end + 1).join('\n');
};

/** What all files contain together. */
class Found {
  readonly certificates = new Map<string, Leaf>();
  readonly keys: Array<KeyText> = [];
  readonly findings: Array<Finding> = [];
  readonly #shelf: Shelf = new Map();

  add({ name, bytes }: Text): void {
    const encoded = isDer(bytes) ? writePem('CERTIFICATE', bytes) : latin1(bytes);
    const lines = encoded.split(/\r?\n/);
    for (const block of readBlocks(encoded, 'certificate').blocks) {
      if (KEY_KINDS.has(block.kind)) this.keys.push({ name, text: blockText(lines, block) });
      if (block.kind !== 'certificate') continue;
      const pem = writePem('CERTIFICATE', block.bytes);
      const description = readValue(pem, this.#shelf).certificates[0]?.description;
      if (description !== undefined) this.certificates.set(description.sha256, { pem, description });
    }
    this.#complain(name, encoded);
  }

  /** What cannot be read, and a form that some servers reject. A key next to a certificate is normal in a file. */
  #complain(name: string, encoded: string): void {
    const value = readValue(encoded, this.#shelf);
    const faults = value.faults.filter(({ code }) =>
      code !== 'private-key' && code !== 'not-a-certificate' && code !== 'no-certificate'
    );
    const all = [...valueFaults('certificate', { ...value, faults }), ...formFaultsOf('certificate', value.form)];
    const words = { own: 'the certificate', path: [], now: null };
    for (const [code, message] of verdictsOf(all, words)) {
      this.findings.push(finding(code, { key: name }, message));
    }
  }
}

const isCa = ({ basicConstraints }: Description): boolean => basicConstraints?.ca === true;

/** CA names are compared as they are displayed. */
const issuedNone = ({ description: { subject } }: Leaf, all: ReadonlyArray<Leaf>): boolean =>
  all.every(({ description }) => description.issuer.text !== subject.text);

const isTop = ({ description: { issuer, selfIssued } }: Leaf, all: ReadonlyArray<Leaf>): boolean =>
  selfIssued || all.every(({ description }) => description.subject.text !== issuer.text);

/** Which certificates are judged, which are trusted, and which are between them. */
const sorted = (all: ReadonlyArray<Leaf>) => {
  const ends = all.filter(({ description }) => !isCa(description));
  const leaves = ends.length > 0 ? ends : all.filter((one) => !one.description.selfIssued && issuedNone(one, all));
  const others = all.filter((one) => !leaves.includes(one));
  const roots = others.filter(({ description }) => description.selfIssued);
  const trusted = roots.length > 0 ? roots : others.filter((one) => isTop(one, others));
  return { leaves, trusted, between: others.filter((one) => !trusted.includes(one)) };
};

const kindOf = (description: Description): ExaminedRequest['certType'] => {
  if (isCa(description)) return 'intermediate';
  const uses = description.extendedKeyUsage;
  return uses !== null && uses.includes('clientAuth') && !uses.includes('serverAuth') ? 'client' : 'server';
};

const nameOf = ({ subject, sans }: Description): string =>
  subject.attributes.find(({ type }) => type === 'CN')?.value ?? sans[0]?.value ?? subject.text;

/** The key that belongs to a certificate. A single key is assigned to a single certificate even if it does not belong to it. */
const keyFor = async (leaf: Leaf, keys: ReadonlyArray<KeyText>, isOnly: boolean): Promise<TriedKey | null> => {
  const value = readValue(leaf.pem);
  for (const { text } of keys) {
    const tried = await tryKey(value, text)();
    if (tried.fault === null || (isOnly && keys.length === 1)) return tried;
  }
  return null;
};

/** Examines PEM files together. `Left` if they contain no certificate. */
export const examineFiles = async (
  texts: ReadonlyArray<Text>,
  moment: Moment,
): Promise<E.Either<InputError, ExaminedFiles>> => {
  const found = new Found();
  for (const text of texts) found.add(text);
  const all = [...found.certificates.values()];
  if (all.length === 0) {
    const path = texts.map(({ name }) => name).join(', ');
    return E.left(inputError([{ path, message: 'there is no certificate in it that can be read' }]));
  }
  const { leaves, trusted, between } = sorted(all);
  const textOf = (some: ReadonlyArray<Leaf>): string => some.map(({ pem }) => pem).join('');
  const [ca, chain] = [textOf(trusted), textOf(between)];
  const withKey = new Set<ExaminedRequest>();
  const requests: Array<ExaminedRequest> = [];
  const used = new Set<TriedKey>();
  for (const leaf of leaves) {
    const key = await keyFor(leaf, found.keys, leaves.length === 1);
    const judged = await judgeRead({
      ...moment,
      pair: pairOf(readValue(leaf.pem), key),
      certType: kindOf(leaf.description),
      names: null,
      ca: trusted.length === 0 ? null : readValue(ca),
      chain: between.length === 0 ? null : readValue(chain),
    })();
    const place = { commonName: hidingKeys(nameOf(leaf.description)) };
    const verdicts = verdictsOf(judged.faults, { own: 'the certificate', path: judged.path, now: moment.now });
    const request: ExaminedRequest = {
      certType: kindOf(leaf.description),
      commonName: place.commonName,
      sans: null,
      state: 'answered',
      answer: { certificate: judged.certificate, path: judged.path, verified: judged.isVerified },
      csr: null,
      denied: null,
      findings: verdicts.map(([code, message]) => finding(code, place, message)),
    };
    requests.push(request);
    if (key?.fault === null) {
      withKey.add(request);
      used.add(key);
    }
  }
  const caFaults = trusted.length === 0 ? null : judgeCa(ca, moment.now, moment.endsWithinDays);
  const examination: Examination = {
    relationId: FILES as RelationId,
    // The files take the place of a unit.
    requirer: texts.map(({ name }) => name).join(', ') as UnitName,
    asker: 'unit',
    protocol: 'unknown',
    evidence: [],
    capabilities: null,
    providers: [],
    askedSeen: true,
    areRolesAssumed: false,
    ca: trusted.map(({ description }) => description),
    chain: between.map(({ description }) => description),
    requests,
    waitingSince: null,
    findings: [
      ...found.findings,
      ...(trusted.length === 0 ? [finding('no-ca', {}, 'there is no CA in these files: give its file as well')] : []),
      ...(caFaults === null
        ? []
        : verdictsOf(caFaults.faults, { own: null, path: caFaults.certificates, now: moment.now })
          .map(([code, message]) => finding(code, { key: 'ca' }, message))),
      ...(leaves.length > 1 && found.keys.length > used.size
        ? [finding('key-mismatch', {}, 'a private key in these files belongs to none of the certificates')]
        : []),
    ],
  };
  return E.right({ examination, withKey });
};
