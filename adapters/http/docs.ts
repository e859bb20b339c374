/**
 * The documentation at `/docs`: the OpenAPI document as one page without any script, font or picture.
 *
 * @module
 */
import { openApi } from './openapi.ts';
import { hashSource, type Page } from './page.ts';
import { PROBLEMS } from './problem.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; font: 16px/1.55 Inter, system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 1.9rem; letter-spacing: -0.02em; margin-bottom: 0; }
h2 { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: 1.2rem; }
code, pre { font: 0.86em/1.5 ui-monospace, 'JetBrains Mono', monospace; }
pre { background: var(--soft); padding: 1rem; border-radius: 8px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 1rem 0.4rem 0; border-bottom: 1px solid var(--line); }
.verb { font-weight: 600; margin-right: 0.5em; }
summary { cursor: pointer; padding: 0.3rem 0; }
`;

/** The name of the schema that a reference leads to, or the schema's own words. */
const schemaName = (schema: unknown): string => {
  const text = JSON.stringify(schema) ?? '';
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);
  return [...new Set(names)].map((name) => `<a href="#schema-${escaped(name)}">${escaped(name)}</a>`).join(', ') ||
    'any';
};

type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

const contentRows = (content: Content | undefined): string =>
  Object.entries(content ?? {}).map(([type, { schema }]) => `<code>${escaped(type)}</code> ${schemaName(schema)}`).join(
    '<br>',
  );

const rows = (head: ReadonlyArray<string>, body: ReadonlyArray<ReadonlyArray<string>>): string =>
  body.length === 0
    ? ''
    : `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${
      body.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
    }</tbody></table>`;

/** What the page reads of an operation. */
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly in: string }>;
  readonly requestBody?: { readonly content: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
}

const operationSection = (method: string, path: string, operation: Operation): string => `
<h2><code><span class="verb">${escaped(method.toUpperCase())}</span>${escaped(path)}</code></h2>
<p><strong>${escaped(operation.summary ?? '')}.</strong> ${escaped(operation.description ?? '')}</p>
${
  rows(['Parameter', 'in'], (operation.parameters ?? []).map((p) => [`<code>${escaped(p.name)}</code>`, escaped(p.in)]))
}
${operation.requestBody === undefined ? '' : `<p>Takes ${contentRows(operation.requestBody.content)}</p>`}
${
  rows(
    ['Status', 'Answer'],
    Object.entries(operation.responses ?? {}).map(([status, { content }]) => [status, contentRows(content)]),
  )
}`;

const METHODS = ['get', 'post', 'put', 'delete', 'patch'] as const;

const written = (): Page => {
  const { info, paths, components } = openApi();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [operationSection(method, path, operation as Operation)];
    })
  );
  const problems = Object.entries(PROBLEMS).map(([kind, [status, title]]) => [
    `<code id="${kind}">${kind}</code>`,
    String(status),
    escaped(title),
  ]);
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary><pre>${
      escaped(JSON.stringify(schema, null, 2))
    }</pre></details>`
  );
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}: the API</title>
<style>${STYLE}</style>
<body>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description ?? '')} Version ${
    escaped(info.version)
  }. For programs: <a href="/openapi.json">openapi.json</a>.</p>
${operations.join('\n')}
<h2>Problems</h2>
<p>Whatever is not an answer is a problem document (RFC 9457): <code>type</code> tells which, <code>detail</code> what to do,
<code>errors</code> the paths of the mistakes.</p>
${rows(['Problem', 'Status', 'Meaning'], problems)}
<h2>Schemas</h2>
${schemas.join('\n')}
</body>
</html>
`;
  return { text, policy: `default-src 'none'; style-src ${hashSource(STYLE)}; base-uri 'none'; form-action 'none'` };
};

let page: Page | null = null;

/** The page; made once, when somebody asks for it. */
export const docsPage = (): Page => (page ??= written());
