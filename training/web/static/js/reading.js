// Reading: the contents show where the reader is; a section that was on screen for long enough is marked, and can be undone.
import './outbox.js';

const { outbox } = globalThis;
const SECONDS_PER_MINUTE = 5;
const SHORTEST = 10;

export async function bind([chapter]) {
  const place = chapter.dataset.chapter;
  const contents = chapter.querySelector('.contents');
  const states = chapter.querySelector('[data-marks]').content;
  const status = chapter.querySelector('[data-marked]');
  const sections = new Map([...chapter.querySelectorAll('[data-mark-read]')].map((form) => [form.dataset.markRead, watched(form)]));
  const account = await outbox.account();
  const live = !('kept' in document.documentElement.dataset) && account;
  const key = `${account}/read/${place}`;
  const undone = new Set(await outbox.state.get(`${account}/undone/${place}`));
  let outcome = '';

  locate();
  const known = live ? [...sections].filter(([, one]) => one.read).map(([name]) => name) : await outbox.state.get(key) ?? [];
  for (const item of await own()) {
    if (item.read) known.push(item.section);
    else if (known.includes(item.section)) known.splice(known.indexOf(item.section), 1);
  }
  for (const [name, section] of sections) section.read = known.includes(name);
  if (account) outbox.state.put(key, known);
  sections.forEach((section) => { if (!live || section.read !== section.said) show(section); });
  setInterval(count, 1000);
  new BroadcastChannel('training').onmessage = async ({ data }) => {
    if (!data.outcome || data.outcome === outcome) return;
    outcome = data.outcome;
    const waiting = new Set((await own()).map((item) => item.section));
    sections.forEach((section, name) => { if (waiting.has(name) || section.form.querySelector('[data-waits]')) show(section, waiting.has(name)); });
  };

  async function own() {
    return (await outbox.items()).filter((item) => item.account === account && item.place === place && item.section);
  }

  function watched(form) {
    const section = { form, name: form.dataset.markRead, read: 'read' in form.dataset, seen: new Set(), inView: new Set(), seconds: 0 };
    section.said = section.read;
    const blocks = [...form.closest('section').querySelectorAll('.prose > *')];
    section.whole = blocks.length;
    section.needed = Math.max(SHORTEST, SECONDS_PER_MINUTE * form.dataset.minutes);
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
        section.inView[isIntersecting ? 'add' : 'delete'](target);
        if (intersectionRatio > .6 || intersectionRect.height > (rootBounds?.height ?? innerHeight) / 2) section.seen.add(target);
      }
    }, { threshold: [0, .25, .5, .75, 1] });
    blocks.forEach((block) => observer.observe(block));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (section.read) undone.add(section.name);
      else undone.delete(section.name);
      outbox.state.put(`${account}/undone/${place}`, [...undone]);
      mark(section, !section.read).then(() => section.form.querySelector('button').focus());
    });
    return section;
  }

  function count() {
    if (document.hidden) return;
    for (const section of sections.values()) {
      if (!section.inView.size || section.read || undone.has(section.name)) continue;
      section.seconds += 1;
      if (section.seconds >= section.needed && section.seen.size === section.whole) mark(section, true);
    }
  }

  async function mark(section, read) {
    section.read = read;
    show(section);
    status.textContent = read ? status.dataset.marked.replace('{number}', section.form.dataset.number) : '';
    if (!account) await outbox.remove(...(await own()).filter((item) => item.section === section.name).map((item) => item.order));
    if (account || read) {
      await outbox.add({
        account, place, section: section.name, read, url: section.form.dataset.address,
        form: [['section', section.name], ['read', read ? '1' : '0']],
      });
    }
    if (!account) return;
    await outbox.state.put(key, [...sections.values()].filter((one) => one.read).map((one) => one.name));
    outbox.send();
  }

  function show(section, waits = false) {
    const { form } = section;
    const words = states.querySelector(`[data-state="${section.read ? waits ? 'waiting' : 'read' : 'unread'}"]`).cloneNode(true);
    for (const part of words.querySelectorAll('span')) part.textContent = part.textContent.replace('{number}', form.dataset.number);
    const hidden = form.querySelectorAll('input');
    form.replaceChildren(...hidden, ...words.childNodes);
    const link = contents.querySelector(`a[href="#${section.name}"]`);
    link.querySelector('.pane').classList.toggle('pane-lit', section.read);
    link.querySelector('[data-read-word]').hidden = !section.read;
    const counted = contents.querySelector('[data-counts]');
    counted.textContent = counted.dataset.counts.split('|')[[...sections.values()].filter((one) => one.read).length];
  }

  function locate() {
    const links = new Map([...contents.querySelectorAll('a[href^="#"]')].map((link) => [link.hash.slice(1), link]));
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        links.forEach((link) => link.removeAttribute('aria-current'));
        links.get(target.id)?.setAttribute('aria-current', 'location');
      }
    }, { rootMargin: '-30% 0px -69%' });
    chapter.querySelectorAll('.section').forEach((section) => observer.observe(section));
  }
}
