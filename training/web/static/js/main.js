// Binds behaviour to what a page holds. Every page works without; a module loads only where it is needed.
const modules = {
  '[data-language-switch]': './place.js',
  '[data-reflection]': './reflection.js',
  '[data-focus]': './focus.js',
};

for (const [selector, module] of Object.entries(modules)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(module).then(({ bind }) => bind([...found]));
}
