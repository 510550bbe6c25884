// Changing the language sends the form along: what is chosen and not yet saved comes back in the other language.
export function bind([form]) {
  for (const link of document.querySelectorAll('[data-language-switch]')) {
    link.addEventListener('click', (event) => {
      const button = form.querySelector(`button[name=go][value="${link.hreflang}"]`);
      if (!button || !form.querySelector(':checked')) return;
      event.preventDefault();
      form.requestSubmit(button);
    });
  }
}
