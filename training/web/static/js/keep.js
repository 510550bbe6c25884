// "Keep this chapter on this device": says the size first, then stores page, pictures, captions, film and a drawn attempt.
import './outbox.js';

const { outbox } = globalThis;
const page = document.documentElement;
const { lang } = page;

export function bind([fold]) {
  const words = fold.querySelector('template').content;
  const place = fold.querySelector('[data-keep-place]');
  const name = `chapter:${fold.dataset.place}:`;
  const size = new Intl.NumberFormat(lang, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const inMegabytes = (bytes) => size.format(Math.max(bytes / 1e6, .1));
  let busy = false;

  fold.addEventListener('toggle', () => { if (fold.open && !busy) show(); });
  if (fold.open) show();
  else renew();

  function put(part, values = {}) {
    const content = words.querySelector(`[data-part="${part}"]`).cloneNode(true);
    for (const [key, value] of Object.entries(values)) {
      content.querySelectorAll(`[data-value="${key}"]`).forEach((span) => { span.textContent = value; });
    }
    place.replaceChildren(content);
    return content;
  }

  async function show() {
    if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return put('unable');
    const kept = await keptAs(name);
    if (kept) return showKept(kept);
    const about = await list();
    if (!about) return put('no-network');
    const film = about.film?.bytes ?? 0;
    const form = put('offer', { size: inMegabytes(about.bytes + film), film: inMegabytes(film), text: inMegabytes(about.bytes) });
    if (!film) form.querySelector('[data-film-choice]').remove();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      keep(about, Boolean(form.elements.film?.checked));
    });
    return form;
  }

  function showKept({ bytes, language, film, quiz }) {
    const own = new Intl.DisplayNames(lang, { type: 'language' }).of(language);
    const part = put('kept', { size: inMegabytes(bytes), language: own });
    part.querySelector('[data-with-film]').hidden = !film;
    part.querySelector('[data-with-quiz]').hidden = !quiz;
    part.querySelector('[data-remove]').addEventListener('click', async () => {
      await forget(name);
      put('removed').focus();
    });
    return part;
  }

  function list() {
    return fetch(fold.dataset.keep, { headers: { Accept: 'application/json' } })
      .then((response) => (response.ok ? response.json() : null)).catch(() => null);
  }

  async function keep(about, withFilm) {
    busy = true;
    const total = about.bytes + (withFilm ? about.film.bytes : 0);
    const meter = put('keeping').querySelector('progress');
    meter.max = total;
    try {
      navigator.storage?.persist?.();
      const { quota = Infinity, usage = 0 } = await navigator.storage?.estimate?.() ?? {};
      if (quota - usage < total) throw new DOMException('too little room', 'QuotaExceededError');
      await serviceWorker();
      const quiz = await draw().catch(() => false);
      await store(name, about, { withFilm, quiz, total }, (bytes) => { meter.value += bytes; });
      showKept(await keptAs(name));
    } catch (error) {
      put(error.name === 'QuotaExceededError' ? 'full' : error.name === 'SecurityError' ? 'unable' : 'failed').focus();
    }
    busy = false;
  }

  // The server draws the attempt now, and begins to count the time in which the film can be watched without a network.
  async function draw() {
    const { account } = page.dataset;
    if (!account) return false;
    const { film, revision, watched } = document.querySelector('[data-film]')?.dataset ?? {};
    if (watched) await outbox.add({ account, url: watched, json: { film, revision, device: await outbox.device(), reports: [] } });
    outbox.send();
    const { token } = await outbox.askSession();
    const response = await fetch(fold.dataset.keep, { method: 'POST', headers: { Accept: 'application/json', 'X-CSRFToken': token } });
    const { attempt } = response.ok ? await response.json() : {};
    return Boolean(attempt) && keepQuiz(fold.dataset.quizAddress, attempt, account);
  }

  // A chapter that is kept follows the one that is served.
  async function renew() {
    const kept = await keptAs(name);
    const about = kept?.language === lang && !('kept' in page.dataset) && await list();
    if (!about || about.revision === kept.revision) return;
    const total = about.bytes + (kept.film ? about.film?.bytes ?? 0 : 0);
    await store(name, about, { withFilm: kept.film && Boolean(about.film), quiz: kept.quiz, total }).catch(() => undefined);
  }
}

async function store(prefix, about, { withFilm, quiz, total }, progress = () => undefined) {
  const name = prefix + lang;
  const isNew = !await caches.has(name);
  const cache = await caches.open(name);
  const files = withFilm ? [...about.files, about.film.address] : about.files;
  try {
    const response = await load(about.page, progress, { credentials: 'omit', cache: 'no-store' });
    const text = (await response.text()).replace('<html ', '<html data-kept ');
    await cache.put(about.page, new Response(text, { headers: plain(response) }));
    for (const file of files) if (!await cache.match(file)) await cache.put(file, await load(file, progress));
    await cache.put('/kept', Response.json({
      title: about.title, href: about.page, language: lang, revision: about.revision, film: withFilm, quiz, bytes: total,
    }));
  } catch (error) {
    if (isNew) await caches.delete(name);
    throw error;
  }
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (![...files, about.page, '/kept'].includes(pathname)) await cache.delete(request);
  }
  await forget(prefix, name);
  localStorage.setItem('kept', '1');
}

async function load(address, progress, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(response.statusText);
  const counted = new TransformStream({ transform(part, control) { progress(part.length); control.enqueue(part); } });
  return new Response(response.body.pipeThrough(counted), { headers: plain(response) });
}

function plain(response) {
  const headers = new Headers(response.headers);
  ['content-encoding', 'content-length', 'etag', 'vary'].forEach((name) => headers.delete(name));
  return headers;
}

export async function keptAs(prefix) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(prefix) && await (await caches.open(name)).match('/kept');
    if (found) return found.json();
  }
  return null;
}

export async function forget(prefix, but) {
  for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== but) await caches.delete(name);
}

export async function serviceWorker() {
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  const { account = '', ownDevice } = page.dataset;
  if (!('kept' in page.dataset)) active.postMessage({ here: { account, own: ownDevice !== undefined } });
}

// The open attempt as a page without a person and without keys, for whoever is signed in here.
export async function keepQuiz(path, attempt, account) {
  await serviceWorker();
  const cache = await caches.open(`quiz:${account}`);
  const style = document.querySelector('link[rel=stylesheet]').getAttribute('href');
  const before = await (await cache.match(path))?.text();
  if (before?.includes(attempt) && before.includes(style)) return true;
  const response = await fetch(`${path}/kept`, { cache: 'no-store' });
  if (!response.ok || response.redirected) return false;
  await cache.put(path, new Response(await response.text(), { headers: plain(response) }));
  return true;
}
