// A film that is truly watched: what was seen is drawn under it and reported, the transcript follows, the place is kept.
import './outbox.js';
import { missing, timeline, union } from './timeline.js';

const { outbox } = globalThis;
const { lang } = document.documentElement;
const FASTEST = 2;
const memory = (key, value) => {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* Refused: the place is forgotten, nothing else. */ }
  return null;
};
const clock = (milliseconds) => `${Math.floor(milliseconds / 60000)}:${String(Math.floor(milliseconds / 1000) % 60).padStart(2, '0')}`;

export async function bind([film]) {
  const video = film.querySelector('video');
  const { film: chapter, place, revision, watched: url } = film.dataset;
  const bounds = JSON.parse(film.dataset.timeline);
  const duration = bounds.at(-1);
  const { index, neutral, own } = timeline(bounds);
  const find = (name) => film.querySelector(`[data-${name}]`);
  const position = () => Math.min(Math.round(video.currentTime * 1000), duration);
  const [account, device] = await Promise.all([outbox.account(), outbox.device()]);
  const known = outbox.kept && await outbox.state.get(`${account}/watched/${revision}`);
  let parts = known ? known.parts.map((part) => part.map(own)) : JSON.parse(film.dataset.parts);
  let share = known ? known.share : Number(film.dataset.share);
  // What is being watched now: from where, up to where it was seen to run, when that was, and how fast.
  let [from, at, ticks, rate, gaps, waiting] = [null, 0, 0, 1, [], []];

  const begin = () => {
    if (from === null && !video.paused && !video.seeking) [from, at, ticks, rate] = [position(), position(), performance.now(), video.playbackRate];
  };
  const pass = () => {
    if (from === null || video.seeking) return;
    if (position() - at > 2000 * rate) end();
    else [at, ticks] = [Math.max(at, position()), performance.now()];
  };
  const stop = () => { pass(); end(); };
  for (const name of ['play', 'playing', 'seeked']) video.addEventListener(name, begin);
  for (const name of ['pause', 'waiting', 'emptied']) video.addEventListener(name, stop);
  video.addEventListener('timeupdate', () => { pass(); begin(); nextGap(); });
  video.addEventListener('ended', () => { if (from !== null) at = duration; end(); });
  // Between two signs of the player up to a third of a second has passed: it was seen as well.
  video.addEventListener('seeking', () => {
    if (from !== null) at = Math.min(at + Math.min(performance.now() - ticks, 300) * rate, duration);
    end();
    if (Math.abs(position() - gaps[0]?.[0]) > 500) gaps = [];
  });
  video.addEventListener('ratechange', () => {
    if (video.playbackRate > FASTEST) video.playbackRate = FASTEST;
    stop();
    begin();
    find('speed').value = video.playbackRate;
  });
  // The first report is empty: from then on the server knows how much time there was.
  video.addEventListener('play', () => { find('resume').hidden = true; report([]); }, { once: true });
  setInterval(() => { if (from !== null) { stop(); begin(); } }, 5000);
  addEventListener('pagehide', stop);
  find('speed').addEventListener('change', ({ target }) => { video.playbackRate = target.value; });
  find('from-start').addEventListener('click', () => { video.currentTime = 0; find('resume').hidden = true; });
  find('missed').addEventListener('click', () => {
    gaps = missing([...parts, ...waiting], duration).filter(([start, to]) => to - start > 200);
    playGap();
  });
  video.querySelector('source:last-of-type').addEventListener('error', () => { find('away').hidden = false; });
  const [captions] = video.textTracks;
  if (memory('captions') === false) captions.mode = 'disabled';
  video.textTracks.addEventListener('change', () => memory('captions', captions.mode === 'showing'));
  const transcript = find('transcript-read');
  if (account && transcript) {
    const isOwn = (item) => item.account === account && item.place === place && item.transcript;
    transcript.hidden = false;
    transcript.addEventListener('submit', async (event) => {
      event.preventDefault();
      await outbox.add({ account, place, url: transcript.dataset.transcriptRead, transcript: true, form: [] });
      tell('waiting');
      outbox.send();
    });
    outbox.hear(({ sent }) => { if (sent && isOwn(sent)) tell('read'); });
    if ((await outbox.items(isOwn)).length) tell('waiting');
  }
  outbox.hear(({ sent, answer, added, outcome }) => {
    if (sent?.json?.revision === revision && sent.account === account) {
      share = answer.share;
      if (sent.url === url) parts = answer.parts;
      outbox.state.put(`${account}/watched/${revision}`, { parts: parts.map((part) => part.map(neutral)), share });
    }
    if (sent || added || outcome) draw(outcome);
  });
  follow();
  await draw();
  resume();
  film.dataset.ready = '';

  function end() {
    const seen = { from, to: Math.round(at), rate: Math.min(Math.max(rate, .25), FASTEST) };
    from = null;
    if (seen.from === null || seen.to <= seen.from) return;
    memory(`place:${account}:${place}`, { revision, units: neutral(seen.to) });
    report([seen]);
  }

  function report(reports) {
    outbox.add({ account, place, url, json: { film: chapter, revision, device, reports } });
    if (account) outbox.send();
  }

  async function draw(outcome) {
    const items = await outbox.items((item) => item.account === account && item.url === url && item.json?.revision === revision);
    waiting = union(items.flatMap((item) => item.json.reports.map((one) => [one.from, one.to])));
    const length = (list) => list.reduce((sum, [start, to]) => sum + neutral(to) - neutral(start), 0) / neutral(duration);
    const shown = account ? share : Math.min(length(waiting), 1);
    const map = find('watched-map');
    const rects = [[0, duration, 'all'], ...waiting.map((part) => [...part, account ? 'waiting' : 'part']), ...parts.map((part) => [...part, 'part'])];
    map.replaceChildren(...rects.map(([x, to, name]) => {
      const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      Object.entries({ class: `watched-${name}`, x, width: to - x, height: 8 }).forEach((one) => rect.setAttribute(...one));
      return rect;
    }));
    const words = find('watched-words');
    words.textContent = words.dataset.watchedWords.replace('{share}', new Intl.NumberFormat(lang, { style: 'percent' }).format(shown));
    map.setAttribute('aria-label', words.textContent);
    find('missed').hidden = !shown || shown === 1;
    find('anonymous').hidden = Boolean(account) || !waiting.length;
    find('waits').hidden = !account || !waiting.length || !['network', 'signed-out', 'other'].includes(outcome);
  }

  // The transcript counts as much as the film, also without a network: it is kept and sent as everything else.
  function tell(state) {
    const words = document.querySelector('template[data-marks]').content.querySelector(`[data-state="${state}"] .is-read`);
    transcript.setAttribute('role', 'status');
    transcript.replaceChildren(words.cloneNode(true));
    if (state === 'read') document.querySelector('.contents a[href="#film"] .pane').classList.add('pane-lit');
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

  // In the language of before or another one: at the beginning of the sentence. On a new device: where a part is missing.
  function resume() {
    const before = memory(`place:${account}:${place}`);
    const start = before?.revision === revision ? own(before.units) : parts.length && missing(parts, duration)[0]?.[0];
    const sentence = bounds[index(start ?? 0)];
    if (!sentence || start > duration - 2000 || video.currentTime) return;
    video.currentTime = sentence / 1000;
    const words = find('resume');
    words.querySelector('span').textContent = words.dataset.resume.replace('{time}', clock(sentence));
    words.hidden = false;
  }

  function follow() {
    const words = film.querySelector('.transcript');
    let [current, touched] = [null, 0];
    const cues = Array.from(film.querySelectorAll('.cue'), (cue) => {
      const link = document.createElement('a');
      Object.assign(link, { className: 'cue', href: '#film', textContent: cue.textContent });
      link.dataset.start = cue.dataset.start;
      cue.replaceWith(link);
      return link;
    });
    words?.addEventListener('click', (event) => {
      const { start } = event.target.dataset;
      if (!start) return;
      event.preventDefault();
      video.currentTime = start / 1000;
      video.play();
    });
    for (const name of ['pointermove', 'wheel', 'focusin', 'touchmove']) words?.addEventListener(name, () => { touched = Date.now(); }, { passive: true });
    video.addEventListener('timeupdate', () => {
      const cue = cues.findLast(({ dataset }) => dataset.start <= position() + 50);
      if (cue === current) return;
      current?.removeAttribute('aria-current');
      cue?.setAttribute('aria-current', 'true');
      current = cue;
      if (!cue || Date.now() - touched < 4000) return;
      const [inner, outer] = [cue.getBoundingClientRect(), words.getBoundingClientRect()];
      words.scrollBy({ top: inner.top - outer.top - outer.height / 3 });
    });
  }
}
