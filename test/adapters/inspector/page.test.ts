/**
 * The inspector page in Chromium, from disk and from the server: what it shows, what it keeps to itself, and who can use it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { exchangesOfRequirer } from '../../../core/examine/mod.ts';
import { allFindings, examine } from '../../../core/examine/mod.ts';
import { launch, pathIn, without, withoutChromium } from '../../browser.ts';
import { inFolder } from '../../command.ts';
import { HOSTILE } from '../../hostile.ts';
import { answers, decoded, documentOf, relation } from '../../world.ts';
import { crowd } from './crowd.ts';
import { PATIENCE } from '../../patience.ts';

const REAL = fileURLToPath(new URL('../../real/', import.meta.url));

const real = (name: string): string => readFileSync(`${REAL}${name}`, 'utf8');

const skip = withoutChromium;
const OPTIONS = { skip, timeout: PATIENCE };

// playwright-core may not be there, so that its types cannot be named.
// deno-lint-ignore no-explicit-any -- see above.
type Any = any;

let browser: Promise<Any> | null = null;
let html: Promise<string> | null = null;

const built = (): Promise<
  string
> => (html ??= import(new URL('../../../tools/page.mjs', import.meta.url).href).then(({ inspectorPage }) =>
  inspectorPage()
));

/** What a page did that it must not do. */
interface Watched {
  readonly page: Any;
  readonly requests: Array<string>;
  readonly troubles: Array<string>;
}

