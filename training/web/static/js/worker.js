// The service worker. Keeps pages that show no person, and the chapters and attempts that somebody keeps on the device;
// asks the network first, always. `SHELL` and the loading of this file and of outbox.js stand in /sw.js.
const SHELL_CACHE = `shell:${SHELL.version}`;
const PATIENCE = 8000;
const ANY = { ignoreVary: true, ignoreSearch: true };

addEventListener('install', (event) => event.waitUntil((async () => {
  const cache = await caches.open(SHELL_CACHE);
  await cache.addAll([...SHELL.pages, ...SHELL.files].map((address) => new Request(address, { credentials: 'omit' })));
  await skipWaiting();
})()));

addEventListener('activate', (event) => event.waitUntil((async () => {
  await registration.navigationPreload?.enable();
  const needed = new Set([SHELL_CACHE, ...await shellsNeeded()]);
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('shell:') && !needed.has(name)).map((name) => caches.delete(name)));
  await clients.claim();
})()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event, pathname));
  else if (/^\/(static|media)\//.test(pathname)) event.respondWith(file(request));
  else if (SHELL.pages.includes(pathname)) event.respondWith(fetch(request).catch(() => offlinePage(pathname)));
});

addEventListener('sync', (event) => {
  if (event.tag === 'outbox') event.waitUntil(outbox.send().then((outcome) => {
    if (outcome === 'network') throw new Error('no network yet');
  }));
});

addEventListener('message', (event) => event.waitUntil((async () => {
  const { here, send } = event.data;
  if (here) await remember(here);
  if (send) {
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    await outbox.send();
  }
})()));

// Kept attempts open for whoever was signed in last, as long as the sign-in would have held.
async function remember({ account, own }) {
  const before = await outbox.state.get('here');
  if (before && account && before.account !== account && !before.own) {
    await caches.delete(`quiz:${before.account}`);
    await outbox.state.forget(before.account);
  }
  if (account) await outbox.stay({ account, own });
  else await outbox.state.drop('here');
}

async function shellsNeeded() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!/^(chapter|quiz):/.test(name)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (/^\/(media|kept)\b/.test(new URL(request.url).pathname)) continue;
      const text = await (await cache.match(request)).text();
      found.push(`shell:${text.match(/\/static\/([0-9a-f]+)\//)?.[1]}`);
    }
  }
  return found;
}

async function page(event, path) {
  const answer = (async () => await event.preloadResponse || fetch(event.request))();
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const first = await Promise.race([answer, late]).catch(() => null);
  if (first && first.status < 502) return first;
  const kept = await keptPage(path);
  if (kept) return kept;
  const response = await answer.catch(() => null);
  return response ?? offlinePage(path);
}

async function keptPage(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith('chapter:')) continue;
    const found = await (await caches.open(name)).match(path, ANY);
    if (found) return found;
  }
  const here = await outbox.state.get('here');
  if (!here || here.until < Date.now()) return null;
  return (await caches.open(`quiz:${here.account}`)).match(path, ANY);
}

async function offlinePage(path) {
  const cache = await caches.open(SHELL_CACHE);
  for (const language of [path, `/${navigator.language}`, '/en']) {
    const found = await cache.match(`${language.slice(0, 3)}/offline`, ANY);
    if (found) return found;
  }
  return Response.error();
}

async function file(request) {
  const found = await caches.match(request.url, ANY);
  if (!found) return fetch(request);
  return request.headers.has('range') ? part(found, request.headers.get('range')) : found;
}

async function part(response, range) {
  const whole = await response.blob();
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const begin = from ? Number(from) : Math.max(whole.size - Number(to), 0);
  const end = from && to ? Math.min(Number(to), whole.size - 1) : whole.size - 1;
  if (from === undefined || !(from || to) || begin > end) {
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${whole.size}` } });
  }
  return new Response(whole.slice(begin, end + 1, whole.type), {
    status: 206,
    headers: {
      'Accept-Ranges': 'bytes',
      'Content-Length': end - begin + 1,
      'Content-Range': `bytes ${begin}-${end}/${whole.size}`,
      'Content-Type': response.headers.get('Content-Type'),
    },
  });
}
