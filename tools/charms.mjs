/**
 * Builds charms that consist only of their configuration: a charm's folder, its configuration checked and converted to JSON, which every
 * hook reads several times faster, and the one program that its `dispatch` starts.
 *
 *     node tools/charms.mjs [FOLDER…] [--for FORM]… [--out FOLDER] [--parts] [--keep-yaml]
 *     node tools/charms.mjs --demo [--bridge] [--for FORM] [--out FOLDER]
 *
 * By default, it builds the charms in `examples`. The forms are `amd64` and `arm64`, programs that need nothing else on the machine, and
 * `node`, `deno` and `bun`, scripts for that runtime. Programs require Bun, which npm installs; Deno alone can build the scripts. Each
 * charm is written to `dist/charms/FORM/NAME`.
 *
 * @module
 */
// @ts-check
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseDocument, stringify } from 'yaml';
import { bundleHook, bundleHookAsOne, compileHook, load } from './bundle.mjs';
import { calledFrom } from './called-from.mjs';
import { areAvailable, runtime } from './runtimes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The program's name in a charm; `dispatch` starts it. */
const PROGRAM = 'tls-certificates';
const CONFIGURATION = 'tls-certificates.yaml';

/** The first line of scripts. No runtime may look for packages, settings or a cache while a hook runs. */
const INTERPRETERS = {
  node: '#!/usr/bin/env node',
  deno:
    '#!/usr/bin/env -S DENO_DIR=/dev/null deno run --quiet --no-config --no-lock --no-remote --no-npm --ext=mjs --allow-all',
  bun: '#!/usr/bin/env -S BUN_RUNTIME_TRANSPILER_CACHE_PATH=0 bun --no-install --no-env-file',
};

/** What Bun calls the machines. */
const TARGETS = { amd64: 'bun-linux-x64', arm64: 'bun-linux-arm64' };

/** @typedef {keyof typeof INTERPRETERS | keyof typeof TARGETS} Form */

/** The forms in which charms are built. @type {ReadonlyArray<Form>} */
export const FORMS = ['amd64', 'arm64', 'node', 'deno', 'bun'];

/** The forms that can be built here: programs require Bun, which npm installs. */
const formsHere = () => {
  if ('Bun' in globalThis || areAvailable()) return FORMS;
  console.error('charms: amd64 and arm64 are left out: they take Bun, which npm installs, and there is no npm');
  return FORMS.filter((form) => form in INTERPRETERS);
};

/** What is wrong with a charm or with the arguments, for the user. */
class Complaint extends Error {}

/** @param {string} path @param {keyof typeof INTERPRETERS} form */
const interpret = async (path, form) => {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^#!.*/, INTERPRETERS[form]));
};

/** @param {string} path @param {keyof typeof TARGETS} form */
const compile = async (path, form) => {
  const scratch = await mkdtemp(join(tmpdir(), 'hook-'));
  try {
    await bundleHook(scratch);
    compileHook(
      'Bun' in globalThis ? process.execPath : runtime('bun'),
      join(scratch, 'hook.mjs'),
      path,
      TARGETS[form],
    );
  } catch (error) {
    throw new Complaint(`no program for ${form}: ${error instanceof Error ? error.message : error}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
};

/**
 * Makes the program in a folder: one file, `tls-certificates`. With `parts`, what only some hooks need is in a folder `parts` next to it.
 *
 * @param {string} folder
 * @param {{ form: Form, parts?: boolean }} options
 */
const makeProgram = async (folder, { form, parts = false }) => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, PROGRAM);
  if (form === 'amd64' || form === 'arm64') await compile(path, form);
  else {
    if (parts) {
      await bundleHook(folder, { name: PROGRAM, chunkNames: 'parts/[name]-[hash]' });
      await rename(`${path}.mjs`, path);
    } else await bundleHookAsOne(path);
    await interpret(path, form);
  }
  await chmod(path, 0o755);
};

/** The configuration as JSON, which is also YAML; errors in it are reported here and not in the first hook. @param {string} path */
const configurationIn = async (path) => {
  const { configurationAsJson } = await load('tools/configuration.ts');
  const result = configurationAsJson(relative(process.cwd(), path), await readFile(path));
  const { _tag, left, right } = await result();
  if (_tag === 'Left') throw new Complaint(left.message);
  return right;
};

/** The content of a YAML file; nothing if the file is missing. @param {string} path @returns {Promise<any>} */
const yamlIn = async (path) => {
  if (!existsSync(path)) return {};
  const document = parseDocument(await readFile(path, 'utf8'));
  if (document.errors.length > 0) throw new Complaint(`${path} is not YAML`);
  return document.toJS() ?? {};
};

/** What the configuration mentions must be in the charm's other files. @param {string} source @param {string} configuration */
const checkMentions = async (source, configuration) => {
  const { side, endpoint, below, above, requests, install = [] } = JSON.parse(configuration);
  const role = side?.endsWith('/provides') ? 'provides' : 'requires';
  const metadata = await yamlIn(join(source, 'metadata.yaml'));
  const needed = below === undefined ? [[role, endpoint]] : [['provides', below], ['requires', above]];
  for (const [where, name] of needed) {
    const declared = metadata[where]?.[name];
    // Juju accepts the interface alone as the whole description of an endpoint.
    if ((declared?.interface ?? declared) !== 'tls-certificates') {
      throw new Complaint(`${source}/metadata.yaml: expected ${where}: ${name}: interface: tls-certificates`);
    }
  }
  const { options } = await yamlIn(join(source, 'config.yaml'));
  // Only these have placeholders.
  const templates = JSON.stringify([requests, install.map((/** @type {any} */ { commonName }) => commonName)]);
  for (const [, option = ''] of templates.matchAll(/\{config\.([^}]+)\}/g)) {
    if (options?.[option] === undefined) {
      throw new Complaint(
        `${source}/config.yaml: expected an option ${option}, since ${CONFIGURATION} has {config.${option}}`,
      );
    }
  }
};

/** The file that declares a charm's actions to Juju. */
const ACTIONS = 'actions.yaml';

/** The charm's own actions together with the program's. @param {string} source @param {string} configuration */
const actionsIn = async (source, configuration) => {
  const { actionsOf } = await load('tools/actions.ts');
  const [own, ours] = [await yamlIn(join(source, ACTIONS)), actionsOf(JSON.parse(configuration).side)];
  const twice = Object.keys(own).find((name) => Object.hasOwn(ours, name));
  if (twice !== undefined) {
    throw new Complaint(
      `${source}/${ACTIONS}: ${twice} is an action of ${PROGRAM}, which declares it itself: leave it out`,
    );
  }
  const { actions } = await yamlIn(join(source, 'charmcraft.yaml'));
  if (actions !== undefined) {
    throw new Complaint(
      `${source}/charmcraft.yaml: declare the charm's own actions in ${ACTIONS}, where the build adds its own`,
    );
  }
  return stringify({ ...own, ...ours }, { lineWidth: 0 });
};

