// Signing in again in place: the server's own sign-in pages, one after the other, in a dialog over the work that waits.
import './outbox.js';
import { ask, words } from './dialog.js';

const { outbox } = globalThis;
let asking;

// Answers when the dialog is closed.
export function askToSignIn(account) {
  return asking ??= begin(account).catch(() => undefined).finally(() => { asking = undefined; });
}

async function begin(account) {
  if ((await outbox.askSession()).account) return;
  const content = await words('sign-in');
  const first = await fetch(`/${document.documentElement.lang}/sign-in`, { cache: 'no-store' });
  const text = await first.text();
  await new Promise((closed) => {
    const dialog = ask(content, closed);
    fill(dialog, first.url, text);
    dialog.addEventListener('submit', async (event) => {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(event.target, event.submitter));
      body.set('back', '/api/session');
      const response = await fetch(event.target.dataset.address, { method: 'POST', body }).catch(() => null);
      if (response && !response.headers.get('content-type').includes('json')) return fill(dialog, response.url, await response.text());
      const session = response && await outbox.askSession();
      if (session?.account === account) return dialog.close();
      dialog.querySelectorAll('[data-told]').forEach((part) => { part.hidden = part.dataset.told !== (session ? 'another' : 'no-network'); });
    });
  });
}

// Shows the form of a page; its names must not meet those of the page below.
function fill(dialog, address, text) {
  const main = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const form = main.querySelector('form[method=post]');
  form.dataset.address = new URL(form.getAttribute('action') || address, address);
  for (const part of main.querySelectorAll('*')) {
    if (part.id) part.id = `in-place-${part.id}`;
    if (part.htmlFor) part.htmlFor = `in-place-${part.htmlFor}`;
    if (part.hash) part.hash = `#in-place-${part.hash.slice(1)}`;
    if (part.matches('[aria-describedby]')) part.setAttribute('aria-describedby', part.getAttribute('aria-describedby').replace(/\S+/g, 'in-place-$&'));
  }
  dialog.querySelector('[data-step]').replaceChildren(...main.querySelectorAll('.fault-summary'), form);
  dialog.querySelector('.fault-summary, input:not([type=hidden])').focus();
}
