// Checks a certificate with what this file carries: the installation's public keys and its signed list of certificates
// that do not hold. It contacts nobody. The formats are those of tokens.py, inspection.py and publication.py;
// docs/certificates.md describes them.
'use strict';

const DATA = JSON.parse(document.getElementById('data').textContent);
const FORMAT = 'LT1';
const STATUS_FORMAT = 'liaise-training-status-1';
const CONTEXT = 'liaise-training-claims-1\n';
const FIELDS = ['kid', 'code', 'number', 'holder', 'course', 'language', 'chapters', 'minutes', 'completed_on',
  'issued_on', 'refresher_on', 'issuer', 'authority', 'group', 'demonstration'];
const NUMBERS = new Set(['chapters', 'minutes', 'demonstration']);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n;
const SUM = 4;
const SIGNATURE = 64;
const STALE_DAYS = 92;

class Refused extends Error {
  constructor(why) { super(why); this.why = why; }
}

// --- bytes ---------------------------------------------------------------------------------------------------------
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const number = (bytes) => BigInt(`0x${hex(bytes) || '0'}`);
const same = (one, other) => one.length === other.length && one.every((byte, index) => byte === other[index]);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) { whole.set(part, place); place += part.length; }
  return whole;
}

function fromBase32(text) {
  const bytes = new Uint8Array(Math.floor(text.length * 5 / 8));
  let bits = 0, held = 0, place = 0;
  for (const sign of text) {
    held = (held << 5) | ALPHABET.indexOf(sign);
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes[place++] = held >> bits; held &= (1 << bits) - 1; }
  }
  if (held !== 0 || [1, 3, 6].includes(text.length % 8)) throw new Refused('altered');  // another way to write the same
  return bytes;
}

function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Refused('unreadable');
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

// --- keys ----------------------------------------------------------------------------------------------------------
const importKey = (key) => crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x: key.x, y: key.y },
  { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);

async function verifies(key, signature, message) {
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, await importKey(key), signature, message);
}

async function verifiesInOneForm(key, signature, message) {
  const s = number(signature.slice(32));
  if (signature.length !== SIGNATURE || s === 0n || s > ORDER / 2n) return false;
  return verifies(key, signature, message);
}

// --- tokens --------------------------------------------------------------------------------------------------------
function findToken(text) {
  const found = text.trim().match(/[A-Z2-7]{120,6000}/g) || [];
  return found.sort((one, other) => other.length - one.length)[0] || null;
}

async function readToken(token) {
  const data = fromBase32(token);
  if (data.length <= SUM + SIGNATURE) throw new Refused('altered');
  const summed = data.slice(0, -SIGNATURE);
  const payload = summed.slice(0, -SUM);
  if (!same((await sha256(payload)).slice(0, SUM), summed.slice(-SUM))) throw new Refused('altered');
  const proof = readPayload(payload);
  const key = DATA.keys.find((one) => one.kid === proof.kid);
  if (!key) throw new Refused('unknown-key');
  if (!await verifiesInOneForm(key, data.slice(-SIGNATURE), joined(utf8(CONTEXT), summed))) throw new Refused('forged');
  return { proof, key };
}

function readPayload(payload) {
  let said;
  try {
    said = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
  } catch {
    throw new Refused('altered');
  }
  if (!Array.isArray(said) || said.length !== FIELDS.length + 1 || !same(utf8(JSON.stringify(said)), payload)) {
    throw new Refused('altered');
  }
  if (said[0] !== FORMAT) throw new Refused('unreadable');
  const proof = Object.fromEntries(FIELDS.map((name, index) => [name, said[index + 1]]));
  const right = FIELDS.every((name) => (NUMBERS.has(name) ? Number.isSafeInteger(proof[name]) : typeof proof[name] === 'string'));
  if (!right) throw new Refused('altered');
  return proof;
}

// --- the list of what does not hold --------------------------------------------------------------------------------
async function readStatus(jws) {
  const parts = jws.split('.');
  if (parts.length !== 3) throw new Refused('unreadable');
  const [header, said, signature] = parts.map(fromBase64url);
  const { alg, kid } = JSON.parse(new TextDecoder().decode(header));
  const key = DATA.keys.find((one) => one.kid === kid);
  if (alg !== 'ES256' || !key) throw new Refused('unknown-key');
  if (!await verifiesInOneForm(key, signature, utf8(`${parts[0]}.${parts[1]}`))) throw new Refused('forged');
  const list = JSON.parse(new TextDecoder().decode(said));
  if (list.format !== STATUS_FORMAT || list.issuer !== DATA.issuer) throw new Refused('unreadable');
  return { list, key };
}

