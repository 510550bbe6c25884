// A quiz that loses nothing: each change is kept in this browser, then sent; each question says what became of it.
import './outbox.js';

const { outbox } = globalThis;
const { lang } = document.documentElement;
const same = (one, other) => one.length === other.length && one.every((value, index) => value === other[index]);

export async function bind([quiz]) {
  const { attempt, zone, now } = quiz.dataset;
  const handIn = quiz.querySelector('[data-hand-in]');
  const places = quiz.querySelector('.places');
  const states = quiz.querySelector('[data-states]').content;
  const time = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { timeStyle: 'short', timeZone: zone });
  const forms = new Map(Array.from(quiz.querySelectorAll('[data-question]'), (form) => [form.dataset.question, form]));
  const held = new Map();
  const slow = new Set();
  let [waiting, drafts, outcome, acted, leaving, result, busy, saved] = [[], {}, '', 0, false, '', 0, Promise.resolve()];

  const isFromHistory = performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
  if (now && !isFromHistory) outbox.setClock(Date.parse(now));
  for (const [question, form] of forms) {
    const { held: change, stored: stored_at } = form.dataset;
    if (change) held.set(question, { response: read(form, true).filter(Boolean), change, stored_at });
    if (!same(read(form), read(form, true))) save(form, read(form));  // chosen before this script was here
    form.addEventListener('submit', (event) => { event.preventDefault(); save(form, read(form)); });
    form.addEventListener('change', () => save(form, read(form)));
  }
  handIn.addEventListener('submit', (event) => { event.preventDefault(); finish(); });
  quiz.addEventListener('click', ({ target }) => {
    const { act } = target.closest('[data-act]')?.dataset ?? {};
    if (act === 'sign-in') signIn();
    const form = target.closest('form');
    if (act === 'take') save(form, last(form.dataset.question).response);
    if (act === 'go-on') outbox.remove(waiting.filter((item) => item.last)).then(look);
  });

  const ready = Promise.all([outbox.account(), outbox.device()]);
  const [account, device] = await ready;
  const key = (name) => `${account}/${name}/${attempt}`;
  if (outbox.kept) Object.entries(await outbox.state.get(key('held')) ?? {}).forEach((one) => held.set(...one));
  const draft = (question) => `${key('draft')}/${question}`;
  for (const question of forms.keys()) drafts[question] = await outbox.state.get(draft(question));
  outbox.hear(hear);
  await look();
  close(await outbox.state.get(key('done')));
  outbox.send();
  refresh();
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
  if (!outbox.kept) import('./keep.js').then(({ keepQuiz }) => keepQuiz(location.pathname, attempt, account)).catch(() => undefined);

  // What is chosen, or what was when the page came.
  function read(form, isRendered = false) {
    const fields = [...form.querySelectorAll('[name=option]')];
    const isChosen = (field) => field.type === 'select-one' || (isRendered ? field.defaultChecked : field.checked);
    const rendered = ({ options, value }) => (options ? ([...options].find((one) => one.defaultSelected) ?? options[0]).value : value);
    return fields.filter(isChosen).map((field) => (isRendered ? rendered(field) : field.value));
  }

  function write(form, values) {
    form.querySelectorAll('[name=option]').forEach((field, index) => {
      if (field.type !== 'select-one') field.checked = values.includes(field.value);
      else if (form.dataset.kind === 'order') field.value = values[index] ?? '';
      else field.value = [...field.options].find((option) => option.value && values.includes(option.value))?.value ?? '';
    });
  }

  function last(question) {
    return waiting.findLast((item) => item.question === question);
  }

  // One change after the other; until the last one is written, the page shows what was chosen, not what is known.
  function save(form, values) {
    [busy, acted] = [busy + 1, Date.now()];
    saved = saved.then(() => ready).then(() => keep(form, values)).catch(() => undefined).then(() => {
      busy -= 1;
      look();
      outbox.send();
    });
  }

  // An order with a gap is no answer yet: it stays a draft, which comes back with the page.
  async function keep({ dataset: { question, kind }, attributes: { action } }, values) {
    const isDraft = kind === 'order' && values.some(Boolean) && new Set(values.filter(Boolean)).size < values.length;
    if (isDraft) await outbox.state.put(draft(question), values);
    else if (kind === 'order') await outbox.state.drop(draft(question));
    drafts[question] = isDraft ? values : undefined;
    if (isDraft) return;
    const response = values.filter(Boolean);
    const before = last(question) ?? held.get(question);
    if (before?.state !== 'refused' && same(before?.response ?? [], response)) return;
    const [id, known] = [outbox.uuid(), before?.state === 'refused' ? held.get(question) : before];  // what is shown
    const fields = { attempt, question, change: id, device, known: known?.id ?? known?.change ?? '' };
    const refused = waiting.filter((item) => item.question === question && item.state === 'refused');
    waiting.push(await outbox.add({
      id, account, attempt, question, response, url: action.value,
      form: [...Object.entries(fields), ...response.map((option) => ['option', option])],
    }));
    await outbox.remove(refused);
    setTimeout(() => { slow.add(id); show(question); }, 1500);
  }

  async function finish() {
    await saved;
    await ready;
    [acted, leaving] = [Date.now(), true];
    if (!waiting.some((item) => item.last)) {
      await outbox.add({ account, attempt, last: true, url: handIn.getAttribute('action'), form: [['attempt', attempt]] });
    }
    await look();
    outbox.send();
  }

  async function look() {
    waiting = await outbox.items((item) => item.account === account && item.attempt === attempt);
    [...forms.keys()].forEach(show);
    showEnd();
  }

  function hear({ added, sent, refused, answer, outcome: said }) {
    const item = added ?? sent ?? refused;
    if (said) {
      if (outcome === 'network' && said !== outcome) refresh();
      outcome = said;
      if (said === 'signed-out' && Date.now() - acted < 5000) signIn();
    } else if (item.attempt !== attempt) return;
    if (sent?.question) held.set(sent.question, { ...answer, response: sent.response, late: answer.state === 'late' });
    if (sent?.last) close(answer.result);
    if (answer?.state === 'late' || refused) refresh();
    look();
  }

  function show(question) {
    const form = forms.get(question);
    const item = last(question);
    const one = held.get(question);
    let [values, said] = [item?.response ?? one?.response ?? [], ''];
    if (drafts[question]) [values, said] = [drafts[question], 'incomplete'];
    else if (item?.error === 'overtaken' && one) [values, said] = [one.response, 'overtaken'];
    else if (item?.state === 'refused') said = item.error === 'not-found' ? 'gone' : 'refused';
    else if (item && ['signed-out', 'other'].includes(outcome)) said = outcome;
    else if (item && (outcome === 'network' || slow.has(item.id))) said = item.unkept ? 'unkept' : 'waiting';
    else if (one && !item) said = one.late ? 'late' : one.elsewhere ? 'elsewhere' : 'stored';
    if (!busy) write(form, values);
    say(form, said, one?.stored_at, item?.message);
    const place = places.querySelector(`[data-place="${question}"]`);
    const isAnswered = values.some(Boolean);
    place.querySelector('.pane').classList.toggle('pane-lit', isAnswered);
    place.querySelector('.unseen').textContent = `, ${places.dataset[isAnswered ? 'answered' : 'open']}`;
    places.querySelector('[data-counted]').textContent = places.dataset.counts.split('|')[places.querySelectorAll('.pane-lit').length];
  }

  function showEnd() {
    const isHandedIn = waiting.some((item) => item.last);
    const isHeldUp = waiting.some((item) => item.state === 'refused');
    say(handIn, result ? 'handed-in' : !isHandedIn ? '' : isHeldUp ? 'look-again' : outcome === 'signed-out' ? outcome : 'hand-in-waiting');
  }

  // The words stand in the page, in its language; here they get their time and their reason. What is said already is
  // not said again.
  function say(where, name, moment = '', reason = '') {
    const status = where.querySelector('[data-save]');
    if (status.dataset.said === name + moment) return;
    status.dataset.said = name + moment;
    const words = states.querySelector(`[data-state="${name}"]`)?.cloneNode(true);
    status.className = words?.className ?? 'save';
    status.replaceChildren(...words?.childNodes ?? []);
    for (const span of status.querySelectorAll('span')) {
      span.textContent = span.textContent.replace('{time}', moment && time.format(new Date(moment))).replace('{reason}', reason);
    }
    status.querySelectorAll('a').forEach((link) => { link.href = result; });
  }

  function close(address) {
    if (!address) return;
    result = address;
    if (leaving) location.assign(address);
    quiz.querySelectorAll('fieldset, [type=submit]').forEach((field) => { field.disabled = true; });
    showEnd();
  }

  // What the server holds: another device may have answered, or handed in.
  async function refresh() {
    const options = { headers: { Accept: 'application/json' }, cache: 'no-store' };
    const response = await fetch(`${forms.values().next().value.getAttribute('action')}?attempt=${attempt}`, options).catch(() => null);
    const answer = response?.ok && await response.json().catch(() => null);
    if (answer?.account !== account) return;
    for (const [question, one] of Object.entries(answer.answers)) {
      const before = held.get(question);
      if (before?.change === one.change || Date.parse(before?.stored_at) > Date.parse(one.stored_at)) continue;
      held.set(question, { ...one, elsewhere: one.device !== device && !same(before?.response ?? [], one.response) });
    }
    await outbox.state.put(key('held'), Object.fromEntries(held));
    close(answer.result);
    await look();
  }

  async function signIn() {
    await (await import('./signin.js')).askToSignIn(account);
    outbox.send();
  }
}
