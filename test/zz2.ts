import * as api from '../mod.ts';
const n = Number(process.argv[2]);
const names = Array.from({ length: n }, (_, i) => [`name-${i}.example`, { sans: [`10.0.0.${i % 250}`] }]);
const units = Object.fromEntries(
  Array.from(
    { length: n / 20 },
    (
      _,
      u,
    ) => [`web/${u}`, {
      unit_name: `web_${u}`,
      cert_requests: JSON.stringify(Object.fromEntries(names.slice(u * 20, u * 20 + 20))),
    }],
  ),
);
const snap = (local: object) => {
  const d = api.decodeInput({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'ca/0',
      endpoint: 'c',
      relations: [{ id: 'c:1', localUnitData: local, remoteUnits: units }],
    },
  });
  if (d._tag === 'Left' || d.right.side !== 'reactive/provides') throw 1;
  return d.right.snapshot;
};
const cert = 'x'.repeat(700), key = 'y'.repeat(240) as api.PrivateKey;
let s = snap({});
let v = api.provides.decide(s, api.nothingToPublish, api.emptyMemory);
const o = api.provides.decide(
  s,
  api.publish(...v.view.newRequests.map((r) => api.setCert(r, cert, key))),
  api.emptyMemory,
);
s = api.snapshotAfter(s, o.writes);
for (let k = 0; k < 5; k++) {
  const t = performance.now();
  for (let i = 0; i < 10; i++) v = api.provides.decide(s, api.nothingToPublish, o.memory);
  console.log(n, 'idle decide ms', (performance.now() - t) / 10, v.view.newRequests.length);
}
console.log(JSON.stringify(o.memory).length, 'bytes memory');
