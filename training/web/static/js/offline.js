// What is kept on this device, as a list; where a page is not, and there is no network, it says so.
import './outbox.js';
import { forget, keptAs } from './keep.js';

const { outbox } = globalThis;

export async function bind([list]) {
  const find = (name) => document.querySelector(`[data-${name}]`);
  const item = list.querySelector('template').content.firstElementChild;
  if (!location.pathname.endsWith('/offline')) {
    const title = document.querySelector('h1');
    document.title = document.title.replace(title.textContent, title.dataset.away);
    title.textContent = title.dataset.away;
    document.querySelectorAll('[data-away-only]').forEach((part) => { part.hidden = false; });
    addEventListener('online', () => fetch('/healthz').then(({ ok }) => ok && location.reload(), () => {})); // not every network leads here
  }
  for (const name of await globalThis.caches?.keys() ?? []) {
    const about = name.startsWith('chapter:') && await keptAs(name);
    if (!about) continue;
    const entry = list.appendChild(item.cloneNode(true));
    Object.assign(entry.querySelector('a'), { href: about.href, lang: about.language });
    entry.querySelector('b').textContent = about.title;
    entry.querySelector('[data-with-film]').hidden = !about.film;
    entry.querySelector('[data-remove]').addEventListener('click', () => forget(name).then(() => entry.remove()));
    find('nothing').hidden = true;
  }
  const waiting = (await outbox.items(({ account, state }) => account && state === 'waiting')).length;
  find('waiting').hidden = !waiting;
  find('waiting').querySelector('b').textContent = waiting;
}
