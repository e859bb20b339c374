/**
 * What a configuration asks for: requests whose names may have placeholders.
 *
 * @module
 */
import type { CertType } from '../../../core/model/certificate.ts';
import {
  type Decoder,
  listOf,
  named,
  object,
  omittable,
  oneOf,
  optional,
  required,
  taggedBy,
} from '../../../core/model/codec.ts';
import type { RequestDocument } from '../../../core/reactive/requires/intent.ts';
import { Template } from './placeholder.ts';

/** A request for a certificate of a kind, before its placeholders are filled in. */
export interface RequestTemplateOf<K extends CertType> {
  readonly certType: K;
  readonly commonName: Template;
  readonly sans: ReadonlyArray<Template>;
}

/** A request for a server certificate, which may set its name towards the provider. */
export interface ServerRequestTemplate extends RequestTemplateOf<'server'> {
  readonly certificateName?: Template;
}

/** A request before its placeholders are filled in. */
export type RequestTemplate =
  | ServerRequestTemplate
  | RequestTemplateOf<'client'>
  | RequestTemplateOf<'application'>
  | RequestTemplateOf<'intermediate'>;

/** The names in a request, as JSON. */
interface NamesDocument {
  readonly commonName: string;
  readonly sans?: ReadonlyArray<string> | null;
}

const names = {
  commonName: required(Template, 'The name, which may have placeholders such as {ingress-address}.'),
  sans: optional(
    listOf(Template),
    [],
    'Host names and addresses; a placeholder alone stands for as many as it has values.',
  ),
};

/** Decodes a request before its placeholders are filled in. */
export const RequestTemplate: Decoder<RequestTemplate, RequestDocument> = named(
  'RequestTemplate',
  'One certificate to request.',
  taggedBy<RequestTemplate, 'certType', RequestDocument>('certType', {
    server: object<ServerRequestTemplate, Extract<RequestDocument, { readonly certType: 'server' }>>('closed', {
      certType: required(oneOf('server')),
      ...names,
      certificateName: omittable(Template, 'What the certificate is called towards the provider.'),
    }),
    client: object<RequestTemplateOf<'client'>, NamesDocument & { readonly certType: 'client' }>('closed', {
      certType: required(oneOf('client')),
      ...names,
    }),
    application: object<RequestTemplateOf<'application'>, NamesDocument & { readonly certType: 'application' }>(
      'closed',
      { certType: required(oneOf('application')), ...names },
    ),
    intermediate: object<RequestTemplateOf<'intermediate'>, NamesDocument & { readonly certType: 'intermediate' }>(
      'closed',
      { certType: required(oneOf('intermediate')), ...names },
    ),
  }),
);

/** The template of a server request's name towards the provider; empty if there is none. */
export const nameOf = (request: RequestTemplate): Template =>
  request.certType === 'server' ? request.certificateName ?? [] : [];
