/**
 * A whole hook of a charm with code, in one call, for any side.
 *
 * @module
 */
import { requires } from '../../core/reactive/requires.ts';
import { CSR_REQUIRES } from './config/csr.ts';
import type { AnyRequirerHook, CsrRequirerHook } from './csr-code.ts';
import type { HookExitCode } from './hook.ts';
import type { AnyProviderHook, CsrProviderHook, ProviderHook } from './provider-code.ts';
import { type RequirerHook, runRequirerHook } from './requirer.ts';

/**
 * Runs the hook that Juju started this program for, and returns the exit code: read, decide, run handlers of what changed, apply. A change
 * counts as handled only after its handler succeeded; otherwise it comes again, and log and status say why. `side` says which protocol the
 * charm speaks, and on which side. Without a side it is `any/requires`, which asks for certificates in whichever protocol its provider
 * speaks, and makes its own private key for that. A charm that must start without X.509, or uses `certificateName`, says
 * `reactive/requires`.
 *
 * Exit with the code at once: open handles would keep the machine's other units waiting.
 *
 * @example
 * ```ts
 * import { requestServerCert } from 'interface-tls-certificates';
 * import { runHook } from 'interface-tls-certificates/juju';
 * const any = () =>
 *   runHook({
 *     endpoint: 'certificates',
 *     requests: [{ certType: 'server', commonName: 'web.example', sans: ['10.0.0.7'] }],
 *     keys: 'P-256',
 *     on: { 'server.certs.changed': ({ certificates }) => console.log(certificates[0]?.certificate) },
 *     status: true,
 *   });
 * const reactive = () =>
 *   runHook({
 *     side: 'reactive/requires',
 *     endpoint: 'certificates',
 *     requests: [requestServerCert('web.example', ['10.0.0.7'])],
 *     on: { 'ca.changed': ({ view }) => console.log(view.rootCaCert) },
 *   });
 * // process.exit(await any());
 * ```
 */
export const runHook = async (
  options: AnyRequirerHook | RequirerHook | CsrRequirerHook | ProviderHook | CsrProviderHook | AnyProviderHook,
): Promise<HookExitCode> => {
  if ('answer' in options) {
    const { runProviderHook } = await import('./provider-code.ts');
    return await runProviderHook(options);
  }
  switch (options.side) {
    case requires.name:
      return await runRequirerHook(options);
    case CSR_REQUIRES: {
      const { runCsrHook } = await import('./csr-code.ts');
      return await runCsrHook(options);
    }
    default: {
      const { runAnyHook } = await import('./csr-code.ts');
      return await runAnyHook(options);
    }
  }
};
