/**
 * A whole hook of a charm with code, in one call, whichever side it is on.
 *
 * @module
 */
import { ANY_REQUIRES, CSR_REQUIRES } from './config/csr.ts';
import type { AnyRequirerHook, CsrRequirerHook } from './csr-code.ts';
import type { HookExitCode } from './hook.ts';
import type { AnyProviderHook, CsrProviderHook, ProviderHook } from './provider-code.ts';
import { type RequirerHook, runRequirerHook } from './requirer.ts';

/**
 * Runs the hook that Juju has started this program for, and gives the exit code: read, decide, run handlers of what changed, apply.
 * A change counts as handled only after its handler succeeded; otherwise it comes again, and log and status say why. `side` says which
 * protocol the charm speaks, and on which side; `any/requires` speaks whichever its provider speaks. Without a side, it asks for certificates by the
 * reactive protocol.
 *
 * Exit with the code at once: whatever is still open would keep the machine's other units waiting.
 *
 * @example
 * ```ts
 * import { requestServerCert } from 'interface-tls-certificates';
 * import { runHook } from 'interface-tls-certificates/juju';
 * const reactive = () =>
 *   runHook({
 *     endpoint: 'certificates',
 *     requests: [requestServerCert('web.example', ['10.0.0.7'])],
 *     on: { 'ca.changed': ({ view }) => console.log(view.rootCaCert) },
 *     status: true,
 *   });
 * const any = () =>
 *   runHook({
 *     side: 'any/requires',
 *     endpoint: 'certificates',
 *     requests: [{ certType: 'server', commonName: 'web.example', sans: ['10.0.0.7'] }],
 *     keys: 'P-256',
 *     on: { 'server.certs.changed': ({ certificates }) => console.log(certificates[0]?.certificate) },
 *   });
 * // process.exit(await any());
 * ```
 */
export const runHook = async (
  options: RequirerHook | CsrRequirerHook | AnyRequirerHook | ProviderHook | CsrProviderHook | AnyProviderHook,
): Promise<HookExitCode> => {
  if ('answer' in options) {
    const { runProviderHook } = await import('./provider-code.ts');
    return await runProviderHook(options);
  }
  switch (options.side) {
    case CSR_REQUIRES: {
      const { runCsrHook } = await import('./csr-code.ts');
      return await runCsrHook(options);
    }
    case ANY_REQUIRES: {
      const { runAnyHook } = await import('./csr-code.ts');
      return await runAnyHook(options);
    }
    default:
      return await runRequirerHook(options);
  }
};