/** What charmcraft would make the charm for. @param {string} path @returns {Promise<{ base: string, platforms: Record<string, unknown> }>} */
const targetsIn = async (path) => {
  const { base, platforms } = await yamlIn(path);
  if (!/^\w+@[\w.]+$/.test(base) || typeof platforms !== 'object' || platforms === null) {
    throw new Complaint(`${path}: expected a base such as ubuntu@24.04, and platforms such as amd64`);
  }
  return { base, platforms };
};

/** @param {string} folder @param {string} file */
const mustHave = async (folder, file) => {
  const found = await stat(join(folder, file)).catch(() => null);
  if (found === null) throw new Complaint(`${folder} is no charm: it has no ${file}`);
  return found;
};

/** Whether one folder is the other or is inside it. @param {string} inner @param {string} outer */
const isWithin = (inner, outer) => !relative(outer, inner).startsWith('..');

/** A charm's folder, after checking that it is one. @param {string} source */
const charmIn = async (source) => {
  for (const file of ['metadata.yaml', 'charmcraft.yaml', CONFIGURATION]) await mustHave(source, file);
  if (((await mustHave(source, 'dispatch')).mode & 0o111) === 0) {
    throw new Complaint(`${join(source, 'dispatch')} is not executable (chmod +x): Juju would fail every hook`);
  }
  const configuration = await configurationIn(join(source, CONFIGURATION));
  await checkMentions(source, configuration);
  const actions = await actionsIn(source, configuration);
  return { source, configuration, actions, ...await targetsIn(join(source, 'charmcraft.yaml')) };
};

/** What Juju needs to know about a charm that was not packed by charmcraft. @param {Charm} charm @param {Form} form */
const manifestOf = ({ base, platforms }, form) => {
  const [name, channel] = base.split('@');
  const architectures = form === 'amd64' || form === 'arm64' ? [form] : Object.keys(platforms);
  return `${JSON.stringify({ bases: [{ name, channel, architectures }] }, null, 2)}\n`;
};

/** @typedef {Awaited<ReturnType<typeof charmIn>>} Charm */

/**
 * Builds a charm into a folder, replacing what is there.
 *
 * @param {Charm} charm
 * @param {string} folder
 * @param {{ program: string, form: Form, keepYaml: boolean }} options `program` is the folder that {@link makeProgram} has filled
 */
const buildCharm = async (charm, folder, { program, form, keepYaml }) => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await cp(charm.source, folder, { recursive: true, verbatimSymlinks: true });
  await cp(program, folder, { recursive: true });
  if (!keepYaml) await writeFile(join(folder, CONFIGURATION), charm.configuration);
  await writeFile(join(folder, ACTIONS), charm.actions);
  await writeFile(join(folder, 'manifest.yaml'), manifestOf(charm, form));
};

/** The charms in this repository. */
const EXAMPLES = ['charm-requirer', 'charm-provider', 'charm-bridge'].map((name) => join(root, 'examples', name));

