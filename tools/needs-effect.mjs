/**
 * The doors of the package that need effect, which not everybody installs: each says what to type where it is missing.
 *
 * @module
 */
// @ts-check
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a runtime says of a package that it does not find: each has words of its own. */
const MISSING = /(find|resolve|not).*\beffect\b|\beffect\b.*(find|resolve|not)/i;

/**
 * Puts a module behind one that explains why it cannot be loaded. Imports are resolved before any code runs, so that a module cannot say
 * this of itself.
 *
 * @param {string} file
 * @param {string} door its name for people
 * @param {ReadonlyArray<string>} [exported] what it exports; unless given, it is loaded to find out
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
