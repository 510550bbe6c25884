// A quiz that loses nothing: each change is kept in this browser, then sent; each question says what became of it.
import './outbox.js';

const { outbox } = globalThis;
const page = document.documentElement;
const same = (one, other) => one.length === other.length && one.every((value, index) => value === other[index]);

export async function bind([quiz]) {
  const { attempt, zone } = quiz.dataset;
  const handIn = quiz.querySelector('[data-hand-in]');
  const forms = new Map([...quiz.querySelectorAll('[data-question]')].map((form) => [form.dataset.question, form]));
  const states = quiz.querySelector('[data-states]').content;
  const clock = new Intl.DateTimeFormat(page.lang === 'en' ? 'en-GB' : page.lang, { timeStyle: 'short', timeZone: zone });
  const held = new Map();
  const slow = new Set();
  let [waiting, drafts, outcome, acted, leaving, result] = [[], {}, '', 0, false, null];

  if (quiz.dataset.now) outbox.setClock(Date.parse(quiz.dataset.now));
  quiz.addEventListener('change', ({ target }) => save(target.form));
  for (const form of forms.values()) {
    form.addEventListener('submit', (event) => { event.preventDefault(); save(form); });
    if (form.dataset.held) held.set(form.dataset.question, { response: read(form).filter(Boolean), change: form.dataset.held, stored_at: form.dataset.stored });
  }
  handIn.addEventListener('submit', (event) => { event.preventDefault(); finish(); });
  quiz.addEventListener('click', ({ target }) => {
    const { act } = target.closest('[data-act]')?.dataset ?? {};
    if (act === 'sign-in') signIn();
    if (act === 'take') take(target.closest('[data-question]'));
    if (act === 'go-on') outbox.remove(...waiting.filter((item) => item.last).map((item) => item.order)).then(look);
  });

  const ready = (async () => {
    const [account, device] = await Promise.all([outbox.account(), outbox.device()]);
    const kept = await outbox.state.get(`${account}/held/${attempt}`) ?? {};
    if ('kept' in page.dataset) Object.entries(kept).forEach(([question, one]) => held.set(question, one));
    drafts = await outbox.state.get(`${account}/draft/${attempt}`) ?? {};
    return { account, device };
  })();
  const { account, device } = await ready;
  new BroadcastChannel('training').onmessage = ({ data }) => hear(data);
  await look();
  const done = await outbox.state.get(`${account}/done/${attempt}`);
  if (done) close(done);
  outbox.send();
  refresh();
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
  addEventListener('pageshow', ({ persisted }) => { if (persisted) refresh(); });
  if (!('kept' in page.dataset)) import('./keep.js').then(({ keepQuiz }) => keepQuiz(location.pathname, attempt, account)).catch(() => undefined);

  // An answer is the values in their order; what is not an answer yet (an order with a gap) stays a draft.
  function read(form) {
    const fields = [...form.querySelectorAll('[name=option]')];
    return fields.filter((field) => field.checked || field.type === 'select-one').map((field) => field.value);
  }

  function write(form, values) {
    [...form.querySelectorAll('[name=option]')].forEach((field, index) => {
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value);
      else if (form.dataset.kind === 'order') field.value = values[index] ?? '';
      else field.value = [...field.options].find((option) => option.value && values.includes(option.value))?.value ?? '';
    });
  }

  function isAnswer(form, values) {
    return form.dataset.kind !== 'order' || !values.some(Boolean) || new Set(values.filter(Boolean)).size === values.length;
  }

  function last(question) {
    return waiting.findLast((item) => item.question === question);
  }

  async function save(form) {
    const { question } = form.dataset;
    const values = read(form);
    await ready;
    acted = Date.now();
    delete drafts[question];
    if (!isAnswer(form, values)) drafts[question] = values;
    await outbox.state.put(`${account}/draft/${attempt}`, drafts);
    if (drafts[question]) return show(question);
    await put(form, values.filter(Boolean));
  }

  async function put(form, response) {
    const { question } = form.dataset;
    const before = last(question) ?? held.get(question);
    if (before && before.state !== 'refused' && same(before.response, response)) {
      await look();
      return outbox.send();
    }
    const id = outbox.uuid();
    const known = before?.id ?? before?.change ?? '';
    const fields = { attempt, question, change: id, device, known };
    const refused = waiting.filter((item) => item.question === question && item.state === 'refused');
    await outbox.add({
      id, account, attempt, question, response, url: form.getAttribute('action'),
      form: [...Object.entries(fields), ...response.map((option) => ['option', option])],
    });
    if (refused.length) await outbox.remove(...refused.map((item) => item.order));
    await look();
    setTimeout(() => { slow.add(id); show(question); }, 1500);
    return outbox.send();
  }

  function take(form) {
    const { response } = last(form.dataset.question);
    write(form, response);
    put(form, response);
  }

  async function finish() {
    await ready;
    acted = Date.now();
    leaving = true;
    if (!waiting.some((item) => item.last)) {
      await outbox.add({ account, attempt, last: true, url: handIn.getAttribute('action'), form: [['attempt', attempt]] });
    }
    await look();
    outbox.send();
  }

  async function look() {
    waiting = (await outbox.items()).filter((item) => item.account === account && item.attempt === attempt);
    for (const question of forms.keys()) show(question);
    showEnd();
  }

  function hear({ added, sent, refused, answer, outcome: said }) {
    const item = added ?? sent ?? refused;
    if (said) {
      outcome = said;
      if (said === 'signed-out' && Date.now() - acted < 5000) signIn();
      look();
    } else if (item?.attempt === attempt) {
      if (sent && item.question) held.set(item.question, { ...answer, response: item.response, late: answer.state === 'late' });
      if (sent && item.last) end(answer.result);
      if (answer?.state === 'late' || item.error === 'overtaken' || item.error === 'not-found') refresh();
      look();
    }
  }

  function show(question) {
    const form = forms.get(question);
    const item = last(question);
    const one = held.get(question);
    if (drafts[question]) {
      write(form, drafts[question]);
      say(form, 'incomplete');
    } else if (item?.state === 'refused') {
      const overtaken = item.error === 'overtaken' && one;
      write(form, overtaken ? one.response : item.response);
      say(form, overtaken ? 'overtaken' : item.error === 'not-found' ? 'gone' : 'refused', { time: one?.stored_at, reason: item.message });
    } else if (item) {
      write(form, item.response);
      const told = { 'signed-out': 'signed-out', other: 'other' }[outcome] ?? (item.unkept ? 'unkept' : 'waiting');
      say(form, outcome === 'network' || told !== 'waiting' || slow.has(item.id) ? told : '');
    } else if (one) {
      write(form, one.response);
      say(form, one.late ? 'late' : one.elsewhere ? 'elsewhere' : 'stored', { time: one.stored_at });
    }
    mark(question, Boolean((item ?? one)?.response.length));
  }

  // The words stand in the page, in its language; here they get their time and their reason.
  function say(where, name, { time, reason } = {}) {
    const status = where.querySelector('[data-save]');
    const key = `${name} ${time ?? ''}`;
    if (status.dataset.said === key) return;
    status.dataset.said = key;
    const words = states.querySelector(`[data-state="${name}"]`);
    status.className = words?.className ?? 'save';
    status.replaceChildren(...(words ? words.cloneNode(true).childNodes : []));
    for (const span of status.querySelectorAll('span')) {
      span.textContent = span.textContent.replace('{time}', time ? clock.format(new Date(time)) : '').replace('{reason}', reason ?? '');
    }
    const link = status.querySelector('a');
    if (link && result) link.href = result;
  }

  function mark(question, answered) {
    const nav = quiz.querySelector('[data-counts]');
    const place = nav.querySelector(`[data-place="${question}"]`);
    place.querySelector('.pane').classList.toggle('pane-lit', answered);
    place.querySelector('.unseen').textContent = `, ${nav.dataset[answered ? 'answered' : 'open']}`;
    nav.querySelector('[data-counted]').textContent = nav.dataset.counts.split('|')[nav.querySelectorAll('.pane-lit').length];
  }

  function showEnd() {
    if (result) say(handIn, 'handed-in');
    else if (!waiting.some((item) => item.last)) say(handIn, '');
    else if (waiting.some((item) => item.state === 'refused')) say(handIn, 'look-again');
    else say(handIn, outcome === 'signed-out' ? 'signed-out' : 'hand-in-waiting');
  }

  function end(address) {
    close(address);
    if (leaving) location.assign(address);
  }

  function close(address) {
    result = address;
    quiz.querySelectorAll('fieldset, button[type=submit]').forEach((field) => { field.disabled = true; });
    showEnd();
  }

  // What the server holds: another device may have answered, or handed in.
  async function refresh() {
    const address = forms.values().next().value.getAttribute('action');
    const options = { headers: { Accept: 'application/json' }, cache: 'no-store' };
    const response = await fetch(`${address}?attempt=${attempt}`, options).catch(() => null);
    const answer = response?.ok ? await response.json().catch(() => null) : null;
    if (answer?.account !== account) return;
    for (const [question, one] of Object.entries(answer.answers)) {
      const before = held.get(question);
      if (before?.change === one.change || Date.parse(before?.stored_at) > Date.parse(one.stored_at)) continue;
      held.set(question, { ...one, elsewhere: one.device !== device && !same(before?.response ?? [], one.response) });
    }
    await outbox.state.put(`${account}/held/${attempt}`, Object.fromEntries(held));
    if (answer.result && !result) end(answer.result);
    await look();
  }

  async function signIn() {
    const { askToSignIn } = await import('./signin.js');
    await askToSignIn(account);
    outbox.send();
  }
}
