/**
 * What a release has besides the package: an SBOM (CycloneDX) and the list of licences of what it installs, both made from the lock file.
 * With `--check`, it checks whether the package can be published.
 *
 *     npm run sbom        dist/sbom.cdx.json and dist/licences.md
 *     npm publish         runs the check
 *
 * @module
 */
// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** @param {string} path */
const json = async (path) => JSON.parse(await readFile(path, 'utf8'));

/** The file with a package's licence text; nothing if there is none. @param {string} folder */
const licenceFile = (folder) => readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));

/** The packages that are installed with this one: name, version, licence, and the file with its text. */
const installed = async () => {
  const { packages } = await json('package-lock.json');
  const found = [];
  for (const [folder, { version, license, dev, devOptional }] of Object.entries(packages)) {
    // An optional package for another platform is not installed here.
    if (folder === '' || dev || devOptional || !existsSync(folder)) continue;
    const licence = license ?? (await json(join(folder, 'package.json'))).license;
    if (typeof licence !== 'string') throw new Error(`${folder} does not say under which licence it is`);
    found.push({ name: folder.replace(/.*node_modules\//, ''), version, licence, file: licenceFile(folder), folder });
  }
  return found;
};

const makeLists = async () => {
  await mkdir('dist', { recursive: true });
  const sbom = execFileSync('npm', ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const { bomFormat, components } = JSON.parse(sbom);
  if (bomFormat !== 'CycloneDX') throw new Error('npm sbom did not print a CycloneDX document');
  await writeFile('dist/sbom.cdx.json', sbom);
  const packages = await installed();
  const rows = packages.map(({ name, version, licence, file, folder }) =>
    `| ${name} | ${version} | ${licence} | ${file === undefined ? 'no file' : `${folder}/${file}`} |`
  );
  const head = [
    '# Licences of what this package installs',
    '',
    '| package | version | licence | text |',
    '|---|---|---|---|',
  ];
  await writeFile('dist/licences.md', `${[...head, ...rows].join('\n')}\n`);
  console.log(`dist/sbom.cdx.json (${components.length} components), dist/licences.md (${rows.length} packages)`);
};

/** Provenance names the repository, so npm refuses a package that does not. */
const check = async () => {
  const { repository, homepage, bugs } = await json('package.json');
  const missing = Object.entries({ repository, homepage, bugs }).filter(([, value]) => value === undefined);
  if (missing.length === 0) return;
  console.error(`release: package.json does not say where the project is: ${missing.map(([name]) => name).join(', ')}`);
  console.error(
    'release: npm pkg set repository.type=git repository.url=git+https://… homepage=https://… bugs.url=https://…',
  );
  process.exitCode = 2;
};

await (process.argv.includes('--check') ? check() : makeLists());
