// In a room: the arrow keys, and the page keys that a presenter's remote sends, go from screen to screen.
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

export function bind([first]) {
  const screens = [...first.parentElement.children].filter((screen) => screen.id);
  addEventListener('keydown', (event) => {
    const step = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ? 0 : STEPS[event.key];
    if (!step || event.target.closest('video, input, select, textarea')) return;
    const here = screens.findLastIndex((screen) => screen.getBoundingClientRect().top < innerHeight / 3);
    const next = screens[Math.min(Math.max(here + step, 0), screens.length - 1)];
    event.preventDefault();
    next.scrollIntoView(); // at once: the next key counts from there
    location.replace(`#${next.id}`); // the address keeps the place, for another language or light, without a history
  });
}
