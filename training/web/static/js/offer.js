// What was read and watched on this device before there was an account is offered to it; unsent work of the account goes.
import './outbox.js';
import { words } from './dialog.js';

const { outbox } = globalThis;
const { account } = document.documentElement.dataset;

export async function bind() {
  outbox.send();
  const items = (await outbox.items()).filter((item) => item.account === '');
  if (!items.length) return;
  const content = await words('offer');
  const read = new Set(items.filter((item) => item.section).map((item) => `${item.place}/${item.section}`));
  const watched = items.flatMap((item) => item.json?.reports ?? []).reduce((sum, { from, to }) => sum + to - from, 0);
  const seconds = Math.round(watched / 1000);
  content.querySelector('[data-read]').textContent = read.size;
  content.querySelector('[data-watched]').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const notice = content.firstElementChild;
  document.getElementById('main').prepend(notice);
  notice.addEventListener('click', async ({ target }) => {
    const answer = target.closest('[data-answer]')?.dataset.answer;
    if (!answer) return;
    if (answer === 'take') {
      for (const item of items) await outbox.change({ ...item, account });
      await outbox.send();
    } else {
      await outbox.remove(...items.map((item) => item.order));
    }
    notice.querySelector('[data-question]').hidden = true;
    notice.querySelector(`[data-told="${answer}"]`).hidden = false;
  });
}
