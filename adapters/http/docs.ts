/**
 * The documentation at `/docs`: the OpenAPI document as one page without any script, font or picture, with examples, an explanation of each
 * status, and what an inspection can find.
 *
 * @module
 */
import { EXAMINE_FINDINGS } from '../../core/examine/findings.ts';
import { REMEDIES } from '../../core/examine/remedies.ts';
import { ROUTES } from './api.ts';
import { EXAMPLES } from './examples.ts';
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
nav ul { columns: 18rem; padding-left: 1.1rem; }
.wide { overflow-x: auto; }
h3 { font-size: 1rem; margin-bottom: 0.4rem; }
`;

/** The name of the schema that a reference points to, or the schema's own words. */
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
    : `<div class="wide" tabindex="0"><table><thead><tr>${
      head.map((cell) => `<th>${cell}</th>`).join('')
    }</tr></thead><tbody>${
      body.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
    }</tbody></table></div>`;

/** What the page reads of an operation. */
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly in: string }>;
  readonly requestBody?: { readonly content: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
}

/** What the statuses of answers mean; those of problems are explained by the problems that have them. */
const ANSWERS: Readonly<Record<string, string>> = {
  '200': 'Done',
  '201': 'Made',
  '204': 'Done; there is nothing to say',
};

/** A status in words. */
const statusWords = (status: string, content: Content | undefined): string => {
  const titles = Object.entries(PROBLEMS).filter(([, [of]]) => String(of) === status);
  const named = JSON.stringify(content ?? {});
  const told = titles.filter(([kind]) => named.includes(`#${kind}"`) || titles.length === 1);
  return ANSWERS[status] ??
    (told.length > 0 ? told : titles).map(([kind, [, title]]) => `<a href="#${kind}">${escaped(title)}</a>`).join(
      ', or ',
    );
};

const anchorOf = (method: string, path: string): string =>
  `${method}-${path.replaceAll(/[^a-z]+/gi, '-').replaceAll(/^-|-$/g, '')}`;

const json = (value: unknown): string => `<pre tabindex="0">${escaped(JSON.stringify(value, null, 2))}</pre>`;

/** The example of an operation, as `curl` sends it. */
const exampleOf = (method: string, path: string): string => {
  const route = ROUTES.find((one) =>
    one.method.toLowerCase() === method && one.path.replaceAll(/:(\w+)/g, '{$1}') === path
  );
  if (route === undefined) return '';
  const { request, status, answer } = EXAMPLES[route.operation];
  const sent = request === undefined ? '' : ` -H 'content-type: application/json' -d '${JSON.stringify(request)}'`;
  const verb = method === (request === undefined ? 'get' : 'post') ? '' : ` -X ${method.toUpperCase()}`;
  const url = `localhost:8080${path.replace('{session}', 'my-test')}`;
  return `<h3>Example</h3>
<pre tabindex="0">${escaped(`curl -s${verb} ${url}${sent}`)}</pre>
<p>Status ${status}.${answer === undefined ? '' : ' Among what comes back:'}</p>
${answer === undefined ? '' : json(answer)}`;
};

const operationSection = (method: string, path: string, operation: Operation): string => `
<section id="${anchorOf(method, path)}">
<h2><code><span class="verb">${escaped(method.toUpperCase())}</span>${escaped(path)}</code></h2>
<p><strong>${escaped(operation.summary ?? '')}.</strong> ${escaped(operation.description ?? '')}</p>
${
  rows(['Parameter', 'in'], (operation.parameters ?? []).map((p) => [`<code>${escaped(p.name)}</code>`, escaped(p.in)]))
}
${operation.requestBody === undefined ? '' : `<p>Takes ${contentRows(operation.requestBody.content)}</p>`}
${
  rows(
    ['Status', 'Meaning', 'Answer'],
    Object.entries(operation.responses ?? {}).map((
      [status, { content }],
    ) => [status, statusWords(status, content), contentRows(content)]),
  )
}
${exampleOf(method, path)}
</section>`;

const METHODS = ['get', 'post', 'put', 'delete', 'patch'] as const;

const written = (): Page => {
  const { info, paths, components } = openApi();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [operationSection(method, path, operation as Operation)];
    })
  );
  const contents = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [
        `<li><a href="#${anchorOf(method, path)}"><code>${method.toUpperCase()} ${escaped(path)}</code></a></li>`,
      ];
    })
  );
  const findings = Object.entries(EXAMINE_FINDINGS).map(([code, severity]) => [
    `<code id="finding-${code}">${code}</code>`,
    severity,
    escaped(REMEDIES[code] ?? ''),
  ]);
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
<header>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description ?? '')} Version ${
    escaped(info.version)
  }. For programs: <a href="/openapi.json">openapi.json</a>. For people: <a href="/">the inspector page</a>.</p>
</header>
<nav aria-label="Contents">
<h2>Contents</h2>
<ul>
${contents.join('\n')}
<li><a href="#problems">Problems</a></li>
<li><a href="#findings">Findings</a></li>
<li><a href="#schemas">Schemas</a></li>
</ul>
</nav>
<main>
${operations.join('\n')}
<h2 id="problems">Problems</h2>
<p>Everything but an answer is a problem document (RFC 9457). <code>type</code> says which problem it is, <code>detail</code> what to do,
and <code>errors</code> where the mistakes are.</p>
${rows(['Problem', 'Status', 'Meaning'], problems)}
<h2 id="findings">Findings</h2>
<p>What an inspection can find, how grave it is, and what to do about it.</p>
${rows(['Finding', 'Severity', 'What to do'], findings)}
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</main>
</body>
</html>
`;
  return { text, policy: `default-src 'none'; style-src ${hashSource(STYLE)}; base-uri 'none'; form-action 'none'` };
};

let page: Page | null = null;

/** The page; made once, on the first request. */
export const docsPage = (): Page => (page ??= written());
