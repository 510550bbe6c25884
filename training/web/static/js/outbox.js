// What the server has not acknowledged yet. Everything is written to IndexedDB first, then sent in its order, by one
// page at a time, under the account that it belongs to, until the server has answered. Pages import this file for its
// effect, the service worker loads it with importScripts: so it has neither import nor export, but `outbox`.
globalThis.outbox = (() => {
  const channel = new BroadcastChannel('training');
  const unwritten = new Set();
  const memory = [];
  const inPage = typeof document !== 'undefined';
  let opened, session, running, again, timer, ownDevice, delay = 0;
  let clock;

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

  async function run(store, mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(store), transaction);
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  const state = {
    get: (key) => run('state', 'readonly', (store) => store.get(key)).catch(() => undefined),
    put: (key, value) => run('state', 'readwrite', (store) => store.put(value, key)).catch(() => undefined),
    drop: (key) => run('state', 'readwrite', (store) => store.delete(key)).catch(() => undefined),
    // All that is kept of an account stands under keys that begin with it.
    dropAll: (account) => state.drop(IDBKeyRange.bound(`${account}/`, `${account}/\uffff`)),
  };

  const items = async () => [...await run('outbox', 'readonly', (store) => store.getAll()).catch(() => []), ...memory];
  const tell = (message) => channel.postMessage(message);

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  function device() {
    return ownDevice ??= (async () => {
      const fresh = uuid();
      await run('state', 'readwrite', (store) => {
        store.get('device').onsuccess = ({ target }) => { if (!target.result) store.put(fresh, 'device'); };
      }).catch(() => undefined);
      return await state.get('device') ?? fresh;
    })();
  }

  // The server's time when it last answered, and what has elapsed since: a clock that is wrong, or set anew, is no harm.
  function now() {
    return clock ? clock.server + Math.max(Date.now() - clock.date, performance.now() - clock.ticks) : Date.now();
  }

  function setClock(server) {
    clock = { server, date: Date.now(), ticks: performance.now() };
  }

  const clockKept = state.get('clock').then((kept) => {
    if (kept) clock ??= { ...kept, ticks: performance.now() - Math.max(Date.now() - kept.date, 0) };
  });

  // Whose work is kept: the page's account, or for a page that was kept on the device the one that was here last.
  async function account() {
    if (inPage && !('kept' in document.documentElement.dataset)) return document.documentElement.dataset.account ?? '';
    const here = await state.get('here');
    if (!here || here.until < Date.now()) return '';
    await stay(here.account, here.own);
    return here.account;
  }

  // Who is here: what is kept of an attempt opens without a network for as long as the sign-in would have held.
  async function stay(account, own) {
    const before = await state.get('here');
    const since = before?.account === account ? before.since : Date.now();
    const [idle, most] = own ? [14 * 24, 30 * 24] : [1, 12];
    await state.put('here', { account, own, since, until: Math.min(Date.now() + idle * 3600000, since + most * 3600000) });
  }

  // Write first; the caller knows from then on that nothing is lost. Without storage it waits in memory.
  async function add(item) {
    await clockKept;
    item = { ...item, state: 'waiting', given: new Date(now()).toISOString() };
    unwritten.add(item);
    try {
      item.order = await run('outbox', 'readwrite', (store, transaction) => {
        const request = store.add(item);
        request.onsuccess = () => transaction.commit?.();
        return request;
      });
    } catch {
      item.unkept = true;
      item.order = Number.MAX_SAFE_INTEGER - 1000 + memory.push(item);
    }
    unwritten.delete(item);
    flag(true);
    tell({ added: item });
    if (item.account) {
      const registration = inPage && await navigator.serviceWorker?.getRegistration();
      registration?.sync?.register('outbox').catch(() => undefined);
    }
    return item;
  }

  async function remove(...orders) {
    for (const order of orders) {
      const place = memory.findIndex((item) => item.order === order);
      if (place >= 0) memory.splice(place, 1);
    }
    await run('outbox', 'readwrite', (store) => orders.map((order) => store.delete(order)).at(-1)).catch(() => undefined);
    if (!(await items()).length) flag(false);
  }

  const change = (item) => (item.unkept ? item : run('outbox', 'readwrite', (store) => store.put(item)));

  function flag(unsent) {
    try {
      if (unsent) localStorage.setItem('unsent', '1');
      else localStorage.removeItem('unsent');
    } catch { /* A worker has no such storage, and a page may be refused it. */ }
  }

  async function askSession() {
    const response = await fetch('/api/session', { headers: { Accept: 'application/json' }, cache: 'no-store' });
    const answer = await read(response);
    if (!answer) throw new TypeError('not our server');
    session = { account: answer.account, token: answer.csrf_token };
    if (inPage && session.account === document.documentElement.dataset.account) {
      document.querySelectorAll('[name=csrf_token]').forEach((field) => { field.value = session.token; });
    }
    return session;
  }

  // A hotel's sign-in page answers in the server's place, but not in JSON.
  async function read(response) {
    if (!response.headers.get('content-type')?.includes('json')) return null;
    const date = Date.parse(response.headers.get('date'));
    if (date) setClock(date);
    return response.json().catch(() => null);
  }

  function post(item, token) {
    const headers = { Accept: 'application/json', 'X-CSRFToken': token };
    let body;
    if (item.json) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify({ ...item.json, given_at: item.given });
    } else {
      body = new URLSearchParams([...item.form, ['given_at', item.given], ['csrf_token', token]]);
    }
    const signal = AbortSignal.timeout?.(20000);
    return fetch(item.url, { method: 'POST', headers, body, signal, keepalive: true, cache: 'no-store', redirect: 'error' });
  }

  // One item. Says `sent`, `refused`, `signed-out`, `network`, or a number: how much of it may go now.
  async function deliver(item) {
    for (const attempt of [1, 2]) {
      const response = await post(item, session.token);
      const answer = await read(response);
      if (!answer || response.status >= 500 || response.status === 429) return 'network';
      if (response.ok) {
        await settle(item, answer);
        return 'sent';
      }
      if (response.status === 401) return 'signed-out';
      if (answer.error === 'stale-form' && attempt === 1) {
        await askSession();
        if (session.account !== item.account) return 'signed-out';
        continue;
      }
      if (answer.error === 'impossible') return answer.allowed;
      Object.assign(item, { state: 'refused', error: answer.error, message: answer.message });
      await change(item);
      tell({ refused: item });
      return 'refused';
    }
    return 'network';
  }

  async function settle(item, answer) {
    if (item.attempt && item.question) {
      const key = `${item.account}/held/${item.attempt}`;
      const held = await state.get(key) ?? {};
      held[item.question] = { response: item.response, change: item.id, stored_at: answer.stored_at, late: answer.state === 'late' };
      await state.put(key, held);
    }
    if (item.last) await state.put(`${item.account}/done/${item.attempt}`, answer.result);
    await remove(item.order);
    tell({ sent: item, answer });
  }

  // More film than time: what the server allows goes now, the rest when the time for it has passed.
  async function split(item, allowed) {
    const [soon, later] = [[], []];
    let left = allowed - 500;
    for (const report of item.json.reports) {
      const middle = report.from + Math.floor(Math.min(report.to - report.from, Math.max(left, 0) * report.rate));
      if (middle > report.from) soon.push({ ...report, to: middle });
      if (middle < report.to) later.push({ ...report, from: middle });
      left -= (middle - report.from) / report.rate;
    }
    if (soon.length) {
      const response = await post({ ...item, json: { ...item.json, reports: soon } }, session.token);
      const answer = await read(response);
      if (!answer || !response.ok) return 'network';
      tell({ sent: item, answer });
    }
    const wait = later.reduce((sum, { from, to, rate }) => sum + (to - from) / rate, 0);
    Object.assign(item, { json: { ...item.json, reports: later }, notBefore: Date.now() + Math.min(wait, 30000) });
    await (later.length ? change(item) : remove(item.order));
    return 'later';
  }

  // What was watched without a network goes as one report: the server measures it by the time since the last one.
  async function joined(items) {
    const first = new Map();
    const left = [];
    for (const item of items) {
      const before = item.json && first.get(item.url);
      if (!before) {
        if (item.json) first.set(item.url, item);
        left.push(item);
        continue;
      }
      for (const report of item.json.reports) {
        const last = before.json.reports.at(-1);
        if (last?.to === report.from && last.rate === report.rate) last.to = report.to;
        else before.json.reports.push(report);
      }
      before.given = item.given;
      await change(before);
      await remove(item.order);
    }
    return left;
  }

  async function pass() {
    const all = (await items()).filter((item) => item.state === 'waiting' && item.account);
    if (!all.length) return 'empty';
    if (!session || all.some((item) => item.account !== session.account)) await askSession();
    const own = await joined(all.filter((item) => item.account === session.account));
    if (!own.length) return session.account ? 'other' : 'signed-out';
    let outcome = 'sent';
    for (const item of own) {
      if (item.notBefore > Date.now()) { outcome = 'later'; continue; }
      if (item.last && (await items()).some((other) => other.attempt === item.attempt && other.order < item.order)) continue;
      let said = await deliver(item);
      if (typeof said === 'number') said = await split(item, said);
      if (said === 'signed-out') { session = undefined; return said; }
      if (said === 'network') return said;
      if (said === 'later') outcome = said;
    }
    return outcome;
  }

  // Sends what waits and says how that ended; called again while it runs, it looks once more at the end.
  function send() {
    again = true;
    return running ??= (async () => {
      let outcome;
      while (again) {
        again = false;
        const attempt = () => pass().catch(() => 'network');
        outcome = navigator.locks ? await navigator.locks.request('outbox', attempt) : await attempt();
      }
      running = undefined;
      tell({ outcome });
      if (clock) await state.put('clock', { server: clock.server, date: clock.date });
      retry(outcome);
      return outcome;
    })();
  }

  function retry(outcome) {
    clearTimeout(timer);
    delay = outcome === 'network' ? Math.min(Math.max(delay * 2, 1000), 30000) : outcome === 'later' ? 5000 : 0;
    if (delay && inPage) timer = setTimeout(send, delay * (.75 + Math.random() / 2));
  }

  function kick() {
    delay = 0;
    return send();
  }

  if (inPage) {
    const { dataset } = document.documentElement;
    const token = document.querySelector('[name=csrf_token]')?.value;
    if (dataset.account && token) session = { account: dataset.account, token };
    addEventListener('online', kick);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) kick(); });
    // The page ends: what is being written goes at once, and the service worker takes over the rest.
    addEventListener('pagehide', () => {
      if (session) for (const item of unwritten) if (item.account === session.account) post(item, session.token).catch(() => undefined);
      navigator.serviceWorker?.controller?.postMessage({ send: true });
    });
  }

  return { account, add, askSession, change, device, items, now, open, remove, send: kick, setClock, state, stay, tell, uuid };
})();