async function entryOf(code) {
  const digest = hex(await sha256(utf8(`liaise-code\n${code}`))).slice(0, 32);
  const found = status.entries.find((entry) => entry[0] === digest);
  return found ? { state: found[1], since: found[2], reason: found[3] } : null;
}

// --- documents -----------------------------------------------------------------------------------------------------
const RANGE = /\/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]/g;
const LINK = /\/ContactInfo\s*\(((?:[^()\\]|\\[0-7]{3}){1,40000})\)/;
const RANKS = ['whole', 'extended', 'altered', 'forged', 'foreign', 'none'];
const MESSAGE_DIGEST = '2a864886f70d010904';
const SIGNING_CERTIFICATE = '2a864886f70d010910022f';

async function inspect(pdf) {
  const text = new TextDecoder('latin1').decode(pdf);
  const found = [{ seal: 'none' }];
  if (!text.slice(0, 1024).includes('%PDF-')) return found[0];
  for (const place of [...text.matchAll(RANGE)].slice(0, 8)) {
    const [begin, first, second, length] = place.slice(1).map(Number);
    if (begin === 0 && first < second && second + length <= pdf.length) {
      found.push(await look(pdf, text, first, second, second + length));
    }
  }
  return found.sort((one, other) => RANKS.indexOf(one.seal) - RANKS.indexOf(other.seal))[0];
}

async function look(pdf, text, first, second, end) {
  let made;
  try {
    made = await signatureIn(text.slice(first, second));
  } catch {
    return { seal: 'altered' };
  }
  const key = DATA.keys.find((one) => same(joined(Uint8Array.of(4), fromBase64url(one.x), fromBase64url(one.y)), made.point));
  if (!key) return { seal: 'foreign' };
  if (!await verifies(key, made.signature, made.message)) return { seal: 'forged' };
  const digest = await sha256(joined(pdf.slice(0, first), pdf.slice(second, end)));
  if (!same(digest, made.digest)) return { seal: 'altered' };
  const link = LINK.exec(text.slice(0, end));
  const plain = link ? link[1].replace(/\\([0-7]{3})/g, (_all, digits) => String.fromCharCode(parseInt(digits, 8))) : '';
  return { seal: end === pdf.length ? 'whole' : 'extended', link: plain, key };
}

// DER (X.690, 8.1): a value with its tag, its content, and all its bytes.
function der(bytes, place = 0) {
  let length = bytes[place + 1], start = place + 2;
  if (length > 0x80) {
    const digits = length - 0x80;
    length = Number(number(bytes.slice(start, start + digits)));
    start += digits;
  }
  const end = start + length;
  if (length === 0x80 || !(end <= bytes.length)) throw new Error('no DER');
  return { tag: bytes[place], content: bytes.slice(start, end), all: bytes.slice(place, end), end };
}

function children(value) {
  const found = [];
  for (let place = 0; place < value.content.length;) {
    const child = der(value.content, place);
    found.push(child);
    place = child.end;
  }
  return found;
}

// What a signature holds (RFC 5652, 5): the signer's point, the signed message, the digest that it names.
async function signatureIn(between) {
  const digits = /^<((?:[0-9A-F]{2})+)>$/.exec(between)[1];
  const filled = Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
  const info = der(filled);
  if (filled.slice(info.end).some((byte) => byte !== 0)) throw new Error('something stands behind the signature');
  const signed = children(children(children(info)[1])[0]);
  const certificates = children(signed.find((part) => part.tag === 0xa0));
  const signer = children(children(signed[signed.length - 1])[0]);
  const attributes = signer.find((part) => part.tag === 0xa0);
  const values = {};
  for (const attribute of children(attributes)) {
    const [kind, found] = children(attribute);
    values[hex(kind.content)] = children(found)[0];
  }
  const essential = children(children(children(values[SIGNING_CERTIFICATE])[0])[0]);
  const named = essential.find((part) => part.tag === 0x04).content;
  let certificate = null;
  for (const one of certificates) if (same(await sha256(one.all), named)) certificate = one;
  const fields = children(children(certificate)[0]);
  const publicKey = fields[fields[0].tag === 0xa0 ? 6 : 5];
  const signature = children(der(signer[signer.indexOf(attributes) + 2].content));
  const half = (value) => {
    const bytes = value.content[0] === 0 ? value.content.slice(1) : value.content;
    if (bytes.length > 32) throw new Error('no signature of this curve');
    return joined(new Uint8Array(32 - bytes.length), bytes);
  };
  const message = attributes.all.slice();
  message[0] = 0x31;  // signed as a set (RFC 5652, 5.4)
  return {
    point: children(publicKey)[1].content.slice(1),
    message,
    digest: values[MESSAGE_DIGEST].content,
    signature: joined(half(signature[0]), half(signature[1])),
  };
}

