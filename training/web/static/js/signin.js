// Signing in again in place: the server's own sign-in page, step by step, in a dialog over the work that waits.
import './outbox.js';
import { ask, words } from './dialog.js';

const { outbox } = globalThis;
const { lang } = document.documentElement;
let asking;

// Whether the account that the work belongs to is signed in at the end.
export function askToSignIn(account) {
  asking ??= begin(account).finally(() => { asking = undefined; });
  return asking;
}

async function begin(account) {
  try {
    const session = await outbox.askSession();
    if (session.account) return session.account === account;
    const content = await words('sign-in');
    const step = await fetch(`/${lang}/sign-in`, { cache: 'no-store' });
    return await show(account, content, step, await step.text());
  } catch {
    return false;
  }
}

function show(account, content, step, text) {
  return new Promise((resolve) => {
    const dialog = ask(content, (answer) => resolve(answer === 'signed-in'));
    const place = dialog.querySelector('[data-step]');
    fill(place, step.url, text);
    dialog.addEventListener('submit', async (event) => {
      event.preventDefault();
      const form = event.target;
      const body = new URLSearchParams(new FormData(form, event.submitter));
      body.set('back', '/api/session');
      const response = await fetch(form.dataset.address, { method: 'POST', body, cache: 'no-store' }).catch(() => null);
      if (!response) return tell(dialog, 'no-network');
      if (!response.headers.get('content-type').includes('json')) return fill(place, response.url, await response.text());
      const session = await outbox.askSession();
      if (session.account === account) return dialog.close('signed-in');
      return tell(dialog, 'another');
    });
  });
}

function tell(dialog, name) {
  for (const part of dialog.querySelectorAll('[data-told]')) part.hidden = part.dataset.told !== name;
}

function fill(place, address, text) {
  const main = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const form = main.querySelector('form[method=post]');
  form.dataset.address = new URL(form.getAttribute('action') || address, address);
  form.querySelectorAll('a').forEach((link) => { link.target = '_blank'; });
  for (const part of main.querySelectorAll('[id], [for], [aria-describedby], a[href^="#"]')) {
    if (part.id) part.id = `in-place-${part.id}`;
    if (part.htmlFor) part.htmlFor = `in-place-${part.htmlFor}`;
    const told = part.getAttribute('aria-describedby');
    if (told) part.setAttribute('aria-describedby', told.replace(/\S+/g, 'in-place-$&'));
    if (part.hash) part.href = part.getAttribute('href').replace('#', '#in-place-');
  }
  place.replaceChildren(...main.querySelectorAll('.fault-summary'), form);
  (place.querySelector('.fault-summary') ?? form.querySelector('input:not([type=hidden])'))?.focus();
}
