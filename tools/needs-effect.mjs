/**
 * The package's entry points that need effect, which is an optional dependency: each says what to type if it is missing.
 *
 * @module
 */
// @ts-check
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How each runtime words its error about a package that it does not find. */
const MISSING = /(find|resolve|not).*\beffect\b|\beffect\b.*(find|resolve|not)/i;

/**
 * Puts a module behind one that explains why it cannot be loaded. Imports are resolved before any code runs, so a module cannot do this for
 * itself.
 *
 * @param {string} file
 * @param {string} door its name for people
 * @param {ReadonlyArray<string>} [exported] what it exports; by default, it is loaded to find out
 */
export const needsEffect = async (file, door, exported) => {
  const { peerDependencies } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const inner = file.replace(/\.js$/, '.with-effect.js');
  await rename(file, inner);
  const names = (exported ?? Object.keys(await import(pathToFileURL(inner).href))).join(', ');
  const told =
    `interface-tls-certificates/${door} needs the package effect, which is not installed here. Type: npm install effect@${peerDependencies.effect}`;
  await writeFile(
    file,
    `const explain = (error) => {
  const isMissing = ${MISSING}.test(String(error?.message));
  throw isMissing ? new Error(${JSON.stringify(told)}, { cause: error }) : error;
};
const { ${names} } = await import('./${basename(inner)}').catch(explain);
export { ${names} };
`,
  );
};