interface Looks {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** The page opened from disk, watched. */
const opened = async <A>(
  work: (watched: Watched) => Promise<A>,
  { colorScheme = 'light', width = 1280 }: Looks = {},
): Promise<A> =>
  await inFolder(async (path) => {
    await writeFile(path('inspector.html'), await built());
    browser ??= launch();
    const context = await (await browser).newContext({ colorScheme, viewport: { width, height: 900 } });
    try {
      const page = await context.newPage();
      const [requests, troubles]: [Array<string>, Array<string>] = [[], []];
      page.on('request', (request: Any) => requests.push(request.url()));
      page.on('pageerror', (error: Error) => troubles.push(error.message));
      page.on('console', (message: Any) => troubles.push(message.text()));
      page.on('dialog', (dialog: Any) => {
        troubles.push('a dialog');
        void dialog.dismiss();
      });
      await page.goto(pathToFileURL(path('inspector.html')).href);
      return await work({ page, requests, troubles });
    } finally {
      await context.close();
    }
  });

const give = async (page: Any, ...texts: ReadonlyArray<string>): Promise<void> => {
  await page.setInputFiles(
    '#files',
    texts.map((text, i) => ({ name: `units-${i}.yaml`, mimeType: 'text/plain', buffer: Buffer.from(text) })),
  );
};

const reported = async (page: Any): Promise<void> => {
  await page.waitForSelector('.report .ledger');
  await page.waitForFunction(() => !document.documentElement.classList.contains('reading'));
};

/** Waits until an element has this text in it. */
const says = (page: Any, selector: string, text: string): Promise<void> =>
  page.waitForFunction(
    ([where, what]: [string, string]) => document.querySelector(where)?.textContent?.includes(what),
    [selector, text],
  );

const hasRows = (page: Any, count: number): Promise<void> =>
  page.waitForFunction((n: number) => document.querySelectorAll('.row').length === n, count);

/** Pastes as somebody would who has it on the clipboard. */
const paste = (page: Any, text: string): Promise<void> =>
  page.evaluate((pasted: string) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    const target = document.activeElement ?? document.body;
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

/** Everything that can be read off the page: markup, values of fields, and what a screen reader has. */
const everything = (page: Any): Promise<string> =>
  page.evaluate(() =>
    [
      document.documentElement.outerHTML.replace(/<script>.*<\/script>/s, ''),
      ...[...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      document.title,
      location.href,
      JSON.stringify(history.state),
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    ].join('\n')
  );

const openRows = async (page: Any): Promise<void> =>
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

/** Pieces of the private keys in a document. */
const piecesOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END/gs)]
    .flatMap(([, body = '']) => body.replaceAll(/\\+n|\s/g, '\n').split('\n').filter((line) => line.length > 20));

/** What `juju show-unit` would print for the units of a recorded relation, a text for each side. */
const shownOf = (name: string): readonly [requirer: string, provider: string] => {
  const { snapshot } = JSON.parse(real(name));
  const [{ localUnitData, remoteUnits }] = snapshot.relations;
  const [provider = '', published] = Object.entries(remoteUnits)[0] ?? [];
  const entry = (endpoint: string, related: string, unit: string, data: unknown) => ({
    'relation-info': [{
      'relation-id': 41,
      endpoint,
      'related-endpoint': related,
      'related-units': { [unit]: { data } },
    }],
  });
  return [
    JSON.stringify({ [snapshot.localUnit]: entry('certificates', 'client', provider, published) }),
    JSON.stringify({ [provider]: entry('client', 'certificates', snapshot.localUnit, localUnitData) }),
  ];
};

const faultsOf = async (page: Any): Promise<ReadonlyArray<string>> => {
  await page.addScriptTag({ path: pathIn('axe-core/axe.min.js') }).catch(() => {});
  const { violations } = await page.evaluate('axe.run()');
  return violations.map(({ id, nodes }: Any) =>
    `${id}: ${nodes.map(({ html }: Any) => html.slice(0, 120)).join(' | ')}`
  );
};

describe('the inspector page', () => {
  after(async () => {
    await (await browser)?.close();
  });

  it('shows of every recorded relation what examine() finds, asks nobody, and shows no key', OPTIONS, async () => {
    for (const name of readdirSync(REAL)) {
      await opened(async ({ page, requests, troubles }) => {
        await give(page, real(name));
        await reported(page);
        await openRows(page);
        const { snapshot } = decoded(JSON.parse(real(name)));
        const examinations = await examine(exchangesOfRequirer(snapshot))();
        const rows = examinations.examinations.flatMap(({ ca, chain, requests }) => [...ca, ...chain, ...requests]);
        assert.equal(await page.locator('.row').count(), rows.length, name);
        const codes = [...new Set(allFindings(examinations).map(({ code }) => code.replaceAll('-', ' ')))].sort();
        const shown: ReadonlyArray<string> = await page.locator('.kind .title').allInnerTexts();
        assert.deepEqual(
          shown.map((title) => title.replace(/\s*\(\w+\)$/, '').trim().toLowerCase()).sort(),
          codes,
          name,
        );
        const all = await everything(page);
        assert.deepEqual(piecesOf(real(name)).filter((piece) => all.includes(piece)), [], name);
        assert.doesNotMatch(all, /PRIVATE KEY/);
        assert.deepEqual([requests.slice(1), troubles], [[], []], name);
      });
    }
  });

  it(
    'tells why a request of the CSR protocol is denied, and by which keys the protocol is known',
    OPTIONS,
    async () => {
      const { side, steps: [{ snapshot }] } = JSON.parse(
        readFileSync(new URL('../../vectors/csr/requires-denied.json', import.meta.url), 'utf8'),
      );
      await opened(async ({ page, requests, troubles }) => {
        await give(page, JSON.stringify({ side, snapshot }));
        await reported(page);
        await hasRows(page, 1);
        await openRows(page);
        const text: string = await page.evaluate(() => document.body.innerText);
        for (const words of ['no IPs here', 'ip in san', 'juju config web', 'request_errors', 'refuses 1 request']) {
          assert.ok(text.includes(words), words);
        }
        assert.deepEqual([requests.filter((url) => !url.startsWith('file:')), troubles], [[], []]);
      });
    },
  );

  it('shows the key as present where it belongs to the certificate', OPTIONS, async () => {
    assert.ok(piecesOf(real('vault-intermediate.json')).length > 20, 'there are keys to be found');
    await opened(async ({ page }) => {
      await give(page, real('vault-intermediate.json'));
      await reported(page);
      await page.locator('.row summary', { hasText: 'keystone.internal' }).click();
      const inside = page.locator('.row[class] .inside', { hasText: 'Private key' });
      assert.match(await inside.innerText(), /present, belongs to the certificate/);
      assert.match(await inside.innerText(), /the CA that was published/);
    });
  });

  it('puts both sides together as they come, and keeps nothing that was pasted', OPTIONS, async () => {
    for (
      const [first, second] of [shownOf('vault-intermediate.json'), shownOf('vault-intermediate.json').toReversed()]
    ) {
      await opened(async ({ page }) => {
        await page.focus('#area');
        await paste(page, first ?? '');
        await reported(page);
        assert.equal(await page.locator('#more').innerText(), 'Add the other side');
        await paste(page, second ?? '');
        await says(page, '#more', 'Add more');
        await reported(page);
        assert.equal(await page.locator('h1:visible').innerText(), 'All certificates are valid.');
        await openRows(page);
        assert.match(await page.locator('.ledger').innerText(), /present, belongs to the certificate/);
        assert.equal(await page.locator('#area').inputValue(), '');
        assert.doesNotMatch(await everything(page), /PRIVATE KEY/);
      });
    }
  });

  it('takes text typed into its field, and an output in place of a document', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await page.fill('#area', real('trouble-expired.json'));
      await reported(page);
      assert.equal(await page.locator('h1:visible').innerText(), '2 things are wrong.');
      await paste(page, shownOf('vault-intermediate.json')[0]);
      await says(page, '#more', 'Add the other side');
      await page.click('#anew');
      assert.equal(await page.locator('#stage').innerText(), '');
      assert.equal(await page.locator('#choose').isVisible(), true);
    });
  });

  it('judges as of the moment that the slider stands at', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await give(page, real('vault-intermediate.json'));
      await reported(page);
      const headline = page.locator('h1:visible');
      const slider = page.locator('.moment input[type=range]');
      await slider.focus();
      await page.keyboard.press('End');
      await says(page, '.report h1', 'wrong.');
      assert.match(await page.locator('.ledger').innerText(), /expired \d+ (day|month)s? ago/);
      assert.match(await slider.getAttribute('aria-valuetext'), /\d{4}, \d+ days later/);
      await page.keyboard.press('Home');
      await says(page, '.findings', 'not yet valid');
      await page.getByRole('button', { name: 'Back to the present' }).click();
      await says(page, '.report h1', 'All certificates are valid.');
      assert.equal(await headline.innerText(), 'All certificates are valid.');
      assert.match(await page.locator('#status').innerText(), /All certificates are valid/);
    });
  });

  it(
    'shows an example to whoever has nothing at hand',
    OPTIONS,
    async () => {
      await opened(async ({ page, requests, troubles }) => {
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await reported(page);
        assert.equal(await page.locator('.report h1').innerText(), '2 things are wrong.');
        assert.doesNotMatch(await page.locator('#stage').innerHTML(), /PRIVATE KEY/);
        assert.deepEqual([requests.length, troubles], [1, []]);
        await page.getByRole('button', { name: 'Start over' }).click();
        assert.ok(await page.getByRole('button', { name: 'See an example' }).isVisible());
      });
    },
  );

  it('tells the flags and why each is set', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await give(page, real('easyrsa-answered.json'));
      await reported(page);
      await page.locator('.flags summary').first().click();
      const flags = await page.locator('.flags').first().innerText();
      assert.match(flags, /certificates\.ca\.available\s*new\s*the root CA certificate is there/);
    });
  });

  it('says where a text is wrong, and nothing of what is in it', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await give(page, '{"side": "SECRET"}');
      await page.waitForSelector('#complaint:not([hidden])');
      assert.match(await page.locator('#complaint').innerText(), /units-0\.yaml: side expected/);
      assert.doesNotMatch(await everything(page), /SECRET/);
    });
  });

  it('shows a document’s own time as what it is, and nothing old in green', OPTIONS, async () => {
    const document = JSON.parse(real('vault-intermediate.json'));
    for (const [now, words] of [['2026-11-24T00:00:00Z', /day/], ['2026-11-23T22:00:00Z', /day/]] as const) {
      await opened(async ({ page }) => {
        await page.clock.setFixedTime('2027-09-20T12:00:00Z');
        document.snapshot.now = now;
        await give(page, JSON.stringify(document));
        await reported(page);
        assert.match(await page.locator('h1:visible').innerText(), /^All certificates were valid on \d+ Nov 2026\.$/);
        assert.equal(await page.locator('.report').getAttribute('data-look'), 'open');
        const told = await page.locator('.moment .words').innerText();
        assert.match(told, /\d+ days earlier, the document’s own time/);
        assert.match(told, words);
        assert.doesNotMatch(told, /the present/);
        await page.getByRole('button', { name: 'Back to the present' }).click();
        await says(page, '.report h1', 'All certificates are valid.');
        assert.equal(await page.locator('.report').getAttribute('data-look'), 'good');
        assert.equal(await page.locator('.moment .words').innerText(), 'the present');
        await page.getByRole('button', { name: 'The document’s time' }).click();
        await says(page, '.moment .words', 'earlier');
      });
    }
  });

  it('finds what has ended since a document was written', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await page.clock.setFixedTime('2028-02-01T00:00:00Z');
      await give(page, real('vault-intermediate.json'));
      await reported(page);
      await page.getByRole('button', { name: 'Back to the present' }).click();
      await says(page, '.report h1', 'wrong.');
      assert.match(await page.locator('.findings').innerText(), /expired/i);
      assert.equal(await page.locator('.report').getAttribute('data-look'), 'error');
    });
  });

  it('is green for nothing that was not answered, not asked for, or not seen', OPTIONS, async () => {
    const asked = { common_name: 'web.example', unit_name: 'web_0' };
    const cases = [
      [
        documentOf({ relations: [relation({ localUnitData: {}, remoteUnits: { 'easyrsa/0': {} } })] }),
        'Nobody has requested',
      ],
      [documentOf({ relations: [relation({ localUnitData: asked, remoteUnits: { 'easyrsa/0': {} } })] }), 'look at'],
      [JSON.parse(shownOf('vault-intermediate.json')[0]), 'one side is missing'],
      [JSON.parse(shownOf('vault-intermediate.json')[1]), 'are not here'],
    ] as const;
    for (const [document, words] of cases) {
      await opened(async ({ page }) => {
        await give(page, JSON.stringify(document));
        await reported(page);
        const headline = await page.locator('h1:visible').innerText();
        assert.ok(headline.includes(words), headline);
        assert.notEqual(await page.locator('.report').getAttribute('data-look'), 'good');
      });
    }
  });

  it('shows junk’s complaint in sight on a phone, and gives the text back unless a key is in it', OPTIONS, async () => {
    await opened(async ({ page }) => {
      for (
        const [junk, kept] of [['junk, and more', 'junk, and more'], ['-----BEGIN PRIVATE KEY-----SECRET', '']] as const
      ) {
        await page.fill('#area', junk);
        await page.waitForSelector('#complaint:not([hidden])');
        await page.waitForFunction(() => !document.documentElement.classList.contains('reading'));
        const { top, bottom, height } = await page.evaluate(() => {
          const { top, bottom } = document.getElementById('complaint')?.getBoundingClientRect() ??
            { top: -1, bottom: -1 };
          return { top, bottom, height: innerHeight };
        });
        assert.ok(top >= 0 && bottom <= height, `${top} to ${bottom} of ${height}`);
        assert.equal(await page.locator('#area').inputValue(), kept);
        assert.doesNotMatch(await everything(page), /SECRET/);
        await page.locator('#area').evaluate((field: HTMLTextAreaElement) => void (field.value = ''));
      }
    }, { width: 360 });
  });

  it('tells the verdict in its title, and no more when it starts over', OPTIONS, async () => {
    await opened(async ({ page }) => {
      const before = await page.title();
      await give(page, real('trouble-wrong-ca.json'));
      await reported(page);
      assert.equal(await page.title(), `One thing is wrong. – ${before}`);
      await page.click('#anew');
      assert.equal(await page.title(), before);
    });
  });

  it('copies a finding with its evidence, and without a key', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await page.evaluate(`{
        globalThis.copied = '';
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void (globalThis.copied = text) } });
      }`);
      await give(page, real('trouble-wrong-ca.json'));
      await reported(page);
      await page.getByRole('button', { name: 'Copy untrusted with its evidence' }).click();
      await says(page, '.kind .copy', 'Copied');
      const copied = await page.evaluate('globalThis.copied');
      for (
        const words of [
          'error untrusted:',
          'keystone.internal',
          'issuer: CN=Some other root',
          'SHA-256: ',
          'what to do: ',
        ]
      ) {
        assert.ok(copied.includes(words), words);
      }
      assert.deepEqual(piecesOf(real('trouble-wrong-ca.json')).filter((piece) => copied.includes(piece)), []);
    });
  });

  it('folds units when there are many, opens those that are wrong, and counts by state', OPTIONS, async () => {
    const { side, snapshot } = JSON.parse(real('vault-intermediate.json'));
    const [first] = snapshot.relations;
    const documents = Array.from({ length: 10 }, (_, i) => {
      const remoteUnits = Object.fromEntries(
        Object.entries(first.remoteUnits).map(([unit, bag]) => [
          unit,
          Object.fromEntries(
            Object.entries(bag as object).map(([key, value]) => [key.replace('keystone_0', `keystone_${i}`), value]),
          ),
        ]),
      );
      const localUnitData = { ...first.localUnitData, unit_name: `keystone_${i}` };
      return JSON.stringify({
        side,
        snapshot: { ...snapshot, localUnit: `keystone/${i}`, relations: [{ ...first, localUnitData, remoteUnits }] },
      });
    });
    await opened(async ({ page }) => {
      await give(page, ...documents);
      // What is folded is not to be seen.
      await page.waitForSelector('.report details.exchange');
      await hasRows(page, 20 + 10 * 3);
      assert.equal(await page.locator('details.exchange').count(), 10);
      assert.equal(await page.locator('details.exchange[open]').count(), 0, 'nothing is wrong');
      assert.match(await page.locator('.verdict .states').innerText(), /20 good/);
      await page.fill('input[type=search]', 'keystone.internal');
      assert.equal(await page.locator('details.exchange[open]').count(), 10);
    });
  });

  it('takes nothing foreign for markup', OPTIONS, async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const texts = [evil, ...HOSTILE.filter((text) => text.length < 1_000)];
    const asked = Object.fromEntries(texts.map((text) => [text, { sans: [text] }]));
    const certificates = Object.fromEntries(texts.map((text) => [text, { cert: text, key: text }]));
    const document = documentOf({
      localUnit: evil,
      relations: [relation({
        id: evil,
        localUnitData: { unit_name: 'web_0', cert_requests: JSON.stringify(asked), [evil]: evil },
        remoteUnits: { [evil]: { ca: evil, ...answers(certificates) } },
      })],
    });
    await opened(async ({ page, requests, troubles }) => {
      await give(page, JSON.stringify(document));
      await reported(page);
      await openRows(page);
      assert.equal(await page.locator('img, main script').count(), 0);
      assert.match(await page.locator('.ledger').innerText(), /<img src=x onerror=alert\(1\)>/);
      assert.deepEqual([requests.slice(1), troubles], [[], []]);
    });
  });

  it('can reach nobody, whatever would run in it', OPTIONS, async () => {
    await opened(async ({ page }) => {
      const refused: ReadonlyArray<string> = await page.evaluate(async () => {
        const directives: Array<string> = [];
        addEventListener('securitypolicyviolation', (event: Any) => directives.push(event.effectiveDirective));
        await fetch('https://example.org/').catch(() => {});
        const image = new Image();
        image.src = 'https://example.org/x.png';
        const script = document.createElement('style');
        script.textContent = 'body { color: red }';
        document.head.append(script);
        try {
          document.body.innerHTML = '<b>x</b>';
        } catch {
          directives.push('no markup from text');
        }
        // The browser tells of each in its own time.
        const expected = ['connect-src', 'img-src', 'style-src-elem', 'no markup from text'];
        while (!expected.every((directive) => directives.includes(directive))) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return directives;
      });
      // Browsers tell of the markup in a word of their own, too, and some sooner than others.
      const known = ['connect-src', 'img-src', 'no markup from text', 'require-trusted-types-for', 'style-src-elem'];
      assert.deepEqual([...new Set([...refused, 'require-trusted-types-for'])].sort(), known);
    });
  });

  it('can be used with the keyboard alone', OPTIONS, async () => {
    await opened(async ({ page }) => {
      const focused = (): Promise<string> =>
        page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.slice(0, 40) || '');
      // Early: the browser has to have been told that somebody waits for it.
      const chooser = page.waitForEvent('filechooser');
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'choose');
      await page.keyboard.press('Enter');
      await (await chooser).setFiles(`${REAL}trouble-wrong-ca.json`);
      await reported(page);
      assert.match(await focused(), /One thing is wrong/, 'the verdict is read out first');
      const seen: Array<string> = [];
      for (let i = 0; i < 30 && !seen.some((text) => text.startsWith('keystone.internalserver')); i++) {
        await page.keyboard.press('Tab');
        seen.push(await focused());
      }
      assert.ok(seen.includes('keystone.internal'), 'the place of the finding can be followed');
      await page.keyboard.press('Enter');
      await says(page, '.row details[open]', 'no CA that was published is the issuer');
      await page.keyboard.press('Space');
      assert.equal(await page.locator('.row details[open]').count(), 0);
    });
  });

  it('leads from a finding to its row', OPTIONS, async () => {
    await opened(async ({ page }) => {
      await give(page, JSON.stringify(await crowd(80)));
      await reported(page);
      await hasRows(page, 81);
      await page.locator('button.place').nth(3).click();
      const name = await page.locator('button.place').nth(3).innerText();
      assert.equal(await page.locator('.row details[open] .name').innerText(), name);
    });
  });

  for (const look of [{ colorScheme: 'light', width: 1280 }, { colorScheme: 'dark', width: 390 }] as const) {
    const named = `${look.colorScheme}, ${look.width} wide`;
    it(`has no fault that axe knows (${named})`, { skip: skip || without('axe-core'), timeout: PATIENCE }, async () => {
      await opened(async ({ page }) => {
        // The page's own policy would refuse the checker: it goes in before, by way of the debugger.
        await page.addInitScript({ path: pathIn('axe-core/axe.min.js') });
        await page.reload();
        assert.deepEqual(await faultsOf(page), []);
        await give(page, JSON.stringify(await crowd(30)));
        await reported(page);
        await openRows(page);
        assert.deepEqual(await faultsOf(page), []);
        const [inner, whole] = await page.evaluate('[innerWidth, document.documentElement.scrollWidth]');
        assert.ok(whole <= inner, 'nothing sticks out');
      }, look);
    });
  }

  it('stays alive with a thousand certificates, and finds one among them', OPTIONS, async () => {
    const document = JSON.stringify(await crowd(1_000));
    await opened(async ({ page }) => {
      await page.evaluate(`{
        globalThis.frames_ = 0;
        const count = () => {
          if (document.documentElement.classList.contains('reading')) globalThis.frames_ += 1;
          requestAnimationFrame(count);
        };
        count();
      }`);
      await give(page, document);
      await hasRows(page, 1001);
      assert.ok((await page.evaluate('globalThis.frames_')) > 1, 'it was painted while it read');
      await page.fill('input[type=search]', 'cache-777.');
      assert.equal(await page.locator('.row:visible').count(), 1);
      await page.fill('input[type=search]', '');
      await page.getByLabel('Only with findings').check();
      const shown = await page.locator('.shown').innerText();
      assert.match(shown, /^\d{2,3} rows shown$/);
    });
  });

  it('is the same from the server, with the same policy in the header', OPTIONS, async () => {
    const page = await built();
    const response = await httpHandler({ page }).fetch(new Request('http://localhost/'));
    assert.equal(await response.text(), page);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(
      policy,
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';.*trusted-types 'none'/,
    );
    assert.doesNotMatch(policy, /unsafe|http|self|\*/);
  });
});