/**
 * Builds charms in all requested forms, and returns the folders that contain them.
 *
 * @param {ReadonlyArray<string>} sources
 * @param {{ out: string, forms: ReadonlyArray<Form>, parts?: boolean, keepYaml?: boolean }} options
 */
export const buildCharms = async (sources, { out, forms, parts = false, keepYaml = false }) => {
  const charms = [];
  for (const source of sources) charms.push(await charmIn(resolve(source)));
  /** @param {Form} form @param {Charm} charm */
  const folderFor = (form, { source }) => join(out, form, basename(source));
  /** @type {Set<string>} */
  const targets = new Set();
  for (const form of forms) {
    for (const charm of charms) {
      const folder = resolve(folderFor(form, charm));
      if (targets.has(folder)) {
        throw new Complaint(
          `${charm.source} and another charm have the same name, ${basename(charm.source)}: rename one`,
        );
      }
      targets.add(folder);
      if (isWithin(folder, charm.source) || isWithin(charm.source, folder)) {
        throw new Complaint(`${folder} is no place to build ${charm.source} in: neither may lie in the other (--out)`);
      }
    }
  }
  const built = [];
  const scratch = await mkdtemp(join(tmpdir(), 'charms-'));
  try {
    for (const form of forms) {
      const program = join(scratch, form);
      await makeProgram(program, { form, parts });
      for (const charm of charms) {
        const folder = folderFor(form, charm);
        await buildCharm(charm, folder, { program, form, keepYaml });
        built.push(folder);
      }
      await rm(program, { recursive: true });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return built;
};

const HELP = `Builds charms that are nothing but their configuration.

  charms [FOLDER…] [--for FORM]… [--out FOLDER] [--parts] [--keep-yaml]
  charms --demo [--bridge] [--for FORM] [--out FOLDER]

FOLDER       a charm: metadata.yaml, charmcraft.yaml, dispatch, tls-certificates.yaml; those in examples/ unless said
--for FORM   ${FORMS.join(', ')}: a program for machines of that kind, or a script for that runtime; all unless said
--out FOLDER where they come to, as FORM/NAME; dist/charms unless said
--parts      scripts: what few hooks need is in a folder of its own, so that the others start faster
--keep-yaml  leave the configuration in YAML, which every hook takes longer to read
--demo       build the examples, have them converse in a Juju for tests, and show the certificates on disk
--bridge     with --demo: show the bridge, between a charm that asks by name and a provider that signs certificate requests
`;

/** The runtime that runs this. */
const PRESENT = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node';

/** @param {string} folder @param {Form} form @param {boolean} isBridge */
const demonstrate = async (folder, form, isBridge) => {
  const [requirer, provider, bridge] = await buildCharms(EXAMPLES, { out: join(folder, 'built'), forms: [form] });
  const shown = {
    folder: join(folder, 'machine'),
    runtime: form === PRESENT ? form : null,
    /** @param {string} line */
    print: (line) => console.log(line),
  };
  const { verified } = isBridge
    ? await (await load('tools/bridge-demo.ts')).bridgeDemo({ bridge, provider, ...shown })
    : await (await load('tools/charms-demo.ts')).charmsDemo({ requirer, provider, ...shown });
  return verified === null || Object.values(verified).every(Boolean) ? 0 : 1;
};

/** @param {ReadonlyArray<string>} args */
const main = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      bridge: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
      for: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
      'keep-yaml': { type: 'boolean', default: false },
      out: { type: 'string' },
      parts: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const forms = (values.for ?? (values.demo ? [PRESENT] : formsHere())).map((name) => {
    const form = FORMS.find((known) => known === name);
    if (form === undefined) throw new Complaint(`--for ${name}: expected one of ${FORMS.join(', ')}`);
    return form;
  });
  if (values.bridge && !values.demo) throw new Complaint('--bridge is for --demo');
  if (values.demo) {
    const [form] = forms;
    if (forms.length !== 1 || form === undefined || positionals.length > 0) {
      throw new Complaint('--demo shows the examples in one form');
    }
    const folder = resolve(values.out ?? join(root, 'dist/charms-demo'));
    if (values.out === undefined) await rm(folder, { recursive: true, force: true });
    else if (existsSync(folder)) throw new Complaint(`--out ${values.out}: it is there already; name a new folder`);
    return await demonstrate(folder, form, values.bridge);
  }
  const built = await buildCharms(positionals.length === 0 ? EXAMPLES : positionals, {
    out: values.out ?? join(root, 'dist/charms'),
    forms,
    parts: values.parts,
    keepYaml: values['keep-yaml'],
  });
  for (const folder of built) console.log(relative(process.cwd(), folder));
  return 0;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.chdir(await calledFrom());
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const isOurs = error instanceof Complaint || (error instanceof TypeError && 'code' in error);
    if (!isOurs) throw error;
    console.error(`charms: ${error.message}`);
    process.exitCode = 2;
  }
}
