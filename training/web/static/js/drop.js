// A document may be dropped anywhere on its part of the page, and is handed in at once.
export function bind(forms) {
  for (const form of forms) {
    const place = form.closest('section') ?? form;
    const over = (isOver) => place.toggleAttribute('data-over', isOver);
    place.addEventListener('dragover', (event) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      over(true);
    });
    place.addEventListener('dragleave', (event) => { if (!place.contains(event.relatedTarget)) over(false); });
    place.addEventListener('drop', (event) => {
      over(false);
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      form.querySelector('input[type=file]').files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }
}
