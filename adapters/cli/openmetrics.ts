/**
 * `inspect --format openmetrics`: what Prometheus watches, for example through the text files of the node exporter. See docs/monitoring.md.
 *
 * It has only gauges, with ASCII names, so Prometheus's text format reads it as well. It contains no databag values.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 *
 * @module
 */
import { RENEW_AFTER } from '../../core/csr/requires/intent.ts';
import {
  allFindings,
  type Examination,
  type Examinations,
  type ExaminedRequest,
} from '../../core/examine/examination.ts';
import { tallyOf } from '../../core/examine/tally.ts';
import { type Description, renewalMargin } from '../../core/x509/mod.ts';
import { printable } from '../text/printable.ts';

type Labels = Readonly<Record<string, string>>;

/** A value in double quotes: quotes, backslashes and line ends are escaped. */
const quoted = (text: string): string =>
  `"${printable(text, 250).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const labelsOf = (labels: Labels): string =>
  `{${Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`).join(',')}}`;

/** One metric, with each set of labels only once: a duplicate would make the whole file unreadable. */
class Gauge {
  readonly #values = new Map<string, number>();
  readonly #head: ReadonlyArray<string>;
  readonly #name: string;

  constructor(name: string, help: string, unit: string | null = null) {
    this.#name = name;
    this.#head = [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...(unit === null ? [] : [`# UNIT ${name} ${unit}`]),
    ];
  }

  set(labels: Labels, value: number): void {
    this.#values.set(labelsOf(labels), value);
  }

  add(labels: Labels, value: number): void {
    const key = labelsOf(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + value);
  }

  lines(): ReadonlyArray<string> {
    if (this.#values.size === 0) return [];
    return [
      ...this.#head,
      ...[...this.#values].map(([labels, value]) => `${this.#name}${labels === '{}' ? '' : labels} ${value}`),
    ];
  }
}

const seconds = (timestamp: string): number => Date.parse(timestamp) / 1_000;

/** The time by which a certificate should have been renewed: when a requirer of CSRs renews it, or before `inspect` warns. */
const renewAt = (certificate: Description, isCsr: boolean): number => {
  const [from, to] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
  return Math.floor((isCsr ? from + RENEW_AFTER * (to - from) : to - renewalMargin(certificate)) / 1_000);
};

const certificateLabels = (
  { requirer, relationId }: Examination,
  certType: string,
  commonName: string,
  { serialNumber }: Description,
): Labels => ({ requirer, relation: relationId, cert_type: certType, common_name: commonName, serial: serialNumber });

/** The metrics as lines, with the end marker. */
export const metricsLines = (examined: Examinations): ReadonlyArray<string> => {
  const prefix = 'tls_certificates';
  const notAfter = new Gauge(`${prefix}_not_after_timestamp_seconds`, 'When the certificate ends.', 'seconds');
  const renewal = new Gauge(`${prefix}_renew_at_timestamp_seconds`, 'By when it should be renewed.', 'seconds');
  const requests = new Gauge(`${prefix}_requests`, 'Requests of a requirer on a relation.');
  const outstanding = new Gauge(`${prefix}_requests_outstanding`, 'Requests without an answer.');
  const denied = new Gauge(`${prefix}_requests_denied`, 'Requests that the provider denies.');
  const findings = new Gauge(`${prefix}_findings`, 'Findings of tls-certificates inspect, by code.');
  const severities = new Gauge(`${prefix}_findings_by_severity`, 'Findings of tls-certificates inspect, by severity.');
  const inspected = new Gauge(`${prefix}_inspection_timestamp_seconds`, 'As of when this was examined.', 'seconds');

  for (const examination of examined.examinations) {
    const labels = { requirer: examination.requirer, relation: examination.relationId };
    const count = (is: (request: ExaminedRequest) => boolean): number => examination.requests.filter(is).length;
    requests.set(labels, examination.requests.length);
    outstanding.set(labels, count(({ state }) => state === 'unanswered'));
    denied.set(labels, count(({ state }) => state === 'denied'));
    for (const { certType, commonName, answer, csr } of examination.requests) {
      const certificate = answer?.certificate ?? null;
      if (certificate === null) continue;
      const one = certificateLabels(examination, certType, commonName, certificate);
      notAfter.set(one, seconds(certificate.notAfter));
      renewal.set(one, renewAt(certificate, csr !== null));
    }
    const authorities = [['ca', examination.ca], ['chain', examination.chain]] as const;
    for (const [role, certificates] of authorities) {
      for (const certificate of certificates) {
        notAfter.set(
          certificateLabels(examination, role, certificate.subject.text, certificate),
          seconds(certificate.notAfter),
        );
      }
    }
  }
  for (const { code, severity } of allFindings(examined)) findings.add({ code, severity }, 1);
  const { errors, warnings } = tallyOf(examined);
  severities.set({ severity: 'error' }, errors);
  severities.set({ severity: 'warning' }, warnings);
  if (examined.now !== null) inspected.set({}, seconds(examined.now));
  const gauges = [notAfter, renewal, requests, outstanding, denied, findings, severities, inspected];
  return [...gauges.flatMap((gauge) => gauge.lines()), '# EOF'];
};
