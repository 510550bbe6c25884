// A question that has to be answered first. Its words stand in templates of the page that is kept for offline use.
const { lang } = document.documentElement;
let page;

export async function words(name) {
  page ??= fetch(`/${lang}/offline`).then((response) => response.text());
  const found = new DOMParser().parseFromString(await page, 'text/html').getElementById(name);
  return document.importNode(found.content, true);
}

// Shows the dialog and returns it; `closed` is called with the value of the button, or '' when it is dismissed.
export function ask(content, closed) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.append(content);
  dialog.setAttribute('aria-labelledby', dialog.querySelector('h2').id);
  dialog.addEventListener('click', ({ target }) => {
    const value = target.closest('[data-answer]')?.dataset.answer;
    if (value !== undefined) dialog.close(value);
  });
  dialog.addEventListener('cancel', () => { dialog.returnValue = ''; });
  dialog.addEventListener('close', () => { dialog.remove(); closed(dialog.returnValue); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
