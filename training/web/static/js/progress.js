// Goes on with a batch for as long as somebody looks at it, and shows how far it is. Without scripts a button does so.
const PAUSE = 1000;  // milliseconds
const AFTER_A_FAULT = 5000;

const wait = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

export async function bind() {
  for (let tenth = -1; ;) {
    const form = document.querySelector('[data-progress]');
    const { value, max } = document.querySelector('[data-batch] progress');
    if (!form || tenth !== Math.floor(10 * value / max)) say();
    if (!form) return;
    tenth = Math.floor(10 * value / max);
    await wait(PAUSE);
    let answer = null;
    try {
      answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
    } catch {
      await wait(AFTER_A_FAULT);
      continue;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-batch]');
    if (!fresh) return;  // signed out meanwhile, or not in reach any more: the button says so
    document.querySelector('[data-batch]').replaceChildren(...fresh.childNodes);
  }
}

// Read aloud at each tenth and at the end, not at each look.
function say() {
  const label = document.querySelector('[data-batch] .meter span').textContent;
  const end = document.querySelector('[data-batch] .notice')?.textContent ?? '';
  document.querySelector('[data-batch-said]').textContent = `${label} ${end}`.trim();
}
