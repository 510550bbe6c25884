// Signing out. What was not sent is asked about; on a shared computer nothing else stays.
import './outbox.js';
import { ask, words } from './dialog.js';

const { outbox } = globalThis;
const { account, ownDevice } = document.documentElement.dataset;

export async function leave(form) {
  let unsent = await mine();
  if (unsent.length) {
    await Promise.race([outbox.send(), new Promise((resolve) => { setTimeout(resolve, 3000); })]);
    unsent = await mine();
  }
  if (unsent.length) await decide(form, unsent);
  else await go(form);
}

const mine = async () => (await outbox.items()).filter((item) => item.account === account);

async function decide(form, unsent) {
  const content = await words('leave');
  for (const place of content.querySelectorAll('[data-count]')) place.textContent = unsent.length;
  const dialog = ask(content, async (answer) => {
    if (answer === 'discard') await outbox.remove(...unsent.map((item) => item.order));
    if (answer === 'discard' || answer === 'keep' || answer === 'sent') await go(form, answer === 'keep');
  });
  dialog.querySelector('[data-send]').addEventListener('click', async () => {
    await outbox.send();
    if ((await mine()).length) dialog.querySelector('[data-told]').hidden = false;
    else dialog.close('sent');
  });
}

async function go(form, keep = false) {
  await outbox.state.drop('here');
  if (ownDevice === undefined) {
    await Promise.all((await caches.keys()).filter((name) => /^(chapter|quiz):/.test(name)).map((name) => caches.delete(name)));
    if (!keep) await outbox.state.dropAll(account);
    Object.keys(localStorage).filter((key) => key.includes(account) || key === 'kept').forEach((key) => localStorage.removeItem(key));
  }
  form.submit();
}
