// Signing out. What was not sent is asked about; on a shared computer nothing else stays.
import './outbox.js';

const { outbox } = globalThis;
const { account, ownDevice } = document.documentElement.dataset;
const unsent = () => outbox.items((item) => item.account === account);

export async function leave(form) {
  if ((await unsent()).length) await Promise.race([outbox.send(), new Promise((resolve) => { setTimeout(resolve, 3000); })]);
  const items = await unsent();
  if (!items.length) return go(form);
  const { ask, words } = await import('./dialog.js');
  const content = await words('leave');
  content.querySelector('[data-count]').textContent = items.length;
  const dialog = ask(content, async (answer) => {
    if (answer === 'discard') await outbox.remove(items);
    if (answer) await go(form, answer === 'keep');
  });
  return dialog.querySelector('[data-send]').addEventListener('click', async () => {
    await outbox.send();
    if (!(await unsent()).length) dialog.close('sent');
    dialog.querySelector('[data-told]').hidden = false;
  });
}

async function go(form, keep = false) {
  await outbox.state.drop('here');
  if (ownDevice === undefined) {
    const names = (await globalThis.caches?.keys() ?? []).filter((name) => /^(chapter|quiz):/.test(name));
    await Promise.all(names.map((name) => caches.delete(name)));
    if (!keep) await outbox.state.forget(account);
    Object.keys(localStorage).filter((key) => key.includes(account)).forEach((key) => localStorage.removeItem(key));
  }
  form.submit();
}
