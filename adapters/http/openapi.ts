/**
 * The OpenAPI document: operations from effect's HttpApi, and schemas from the decoders.
 *
 * @module
 */
import type * as OpenApi from 'effect/http-api/OpenApi';
import { Input } from '../../core/any/decide.ts';
import type { Schema } from '../../core/model/schema.ts';
import { ExaminationsSchema } from '../schema/examination.ts';
import { defining, type Definitions } from '../schema/json-schema.ts';
import { OutcomeSchema } from '../schema/outcome.ts';
import { describedOperations, HEALTH } from './api.ts';
import { PROBLEMS } from './problem.ts';
import { Ahead, Departing, Faults, Heard, SessionOptions } from '../provider/options.ts';
import {
  HealthSchema,
  ProblemSchema,
  PublishedSchema,
  SessionSchema,
  SeveralSchema,
  ShowUnitSchema,
} from './schemas.ts';

/** Everything that an operation takes or answers. */
const DESCRIBED: ReadonlyArray<Schema> = [
  ...[Input, SessionOptions, Heard, Departing, Ahead, Faults].map(({ schema }) => schema),
  OutcomeSchema,
  ExaminationsSchema,
  HealthSchema,
  ProblemSchema,
  PublishedSchema,
  SessionSchema,
  SeveralSchema,
  ShowUnitSchema,
];

const definitions = (): Definitions =>
  defining('#/components/schemas/', (of) => void DESCRIBED.forEach((schema) => of(schema))).definitions;

/** The titles of the problems with one status. */
const titleOf = (status: string): string =>
  Object.values(PROBLEMS).filter(([of]) => String(of) === status).map(([, title]) => title).join('; or: ');

/** effect refers to the one schema of problems once for each status, under names of its own. */
const withOneProblem = (spec: OpenApi.OpenAPISpec): OpenApi.OpenAPISpec =>
  JSON.parse(JSON.stringify(spec).replace(/(#\/components\/schemas\/Problem)_\d+/g, '$1'));

const written = (): OpenApi.OpenAPISpec => {
  const spec = withOneProblem(describedOperations());
  spec.components.schemas = definitions();
  for (const [path, { get, post, put, delete: remove }] of Object.entries(spec.paths)) {
    for (const operation of [get, post, put, remove]) {
      if (operation === undefined || path === HEALTH) continue;
      // Whether a token is required depends on how the server was started.
      operation.security = [{}, { bearer: [] }];
      for (const [status, response] of Object.entries(operation.responses)) {
        response.description = titleOf(status) || response.description;
      }
    }
  }
  spec.components.securitySchemes = { bearer: { type: 'http', scheme: 'bearer' } };
  return spec;
};

let document: OpenApi.OpenAPISpec | null = null;

/** The OpenAPI 3.1 document; made once, on the first request. */
export const openApi = (): OpenApi.OpenAPISpec => (document ??= written());
