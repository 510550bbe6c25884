// Changing the language keeps the reader's place: anchors are the same in every language. The switch stands at the top
// of the page, so what counts is where the reader was before going there.
let place = '';
let timer;

// Called at the first scroll: until then there is no place to keep.
export function bind(links) {
  place = anchorInView();
  addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = setTimeout(() => { place = anchorInView() || place; }, 300);
  }, { passive: true });
  addEventListener('hashchange', () => { place = location.hash.slice(1) || place; });
  addEventListener('focusin', ({ target }) => { place = target.closest('main :is(form, section)[id]')?.id || place; });
  for (const link of links) link.addEventListener('click', () => { link.hash = anchorInView() || place; });
}

function anchorInView() {
  if (scrollY < 40) return '';
  const anchors = [...document.querySelectorAll('main [id]')].filter((one) => /^[a-z0-9-]+$/.test(one.id) && one.getClientRects().length);
  return anchors.findLast((one) => one.getBoundingClientRect().top <= innerHeight / 4)?.id ?? '';
}