// --- what is said --------------------------------------------------------------------------------------------------
let chosen = DATA.language;
let status = null;
let again = () => {};  // says the last answer once more, in another language

const words = (name, values = {}) => Object.entries(values)
  .reduce((text, [key, value]) => text.replaceAll(`%(${key})s`, value), DATA.words[chosen][name]);

const day = (iso) => new Intl.DateTimeFormat(chosen === 'en' ? 'en-GB' : chosen,
  { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(iso.slice(0, 10)));

const today = () => new Date().toISOString().slice(0, 10);

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// verdicts: [kind, name of a title, name of a text, values]; kinds are good, bad and open.
function answer(verdicts, proof) {
  again = () => answer(verdicts, proof);
  const place = document.getElementById('answer');
  place.replaceChildren();
  for (const [kind, title, text, values] of verdicts) {
    const shown = Object.fromEntries(Object.entries(values || {}).map(([key, value]) => [key, typeof value === 'function' ? value() : value]));
    const verdict = element('div', '', { class: `verdict ${kind}`, 'data-verdict': title });
    verdict.append(element('h2', words(title, shown)));
    if (text) verdict.append(element('p', words(text, shown)));
    place.append(verdict);
  }
  if (proof) place.append(facts(proof));
}

function facts(proof) {
  const card = element('div', '', { class: 'card' });
  if (proof.demonstration) card.append(element('p', words('demonstration'), { class: 'mark' }));
  card.append(element('p', words('certificate'), { class: 'small' }), element('h2', proof.holder, { id: 'holder' }));
  card.append(element('p', words('completed')), element('p', proof.course, { class: 'strong', lang: proof.language }));
  const list = element('dl');
  const where = [proof.authority, proof.group].filter(Boolean).join(' · ');
  const pairs = [
    ['completed-on', day(proof.completed_on)],
    ['length', words('hours-minutes', { hours: Math.floor(proof.minutes / 60), minutes: proof.minutes % 60 })],
    ['chapters', String(proof.chapters)],
    ['where', where],
    ['issued-on', day(proof.issued_on)],
    ['issuer', proof.issuer],
    ['number', proof.number],
    ['code', proof.code.match(/.{1,5}/g).join(' ')],
  ];
  for (const [term, value] of pairs) if (value) list.append(element('dt', words(term)), element('dd', value));
  card.append(list);
  return card;
}

const listDay = () => day(status.made_at);
const isStale = () => (Date.now() - Date.parse(status.made_at)) / 86400000 > STALE_DAYS;
const staleness = () => (isStale() ? [['open', 'stale', 'stale-text', { list: listDay }]] : []);
const distrusted = (key) => ['open', 'distrusted', 'distrusted-text', { day: () => day(key.distrusted) }];

async function verdictsOn(proof, key) {
  const entry = await entryOf(proof.code);
  const values = { day: () => (entry ? day(entry.since) : ''), list: listDay };
  if (entry) values.reason = () => DATA.words[chosen][`reason-${entry.reason}`] || '';
  const verdicts = [];
  if (key.distrusted) verdicts.push(distrusted(key));
  if (entry) verdicts.push(entry.state === 'revoked' ? ['bad', 'revoked', 'revoked-text', values] : ['open', 'replaced', 'replaced-text', values]);
  else if (!key.distrusted) verdicts.push(['good', 'valid', 'valid-text', values]);
  if (key.until && !key.distrusted) verdicts.push(['open', 'old-key', 'old-key-text', { day: () => day(key.until) }]);
  if (!entry && proof.refresher_on && proof.refresher_on <= today()) verdicts.push(['open', 'refresher', 'refresher-text', { day: () => day(proof.refresher_on) }]);
  return [...verdicts, ...staleness()];
}

async function checkText(text) {
  const token = findToken(text);
  if (token) return checkToken(token, []);
  const code = text.toUpperCase().replace(/.*\/VERIFY\//, '').replace(/[^A-Z0-9]/g, '');
  if (!/^[A-Z2-7]{26}$/.test(code)) return answer([['open', 'unreadable', 'unreadable-text']]);
  const entry = await entryOf(code);
  if (!entry) return answer([['open', 'code-only', 'code-only-text', { list: listDay }], ...staleness()]);
  const values = { day: () => day(entry.since), reason: () => DATA.words[chosen][`reason-${entry.reason}`] || '' };
  return answer([entry.state === 'revoked' ? ['bad', 'revoked', 'revoked-text', values] : ['open', 'replaced', 'replaced-text', values]]);
}

async function checkToken(token, first) {
  try {
    const { proof, key } = await readToken(token);
    answer([...first, ...await verdictsOn(proof, key)], proof);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer([...first, [['altered', 'forged'].includes(error.why) ? 'bad' : 'open', error.why, `${error.why}-text`]]);
  }
}

async function checkFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = await inspect(bytes);
  const kind = { whole: 'good', extended: 'open', altered: 'bad', forged: 'bad' }[found.seal] || 'open';
  const isDistrusted = Boolean(found.key?.distrusted);  // whoever has the key seals whatever they like
  const verdict = [kind, `pdf-${found.seal}`, `pdf-${found.seal}-text`];
  const token = found.link ? findToken(found.link) : null;
  if (token) return checkToken(token, isDistrusted ? [] : [verdict]);
  return answer([isDistrusted ? distrusted(found.key) : verdict]);
}

async function takeList(text) {
  let jws = text.trim();
  try { jws = JSON.parse(jws).status; } catch { /* it is the list itself */ }
  try {
    const { list, key } = await readStatus(String(jws));
    if (key.distrusted) throw new Refused('distrusted');
    if (list.made_at < status.made_at) return answer([['open', 'list-older', 'list-older-text', { list: () => day(list.made_at) }]]);
    status = list;
    for (const { kid, until, distrusted: since } of list.keys) {
      const known = DATA.keys.find((one) => one.kid === kid);
      if (known) Object.assign(known, { until: known.until || until, distrusted: known.distrusted || since });
    }
    say();
    return answer([['good', 'list-taken', 'list-taken-text', { list: listDay }]]);
  } catch {
    return answer([['bad', 'list-refused', 'list-refused-text']]);
  }
}

// --- the page ------------------------------------------------------------------------------------------------------
function say() {
  document.documentElement.lang = chosen;
  for (const place of document.querySelectorAll('[data-words]')) place.textContent = words(place.dataset.words);
  document.title = words('title');
  document.getElementById('about').textContent = words('about', { host: DATA.host, list: status ? listDay() : '' });
  document.getElementById('keys').replaceChildren(...DATA.keys.map((key) => {
    const period = key.until ? words('key-until', { from: day(key.since), to: day(key.until) }) : words('key-since', { from: day(key.since) });
    return element('li', `${key.kid} · ${period}`);
  }));
  again();
}

const run = (act) => act().catch(() => answer([['open', 'unreadable', 'unreadable-text']]));

function bind() {
  const file = document.getElementById('file'), zone = document.getElementById('zone');
  document.getElementById('language').addEventListener('change', (event) => { chosen = event.target.value; say(); });
  document.getElementById('text-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run(() => checkText(document.getElementById('text').value));
  });
  document.getElementById('list-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run(() => takeList(document.getElementById('list').value));
  });
  file.addEventListener('change', () => { if (file.files[0]) run(() => checkFile(file.files[0])); });
  zone.addEventListener('dragover', (event) => event.preventDefault());
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) run(() => checkFile(event.dataTransfer.files[0]));
  });
}

async function begin() {
  const offered = navigator.languages.map((tag) => tag.slice(0, 2)).find((code) => code in DATA.words);
  chosen = DATA.language || offered || 'en';
  document.getElementById('language').value = chosen;
  bind();
  if (!globalThis.crypto?.subtle) { say(); answer([['open', 'no-crypto', 'no-crypto-text']]); return; }
  status = (await readStatus(DATA.status)).list;
  say();
}

begin();
