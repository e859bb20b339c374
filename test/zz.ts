import * as api from '../mod.ts';
import { caOf, memoryKeeper } from '../adapters/authority/mod.ts';
const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const [U, R] = process.argv.slice(2).map(Number) as [number, number];
let hooks = 0, tReq = 0, tProv = 0;
const ca = caOf({ keeper: memoryKeeper(), authority: { commonName: 'Demo CA' }, random });
const web = api.handler(({ hook }) => ({
  side: api.requires,
  intent: api.intentOf(
    ...Array.from(
      { length: R },
      (_, i) => api.requestServerCert(`${hook.unit.replace('/', '-')}.s${i}.example`, [`10.0.0.${i}`]),
    ),
  ),
}));
const prov: api.Handler = async (c) => {
  const ch = await api.orThrow(ca.charm(new Date(c.now), true));
  return api.handler(() => ch)(c);
};
const timed = (h: api.Handler, f: (n: number) => void): api.Handler => async (c) => {
  const t = performance.now();
  const r = await h(c);
  f(performance.now() - t);
  return r;
};
const juju = api.model({
  seed: 1,
  applications: {
    web: {
      requires: {
        certificates: timed(web, (n) => {
          tReq += n;
        }),
      },
    },
    ca: {
      provides: {
        client: timed(prov, (n) => {
          tProv += n;
        }),
      },
    },
  },
  onEntry: () => {
    hooks++;
  },
});
juju.deploy('web', U);
juju.deploy('ca');
juju.integrate('web:certificates', 'ca:client');
const t = performance.now();
const s = await juju.settle();
console.log(
  s._tag,
  s._tag === 'Right' && s.right.atRest,
  hooks,
  'hooks',
  performance.now() - t,
  'ms req',
  tReq,
  'prov',
  tProv,
);
