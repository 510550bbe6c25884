// What waits on this device is sent; what was read and watched here before there was an account is offered to it.
import './outbox.js';
import { union } from './timeline.js';

const { outbox } = globalThis;

export async function bind([{ dataset: { account } }]) {
  outbox.send();
  const items = await outbox.items((item) => item.account === '');
  if (!items.length) return;
  const { words } = await import('./dialog.js');
  const notice = (await words('offer')).firstElementChild;
  const parts = Object.values(Object.groupBy(items.filter((item) => item.json), (item) => item.url))
    .flatMap((film) => union(film.flatMap((item) => item.json.reports.map(({ from, to }) => [from, to]))));
  const seconds = Math.round(parts.reduce((sum, [from, to]) => sum + to - from, 0) / 1000);
  notice.querySelector('[data-read]').textContent = new Set(items.filter((item) => item.section).map((item) => item.section)).size;
  notice.querySelector('[data-watched]').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  document.getElementById('main').prepend(notice);
  notice.addEventListener('click', async ({ target }) => {
    const { answer } = target.closest('[data-answer]')?.dataset ?? {};
    if (!answer) return;
    if (answer === 'take') for (const item of items) await outbox.change({ ...item, account });
    else await outbox.remove(items);
    outbox.send();
    notice.querySelector('[data-question]').hidden = true;
    notice.querySelector(`[data-told="${answer}"]`).hidden = false;
  });
}
