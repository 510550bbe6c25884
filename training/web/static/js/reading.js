// Reading: the contents show where the reader is; a section that was on screen for long enough is marked, and can be undone.
import './outbox.js';

const { outbox } = globalThis;
const SECONDS_PER_MINUTE = 5;
const SHORTEST = 10;

export async function bind([chapter]) {
  const place = chapter.dataset.chapter;
  const contents = chapter.querySelector('.contents');
  const status = chapter.querySelector('[data-marked]');
  const sections = new Map(Array.from(chapter.querySelectorAll('[data-mark-read]'), (form) => [form.dataset.markRead, watched(form)]));
  locate();

  const account = await outbox.account();
  const key = (name) => `${account}/${name}/${place}`;
  const own = () => outbox.items((item) => item.account === account && item.place === place && item.section);
  const undone = new Set(await outbox.state.get(key('undone')));
  const before = outbox.kept && await outbox.state.get(key('read')) || [];
  const changed = new Map(before.map((name) => [name, true]));
  for (const item of await own()) changed.set(item.section, item.read);
  changed.forEach((read, name) => { sections.get(name).read = read; });
  remember();
  sections.forEach((section, name) => { if (!section.form.querySelector('button') || changed.has(name)) show(section); });
  setInterval(count, 1000);
  outbox.hear(async ({ outcome }) => {
    if (!outcome) return;
    const waiting = new Set(account && (await own()).map((item) => item.section));
    sections.forEach((section, name) => { if (waiting.has(name) || section.waits) show(section, waiting.has(name)); });
  });

  function remember() {
    if (account) outbox.state.put(key('read'), [...sections.values()].filter(({ read }) => read).map(({ name }) => name));
  }

  // How much of a section was on screen, and for how many seconds.
  function watched(form) {
    const blocks = form.closest('section').querySelectorAll('.prose > *');
    const section = { form, name: form.dataset.markRead, read: 'read' in form.dataset, inView: new Set(), seen: new Set(), whole: blocks.length, seconds: 0 };
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
        section.inView[isIntersecting ? 'add' : 'delete'](target);
        if (intersectionRatio > .6 || intersectionRect.height > innerHeight / 2) section.seen.add(target);
      }
    }, { threshold: [0, .25, .5, .75, 1] });
    blocks.forEach((block) => observer.observe(block));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      undone[section.read ? 'add' : 'delete'](section.name);
      outbox.state.put(key('undone'), [...undone]);
      await mark(section, !section.read);
      form.querySelector('button').focus();
    });
    return section;
  }

  function count() {
    for (const section of sections.values()) {
      if (document.hidden || !section.inView.size || section.read || undone.has(section.name)) continue;
      section.seconds += 1;
      const needed = Math.max(SHORTEST, SECONDS_PER_MINUTE * section.form.dataset.minutes);
      if (section.seconds >= needed && section.seen.size === section.whole) mark(section, true);
    }
  }

  async function mark(section, read) {
    const { name, form: { dataset: { number, address: url } } } = section;
    section.read = read;
    show(section);
    status.textContent = read ? status.dataset.marked.replace('{number}', number) : '';
    remember();
    if (!account) await outbox.remove((await own()).filter((item) => item.section === name));
    if (account || read) await outbox.add({ account, place, url, section: name, read, form: [['section', name], ['read', Number(read)]] });
    if (account) outbox.send();
  }

  function show(section, waits = false) {
    const { form, read, name } = section;
    section.waits = waits;
    const said = read ? waits ? 'waiting' : 'read' : 'unread';
    const words = chapter.querySelector('[data-marks]').content.querySelector(`[data-state="${said}"]`).cloneNode(true);
    for (const span of words.querySelectorAll('span')) span.textContent = span.textContent.replace('{number}', form.dataset.number);
    form.replaceChildren(...form.querySelectorAll('input'), ...words.childNodes);
    const link = contents.querySelector(`a[href="#${name}"]`);
    link.querySelector('.pane').classList.toggle('pane-lit', read);
    link.querySelector('[data-read-word]').hidden = !read;
    const counted = contents.querySelector('[data-counts]');
    counted.textContent = counted.dataset.counts.split('|')[[...sections.values()].filter((one) => one.read).length];
  }

  // The step that comes after what is being read stays in reach, at the foot of a telephone.
  function locate() {
    const steps = [...contents.querySelectorAll('[data-short]')];
    const next = contents.querySelector('[data-next]');
    const observer = new IntersectionObserver((entries) => {
      const here = entries.find((entry) => entry.isIntersecting)?.target.id;
      if (!here) return;
      contents.querySelector('[aria-current]')?.removeAttribute('aria-current');
      const at = steps.findIndex((step) => step.hash === `#${here}`);
      steps[at]?.setAttribute('aria-current', 'location');
      const after = steps[at + 1];
      if (!after) return;
      next.href = after.href;
      next.querySelector('b').textContent = after.dataset.short;
    }, { rootMargin: '-30% 0px -69%' });
    chapter.querySelectorAll('.section').forEach((section) => observer.observe(section));
  }
}
