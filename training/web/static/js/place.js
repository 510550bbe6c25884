// Changing the language keeps the reader's place: paragraphs have the same anchors in every language.
export function bind(links) {
  for (const link of links) {
    link.addEventListener('click', () => {
      const place = anchorInView();
      if (place) link.hash = place;
    });
  }
}

function anchorInView() {
  const anchors = [...document.querySelectorAll('main [id]')].filter((one) => /^[a-z0-9-]+$/.test(one.id));
  const line = innerHeight / 4;
  let found = '';
  for (const one of anchors) {
    if (one.getClientRects().length && one.getBoundingClientRect().top <= line) found = one.id;
  }
  return scrollY < 40 ? '' : found;
}
