/**
 * Regenerates the example of the inspector page, with a fake provider on a bad day: `node tools/example.mjs`, on Node 26.
 *
 * Its private keys were made for it and belong to nothing else.
 *
 * @module
 */
// @ts-check
import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { client, httpHandler } from '../adapters/http/mod.ts';
import { orThrow } from '../mod.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** Certificates are valid for 90 days, and are reissued after 60: on the fiftieth day, some are as they should be. */
const AGE = 50;
const BEGINNING = Date.parse('2026-10-06T10:00:00Z');

const asked = {
  unit_name: 'web_0',
  common_name: 'web.example',
  sans: '["10.0.0.7", "www.web.example"]',
  cert_requests: JSON.stringify({
    'api.example': { sans: ['10.0.0.8'] },
    'mail.example': { sans: [] },
    'new.example': { sans: [] },
    'shop.example': { sans: ['pay.shop.example'] },
  }),
  client_cert_requests: '{"web-client": {"sans": []}}',
};

const { createProvider, provider } = client('http://localhost', { fetch: httpHandler().fetch });
const { id } = await orThrow(createProvider({
  now: new Date(BEGINNING).toISOString(),
  ca: { commonName: 'Example CA' },
  faults: [
    { fault: 'ends-soon', commonName: 'api.example', days: AGE - 9 },
    { fault: 'ends-soon', commonName: 'mail.example', days: AGE + 5 },
    { fault: 'wrong-names', commonName: 'shop.example' },
    { fault: 'never', commonName: 'new.example' },
  ],
}));
const { databag, advance } = provider(id);
await orThrow(databag('web/0', asked));
await orThrow(advance(AGE * 86_400));
const { databag: published } = await orThrow(databag('web/0', asked));

const document = {
  side: 'reactive/requires',
  snapshot: {
    localUnit: 'web/0',
    endpoint: 'certificates',
    now: new Date(BEGINNING + AGE * 86_400_000).toISOString(),
    relations: [{
      id: 'certificates:3',
      localUnitData: asked,
      remoteApplication: 'ca',
      remoteUnits: { 'ca/0': published },
    }],
  },
};
await writeFile('adapters/inspector/example.json', `${JSON.stringify(document, null, 2)}\n`);
