// What somebody writes about their own town stays on this device: it is kept in its storage and sent nowhere.
export function bind(forms) {
  for (const form of forms) {
    const key = `reflection:${form.dataset.reflection}`;
    const fields = [...form.querySelectorAll('textarea, input')];
    fields.forEach((field, index) => { field.value = read(key)[index] ?? ''; });
    form.addEventListener('input', () => write(key, fields.map((field) => field.value)));
    form.addEventListener('submit', (event) => event.preventDefault());
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function write(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // Storage is full or refused: the words stay on the page for as long as it is open.
  }
}
