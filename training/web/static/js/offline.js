// What is kept on this device, as a list; and when the network is away, where to go on.
import './outbox.js';
import { forget } from './keep.js';

const { outbox } = globalThis;

export async function bind([list]) {
  const words = list.querySelector('template').content;
  if (!location.pathname.endsWith('/offline')) {
    const title = document.querySelector('h1');
    document.title = document.title.replace(title.textContent, title.dataset.away);
    title.textContent = title.dataset.away;
    document.querySelectorAll('[data-away-only]').forEach((part) => { part.hidden = false; });
    addEventListener('online', () => location.reload());
  }
  for (const name of await caches.keys()) {
    const about = name.startsWith('chapter:') && await (await (await caches.open(name)).match('/kept'))?.json();
    if (about) show(name, about);
  }
  const waiting = (await outbox.items()).filter((item) => item.account && item.state === 'waiting').length;
  const count = document.querySelector('[data-waiting]');
  count.hidden = !waiting;
  count.querySelector('b').textContent = waiting;

  function show(name, { title, href, language, film }) {
    const item = words.firstElementChild.cloneNode(true);
    const link = item.querySelector('a');
    link.href = href;
    link.lang = language;
    item.querySelector('b').textContent = title;
    item.querySelector('[data-with-film]').hidden = !film;
    item.querySelector('[data-remove]').addEventListener('click', async () => {
      await forget(name);
      item.remove();
    });
    list.append(item);
    document.querySelector('[data-nothing]').hidden = true;
  }
}
