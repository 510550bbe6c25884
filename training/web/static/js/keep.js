// "Keep this chapter on this device": says the size first, then stores page, pictures, captions, film and a drawn attempt.
import './outbox.js';

const { outbox } = globalThis;
const { lang, dataset: { account = '', ownDevice } } = document.documentElement;

export function bind([fold]) {
  const place = fold.querySelector('[data-keep-place]');
  const prefix = `chapter:${fold.dataset.place}:`;
  const unit = { style: 'unit', unit: 'megabyte', minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const size = (bytes) => new Intl.NumberFormat(lang, unit).format(Math.max(bytes / 1e6, .1));

  fold.addEventListener('toggle', () => { if (fold.open && !place.querySelector('progress')) show(); });
  if (fold.open) show();
  else renew();

  function put(part, values = {}) {
    const content = fold.querySelector('template').content.querySelector(`[data-part="${part}"]`).cloneNode(true);
    for (const [key, value] of Object.entries(values)) {
      for (const word of content.querySelectorAll(`[data-value="${key}"]`)) word.textContent = value;
    }
    place.replaceChildren(content);
    return content;
  }

  function list() {
    return fetch(fold.dataset.keep, { headers: { Accept: 'application/json' } }).then((response) => response.ok && response.json()).catch(() => null);
  }

  async function show() {
    if (!navigator.serviceWorker || !globalThis.caches) return put('unable');
    const kept = await keptAs(prefix);
    const about = !kept && await list();
    if (kept) return showKept(kept);
    if (!about) return put('no-network');
    const film = about.film?.bytes ?? 0;
    const form = put('offer', { size: size(about.bytes + film), film: size(film) });
    if (!film) form.querySelector('[data-film-choice]').remove();
    return form.addEventListener('submit', (event) => {
      event.preventDefault();
      keep(about, Boolean(form.elements.film?.checked));
    });
  }

  function showKept({ bytes, language, film, quiz }) {
    const part = put('kept', { size: size(bytes), language: new Intl.DisplayNames(lang, { type: 'language' }).of(language) });
    part.querySelector('[data-with-film]').hidden = !film;
    part.querySelector('[data-with-quiz]').hidden = !quiz;
    part.querySelector('[data-remove]').addEventListener('click', async () => {
      await forget(prefix);
      put('removed').focus();
    });
  }

  async function keep(about, withFilm) {
    const bytes = about.bytes + (withFilm ? about.film.bytes : 0);
    const meter = put('keeping').querySelector('progress');
    meter.max = bytes;
    try {
      navigator.storage?.persist?.();
      const { quota = Infinity, usage = 0 } = await navigator.storage?.estimate?.() ?? {};
      if (quota - usage < bytes) throw new DOMException('', 'QuotaExceededError');
      await ready();
      const quiz = Boolean(account) && await draw().catch(() => false);
      await store(prefix, about, { bytes, film: withFilm, quiz }, (loaded) => { meter.value += loaded; });
      showKept(await keptAs(prefix));
    } catch ({ name }) {
      put({ QuotaExceededError: 'full', SecurityError: 'unable' }[name] ?? 'failed').focus();
    }
  }

  // The server draws the attempt now, and begins to count the time in which the film can be watched without a network.
  async function draw() {
    const { film, revision, watched: url } = document.querySelector('[data-film]')?.dataset ?? {};
    if (url) await outbox.add({ account, url, json: { film, revision, device: await outbox.device(), reports: [] } });
    outbox.send();
    const { token } = await outbox.askSession();
    const response = await fetch(fold.dataset.keep, { method: 'POST', headers: { Accept: 'application/json', 'X-CSRFToken': token } });
    const { attempt } = await response.json();
    return Boolean(attempt) && keepQuiz(fold.dataset.quizAddress, attempt, account);
  }

  // A chapter that is kept follows the one that is served.
  async function renew() {
    const kept = await keptAs(prefix);
    const about = kept?.language === lang && !outbox.kept && await list();
    if (about && about.revision !== kept.revision) await store(prefix, about, { ...kept, film: kept.film && Boolean(about.film) }).catch(() => undefined);
  }
}

async function store(prefix, about, { bytes, film, quiz }, progress = () => undefined) {
  const name = prefix + lang;
  const isNew = !await caches.has(name);
  const cache = await caches.open(name);
  const files = film ? [...about.files, about.film.address] : about.files;
  try {
    const page = await load(about.page, progress, { credentials: 'omit', cache: 'no-store' });
    await cache.put(about.page, new Response((await page.text()).replace('<html ', '<html data-kept '), page));
    for (const file of files) if (!await cache.match(file)) await cache.put(file, await load(file, progress));
    const { title, page: href, revision } = about;
    await cache.put('/kept', Response.json({ title, href, revision, language: lang, bytes, film, quiz }));
  } catch (error) {
    if (isNew) await caches.delete(name);
    throw error;
  }
  for (const { url } of await cache.keys()) if (![...files, about.page, '/kept'].includes(new URL(url).pathname)) await cache.delete(url);
  await forget(prefix, name);
}

async function load(address, progress, options) {
  const response = await fetch(address, options);
  if (!response.ok || response.redirected) throw new Error(response.status);
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
  const counted = new TransformStream({ transform(part, to) { progress(part.length); to.enqueue(part); } });
  return new Response(response.body.pipeThrough(counted), { headers });
}

export async function keptAs(prefix) {
  for (const name of await globalThis.caches?.keys() ?? []) {
    const found = name.startsWith(prefix) && await caches.open(name).then((cache) => cache.match('/kept'));
    if (found) return found.json();
  }
  return null;
}

export async function forget(prefix, but) {
  for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== but) await caches.delete(name);
}

// A worker that cannot be installed, although its file came, has no room for what it keeps.
async function ready() {
  const { installing } = await navigator.serviceWorker.register('/sw.js');
  const refused = new Promise((_installed, reject) => {
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'redundant') reject(new DOMException('', 'QuotaExceededError'));
    });
  });
  const { active } = await Promise.race([navigator.serviceWorker.ready, refused]);
  if (!outbox.kept) active.postMessage({ here: { account, own: ownDevice !== undefined } });
}

// The open attempt as a page without a person and without keys, for whoever is signed in here.
export async function keepQuiz(path, attempt) {
  await ready();
  const cache = await caches.open(`quiz:${account}`);
  const before = await (await cache.match(path))?.text();
  const style = document.querySelector('link[rel=stylesheet]').getAttribute('href');
  if (!before?.includes(attempt) || !before.includes(style)) await cache.put(path, await load(`${path}/kept`, () => undefined, { cache: 'no-store' }));
  return true;
}
