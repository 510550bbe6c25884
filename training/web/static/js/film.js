// A film that is truly watched: what was seen is drawn under it and reported, the transcript follows, the place is kept.
import './outbox.js';
import { missing, timeline, union } from './timeline.js';

const { outbox } = globalThis;
const page = document.documentElement;
const FASTEST = 2;

export async function bind([film]) {
  const video = film.querySelector('video');
  const { film: chapter, place, revision, watched: url } = film.dataset;
  const bounds = JSON.parse(film.dataset.timeline);
  const duration = bounds.at(-1);
  const { index, neutral, own } = timeline(bounds);
  const find = (name) => film.querySelector(`[data-${name}]`);
  const percent = new Intl.NumberFormat(page.lang, { style: 'percent' });
  const position = () => Math.min(Math.round(video.currentTime * 1000), duration);
  let parts = JSON.parse(film.dataset.parts);
  let share = Number(film.dataset.share);
  let [account, device, from, at, ticks, rate, gaps, reports, waiting] = ['', '', null, 0, 0, 1, [], [], []];

  follow();
  listen();
  [account, device] = await Promise.all([outbox.account(), outbox.device()]);
  if ('kept' in page.dataset) {
    const known = await outbox.state.get(`${account}/watched/${revision}`);
    if (known) [parts, share] = [known.parts.map((part) => part.map(own)), known.share];
  }
  new BroadcastChannel('training').onmessage = ({ data: { sent, answer, added, outcome } }) => {
    if (sent?.json?.revision === revision && sent.account === account) {
      share = answer.share;
      if (sent.url === url) parts = answer.parts;
      outbox.state.put(`${account}/watched/${revision}`, { parts: parts.map((part) => part.map(neutral)), share });
    }
    if (sent || added || outcome) draw(outcome);
  };
  await draw();
  resume();
  film.dataset.ready = '';

  function listen() {
    const begin = () => { if (!video.paused && !video.seeking && from === null) [from, at, ticks, rate] = [position(), position(), performance.now(), video.playbackRate]; };
    const pass = () => {
      if (from === null || video.seeking) return;
      if (position() - at > 2000 * rate) end(false);
      else [at, ticks] = [Math.max(at, position()), performance.now()];
    };
    // Between two signs of the player up to a third of a second has passed: it was seen as well.
    const jump = () => {
      if (from !== null) at = Math.min(at + Math.min(performance.now() - ticks, 300) * rate, duration);
      end(false);
      if (gaps.length && Math.abs(position() - gaps[0][0]) > 500) gaps = [];
    };
    const stop = () => { pass(); end(true); };
    for (const name of ['play', 'playing', 'seeked']) video.addEventListener(name, begin);
    for (const name of ['pause', 'waiting', 'emptied']) video.addEventListener(name, stop);
    video.addEventListener('seeking', jump);
    video.addEventListener('ratechange', () => {
      if (video.playbackRate > FASTEST) video.playbackRate = FASTEST;
      pass();
      end(false);
      begin();
      find('speed').value = video.playbackRate;
    });
    video.addEventListener('ended', () => { if (from !== null) at = duration; end(true); store(`position:${account}:${place}`, 'null'); });
    video.addEventListener('timeupdate', () => { pass(); begin(); nextGap(); });
    video.addEventListener('play', () => { find('resume').hidden = true; report(); }, { once: true });
    setInterval(() => { if (from !== null) { pass(); end(true); begin(); } }, 5000);
    addEventListener('pagehide', stop);
    document.addEventListener('visibilitychange', () => { if (document.hidden) { stop(); begin(); } });
    find('speed').addEventListener('change', ({ target }) => { video.playbackRate = Number(target.value); });
    find('missed').addEventListener('click', () => {
      gaps = missing([...parts, ...unsent()], duration).filter(([start, end]) => end - start > 200);
      playGap();
    });
    find('from-start').addEventListener('click', () => { video.currentTime = 0; find('resume').hidden = true; });
    video.querySelector('source:last-of-type').addEventListener('error', () => { find('away').hidden = false; });
    film.addEventListener('keydown', keys);
    const [captions] = video.textTracks;
    if (captions && stored('captions') === 'off') captions.mode = 'disabled';
    video.textTracks.addEventListener('change', () => store('captions', captions.mode === 'showing' ? 'on' : 'off'));
  }

  function end(send) {
    const to = Math.round(at);
    if (from !== null && to > from) {
      reports.push({ from, to, rate: Math.min(Math.max(rate, .25), FASTEST) });
      store(`position:${account}:${place}`, JSON.stringify({ revision, units: neutral(to) }));
    }
    from = null;
    if (send && reports.length) report();
  }

  // The first report, at the first second, is empty: from then on the server knows how much time there was.
  function report() {
    outbox.add({ account, place, url, json: { film: chapter, revision, device, reports } });
    reports = [];
    if (account) outbox.send();
  }

  function unsent() {
    return [...waiting, ...reports].map(({ from: start, to }) => [start, to]);
  }

  async function draw(outcome) {
    const items = (await outbox.items()).filter((item) => item.account === account && item.url === url && item.json?.revision === revision);
    waiting = items.flatMap((item) => item.json.reports);
    const map = find('watched-map');
    const all = account ? parts : union(unsent());
    const shown = account ? share : Math.min(all.reduce((sum, [start, to]) => sum + neutral(to) - neutral(start), 0) / neutral(duration), 1);
    const rects = [[0, duration, 'watched-all'], ...unsent().map((part) => [...part, 'watched-waiting']), ...all.map((part) => [...part, 'watched-part'])];
    map.replaceChildren(...rects.map(([start, to, name]) => {
      const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      for (const [key, value] of Object.entries({ class: name, x: start, width: to - start, height: 8 })) rect.setAttribute(key, value);
      return rect;
    }));
    const words = find('watched-words');
    words.textContent = words.dataset.watchedWords.replace('{share}', percent.format(shown));
    map.setAttribute('aria-label', words.textContent);
    find('missed').hidden = !all.length || shown === 1;
    find('anonymous').hidden = Boolean(account) || !waiting.length;
    find('waits').hidden = !account || !waiting.length || !['network', 'signed-out', 'other'].includes(outcome);
  }

  function playGap() {
    if (!gaps.length) return video.pause();
    video.currentTime = gaps[0][0] / 1000;
    return video.play();
  }

  function nextGap() {
    if (!gaps.length || position() < Math.min(gaps[0][1] + 150, duration - 50)) return;
    gaps.shift();
    playGap();
  }

  // In the language of before or another one: at the beginning of the sentence; on a new device, where a part is missing.
  function resume() {
    const kept = JSON.parse(stored(`position:${account}:${place}`));
    const start = kept?.revision === revision ? own(kept.units) : parts.length && missing(parts, duration)[0]?.[0];
    const sentence = bounds[index(start ?? 0)];
    if (!start || !sentence || start > duration - 2000 || video.currentTime) return;
    video.currentTime = sentence / 1000;
    const words = find('resume');
    const seconds = Math.round(sentence / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    words.querySelector('span').textContent = words.dataset.resume.replace('{time}', time);
    words.hidden = false;
  }

  function follow() {
    const transcript = film.querySelector('.transcript');
    const cues = [...film.querySelectorAll('.cue')].map((cue) => {
      const link = document.createElement('a');
      Object.assign(link, { className: 'cue', href: '#film', textContent: cue.textContent });
      link.dataset.start = cue.dataset.start;
      cue.replaceWith(link);
      link.addEventListener('click', (event) => {
        event.preventDefault();
        video.currentTime = Number(link.dataset.start) / 1000;
        video.play();
      });
      return link;
    });
    let [current, touched] = [null, 0];
    for (const name of ['pointermove', 'wheel', 'focusin', 'touchmove']) transcript?.addEventListener(name, () => { touched = Date.now(); }, { passive: true });
    video.addEventListener('timeupdate', () => {
      const cue = cues.findLast(({ dataset }) => Number(dataset.start) <= position() + 50);
      if (cue === current) return;
      current?.removeAttribute('aria-current');
      current = cue;
      current?.setAttribute('aria-current', 'true');
      if (!cue || Date.now() - touched < 4000) return;
      const [inner, outer] = [cue.getBoundingClientRect(), transcript.getBoundingClientRect()];
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
      transcript.scrollBy({ top: inner.top - outer.top - outer.height / 3, behavior });
    });
  }

  function keys(event) {
    if (event.target !== video || event.ctrlKey || event.altKey || event.metaKey) return;
    const seek = (seconds) => { video.currentTime += seconds; };
    const [captions] = video.textTracks;
    const faster = (by) => { video.playbackRate = Math.min(Math.max(video.playbackRate + by, .75), FASTEST); };
    const acts = {
      k: () => (video.paused ? video.play() : video.pause()),
      j: () => seek(-10),
      l: () => seek(10),
      c: () => { if (captions) captions.mode = captions.mode === 'showing' ? 'hidden' : 'showing'; },
      '<': () => faster(-.25),
      '>': () => faster(.25),
    };
    if (acts[event.key]) {
      acts[event.key]();
      event.preventDefault();
    }
  }
}

function stored(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function store(key, value) {
  try { localStorage.setItem(key, value); } catch { /* The place is forgotten, nothing else. */ }
}
