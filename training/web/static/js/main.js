// Binds behaviour to what a page holds. Every page works without; a module loads only where, and when, it is needed.
const { account = '', ownDevice, kept } = document.documentElement.dataset;

const now = (_found, load) => load();
const opened = ([fold], load) => (fold.open ? load() : fold.addEventListener('toggle', load, { once: true }));
const scrolled = (_found, load) => addEventListener('scroll', load, { once: true, passive: true });
const seen = ([first], load) => {
  const watcher = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watcher.disconnect();
    load();
  });
  watcher.observe(first);
};

const modules = [
  ['[data-language-switch]', './place.js', scrolled],
  ['[data-focus]', './focus.js', now],
  ['[data-carry]', './carry.js', now],
  ['[data-project]', './project.js', now],
  ['[data-reflection]', './reflection.js', seen],
  ['[data-chapter]', './reading.js', now],
  ['[data-film]', './film.js', seen],
  ['[data-keep]', './keep.js', account ? now : opened],
  ['[data-quiz]', './quiz.js', now],
  ['[data-offline]', './offline.js', now],
  ['[data-account]', './offer.js', now],
  ['[data-drop]', './drop.js', now],
  ['[data-proof]', './proof.js', now],
  ['[data-batch]', './progress.js', now],
];
for (const [selector, module, when] of modules) {
  const found = [...document.querySelectorAll(selector)];
  if (found.length) when(found, () => import(module).then(({ bind }) => bind(found)));
}

document.querySelector('[data-sign-out]')?.addEventListener('submit', (event) => {
  event.preventDefault();
  import('./leave.js').then(({ leave }) => leave(event.target)).catch(() => event.target.submit());
});
if (kept === undefined) {
  navigator.serviceWorker?.controller?.postMessage({ here: { account, own: ownDevice !== undefined } });
}
