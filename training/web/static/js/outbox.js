// What the server has not acknowledged yet. Everything is written to IndexedDB first, then sent in its order, by one
// page at a time, under the account that it belongs to, until the server has answered. Pages import this file for its
// effect, the service worker loads it with importScripts: so it has neither import nor export, but `outbox`.
globalThis.outbox = (() => {
  const page = globalThis.document?.documentElement;
  const kept = page ? 'kept' in page.dataset : false;
  const channel = new BroadcastChannel('training');
  const writing = new Set();
  const unkept = [];
  let opened, session, running, again, timer, clock, ownDevice, delay = 0;

  // Opened without a version: pages of an older release that are kept on the device open it too.
  function open() {
    return opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open('training');
      request.onupgradeneeded = () => {
        request.result.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true });
        request.result.createObjectStore('state');
      };
      request.onsuccess = () => {
        request.result.onclose = () => { opened = undefined; };
        resolve(request.result);
      };
      request.onerror = () => { opened = undefined; reject(request.error); };
    });
  }

  async function run(name, mode, work) {
    const transaction = (await open()).transaction(name, mode, { durability: 'strict' });
    return new Promise((resolve, reject) => {
      transaction.onabort = () => reject(transaction.error);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
    });
  }

  // What is known of an account stands under keys that begin with it: `<account>/<what>/<of what>`.
  const attempted = (promise) => promise.catch(() => undefined);
  const state = {
    get: (key) => attempted(run('state', 'readonly', (store) => store.get(key))),
    put: (key, value) => attempted(run('state', 'readwrite', (store) => store.put(value, key))),
    drop: (key) => attempted(run('state', 'readwrite', (store) => store.delete(key))),
    forget: (account) => state.drop(IDBKeyRange.bound(`${account}/`, `${account}/\uffff`)),
  };

  async function items(wanted = () => true) {
    const found = await attempted(run('outbox', 'readonly', (store) => store.getAll())) ?? [];
    return [...found, ...unkept].filter(wanted);
  }

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  function device() {
    const fresh = uuid();
    return ownDevice ??= attempted(run('state', 'readwrite', (store) => {
      store.get('device').onsuccess = ({ target }) => { if (!target.result) store.put(fresh, 'device'); };
    })).then(async () => await state.get('device') ?? fresh);
  }

  // The server's time when it last answered, and what has elapsed since: a clock that is wrong, or set anew, is no harm.
  function setClock(server) {
    clock = { server, date: Date.now(), ticks: performance.now() };
  }

  const clockRead = state.get('clock').then((before) => {
    if (before) clock ??= { ...before, ticks: performance.now() - Math.max(Date.now() - before.date, 0) };
  });

  function now() {
    return clock ? clock.server + Math.max(Date.now() - clock.date, performance.now() - clock.ticks) : Date.now();
  }

  // Whose work this is: the page's account, or for a page that was kept on the device that of who was here last.
  async function account() {
    if (!kept) return page.dataset.account ?? '';
    const here = await state.get('here');
    if (!here || here.until < Date.now()) return '';
    await stay(here);
    return here.account;
  }

  // What is kept of an attempt opens without a network for as long as the sign-in would have held.
  async function stay({ account: who, own }) {
    const before = await state.get('here');
    const since = before?.account === who ? before.since : Date.now();
    const [idle, most] = own ? [14 * 24, 30 * 24] : [1, 12];
    await state.put('here', { account: who, own, since, until: Math.min(Date.now() + idle * 36e5, since + most * 36e5) });
  }

  // Written first: from then on nothing is lost. A browser that cannot write holds it for as long as the page is open.
  async function add(item) {
    await clockRead;
    Object.assign(item, { state: 'waiting', given: new Date(now()).toISOString() });
    writing.add(item);
    try {
      item.order = await run('outbox', 'readwrite', (store) => store.add(item));
    } catch {
      Object.assign(item, { unkept: true, order: 1e15 + unkept.push(item) });
    }
    writing.delete(item);
    channel.postMessage({ added: item });
    if (item.account) navigator.serviceWorker?.getRegistration().then((one) => one?.sync?.register('outbox')).catch(() => undefined);
    return item;
  }

  async function remove(gone) {
    for (const item of gone) if (item.unkept) unkept.splice(unkept.indexOf(item), 1);
    await attempted(run('outbox', 'readwrite', (store) => { gone.forEach(({ order }) => store.delete(order)); }));
  }

  async function change(item) {
    if (!item.unkept) await run('outbox', 'readwrite', (store) => store.put(item));
  }

  async function askSession() {
    const answer = await read(await fetch('/api/session', { headers: { Accept: 'application/json' }, cache: 'no-store' }));
    if (!answer) throw new TypeError('not our server');
    session = { account: answer.account, token: answer.csrf_token };
    if (page && session.account === page.dataset.account) {
      document.querySelectorAll('[name=csrf_token]').forEach((field) => { field.value = session.token; });
    }
    return session;
  }

  // A hotel's sign-in page answers in the server's place, but not in JSON.
  async function read(response) {
    if (!response.headers.get('content-type')?.includes('json')) return null;
    const date = Date.parse(response.headers.get('date'));
    if (date) setClock(date);
    return attempted(response.json());
  }

  function post({ url, form, json, given }, token) {
    const headers = { Accept: 'application/json', 'X-CSRFToken': token };
    if (json) headers['Content-Type'] = 'application/json';
    const body = json ? JSON.stringify({ ...json, given_at: given }) : new URLSearchParams([...form, ['given_at', given], ['csrf_token', token]]);
    return fetch(url, { method: 'POST', headers, body, keepalive: true, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout?.(20000) });
  }

  // Sends one item. Says `sent`, `refused`, `signed-out`, `network` or `later`.
  async function deliver(item, isRepeated = false) {
    const response = await post(item, session.token);
    const answer = await read(response);
    if (!answer || response.status >= 500 || response.status === 429) return 'network';
    if (response.status === 401) return 'signed-out';
    if (answer.error === 'stale-form' && !isRepeated) {
      return (await askSession()).account === item.account ? deliver(item, true) : 'signed-out';
    }
    if (answer.error === 'impossible') return split(item, answer.allowed - 500);
    if (response.ok) return settle(item, answer);
    Object.assign(item, { state: 'refused', error: answer.error, message: answer.message });
    await change(item);
    channel.postMessage({ refused: item });
    return 'refused';
  }

  async function settle(item, answer) {
    if (item.question) {
      const key = `${item.account}/held/${item.attempt}`;
      const { stored_at, state: stored } = answer;
      const one = { response: item.response, change: item.id, stored_at, late: stored === 'late' };
      await state.put(key, { ...await state.get(key), [item.question]: one });
    }
    if (item.last) await state.put(`${item.account}/done/${item.attempt}`, answer.result);
    const isBehind = ({ attempt, question, order }) => attempt === item.attempt && question === item.question && order < item.order;
    await remove([item, ...await items((one) => one.state === 'refused' && item.question && isBehind(one))]);
    channel.postMessage({ sent: item, answer });
    return 'sent';
  }

  // More film than time: what the server allows goes now, the rest when the time for it has passed.
  async function split(item, allowed) {
    const [soon, later] = [[], []];
    for (const { from, to, rate } of item.json.reports) {
      const middle = from + Math.floor(Math.min(to - from, Math.max(allowed, 0) * rate));
      allowed -= (middle - from) / rate;
      if (middle > from) soon.push({ from, to: middle, rate });
      if (middle < to) later.push({ from: middle, to, rate });
    }
    if (soon.length) {
      const response = await post({ ...item, json: { ...item.json, reports: soon } }, session.token);
      const answer = await read(response);
      if (!answer || !response.ok) return 'network';
      channel.postMessage({ sent: item, answer });
    }
    const wait = later.reduce((sum, { from, to, rate }) => sum + (to - from) / rate, 0);
    item.json.reports = later;
    item.notBefore = Date.now() + Math.min(wait, 30000);
    await (later.length ? change(item) : remove([item]));
    return 'later';
  }

  // What was watched without a network goes as one report: the server measures it by the time since the one before.
  async function joined(own) {
    const first = {};
    for (const item of own.filter(({ json }) => json)) {
      const before = first[item.url] ??= item;
      if (before === item) continue;
      before.json.reports.push(...item.json.reports);
      before.given = item.given;
      await change(before);
      await remove([item]);
    }
    return own.filter((item) => !item.json || first[item.url] === item);
  }

  async function pass() {
    const all = await items((item) => item.state === 'waiting' && item.account);
    if (!all.length) return 'empty';
    if (!session || all.some((item) => item.account !== session.account)) await askSession();
    const own = await joined(all.filter((item) => item.account === session.account));
    if (!own.length) return session.account ? 'other' : 'signed-out';
    let outcome = 'sent';
    for (const item of [...own.filter(({ last }) => !last), ...own.filter(({ last }) => last)]) {
      const isTooEarly = item.notBefore > Date.now();
      const isHeldUp = item.last && (await items(({ attempt, last }) => attempt === item.attempt && !last)).length;
      const said = isTooEarly ? 'later' : isHeldUp ? 'sent' : await deliver(item);
      if (said === 'signed-out') session = undefined;
      if (said === 'signed-out' || said === 'network') return said;
      if (said === 'later') outcome = said;
    }
    return outcome;
  }

  // Sends what waits, and says how that ended. Called while it runs, it looks once more at the end.
  function send() {
    again = true;
    return running ??= (async () => {
      const attempt = () => pass().catch(() => 'network');
      let outcome;
      while (again) {
        again = false;
        outcome = await (navigator.locks?.request('outbox', attempt) ?? attempt());
      }
      running = undefined;
      channel.postMessage({ outcome });
      if (clock) await state.put('clock', { server: clock.server, date: clock.date });
      clearTimeout(timer);
      delay = { network: Math.min(Math.max(delay * 2, 1000), 30000), later: 5000 }[outcome] ?? 0;
      if (delay && page) timer = setTimeout(send, delay * (.75 + Math.random() / 2));
      return outcome;
    })();
  }

  function kick() {
    delay = 0;
    return send();
  }

  function hear(listener) {
    new BroadcastChannel('training').onmessage = ({ data }) => listener(data);
  }

  if (page) {
    const token = document.querySelector('[name=csrf_token]')?.value;
    if (page.dataset.account && token) session = { account: page.dataset.account, token };
    addEventListener('online', kick);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) kick(); });
    // The page ends: what is being written goes at once, and the service worker takes over the rest.
    addEventListener('pagehide', () => {
      for (const item of writing) if (item.account === session?.account) attempted(post(item, session.token));
      navigator.serviceWorker?.controller?.postMessage({ send: true });
    });
  }

  return { account, add, askSession, change, device, hear, items, kept, now, remove, send: kick, setClock, state, stay, uuid };
})();
