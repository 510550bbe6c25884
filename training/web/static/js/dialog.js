// A question that has to be answered first. Its words stand in templates of the page that is there without a network.
export async function words(name) {
  const response = await fetch(`/${document.documentElement.lang}/offline`);
  const found = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById(name);
  return document.importNode(found.content, true);
}

// Shows the dialog and returns it; `closed` is called with the answer, '' when it is dismissed.
export function ask(content, closed) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.append(content);
  dialog.setAttribute('aria-labelledby', dialog.querySelector('h2').id);
  dialog.addEventListener('click', ({ target }) => {
    const { answer } = target.closest('[data-answer]')?.dataset ?? {};
    if (answer !== undefined) dialog.close(answer);
  });
  dialog.addEventListener('close', () => { dialog.remove(); closed(dialog.returnValue); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
