// The imitated API of test/dev-server.mjs. See there for what it is and what it is not.
import { randomUUID } from 'node:crypto';
import { COUNTRIES, SERVICES } from './dev-catalogue.mjs';

const PASSWORD = 'correct horse battery';
const OPEN = ['reserved', 'active', 'cancelling'];
const micros = (text) => Math.round(Number(text) * 1e6);
const decimal = (value) => (value / 1e6).toFixed(6);
const iso = (ms) => new Date(ms).toISOString();

class Refusal extends Error {
  constructor(status, code, detail, errors) {
    super(detail);
    Object.assign(this, { status, code, errors });
  }
}

export function createApi({ smsAfterMs = 4000, cancelAfterMs = 15000, lifeMs = 20 * 60000, tokenSeconds = 600, credit = '0', refreshMs = 0, quoteMs = 120_000 } = {}) {
  const users = new Map();
  const refreshTokens = new Map();
  const accessTokens = new Map();
  const timers = new Set();
  const waiting = new Set();
  /** Scripted failures: the next request whose "METHOD /path" begins with the key gets that answer. */
  const failures = [];
  const requests = [];
  const quotes = new Map();
  let counter = 1000;
  let dearer = 0;
  const providers = [
    { name: 'north', dialect: '5sim', enabled: true, state: 'up', balance: '182.400000', balance_known: true, currency: 'USD', offers: 3120, last_error: null },
    { name: 'south', dialect: 'herosms', enabled: true, state: 'degraded', balance: '54.130000', balance_known: true, currency: 'USD', offers: 2764, last_error: 'timeout after 10 s' },
  ].map((each) => ({ ...each, last_ok_at: iso(Date.now() - 42000) }));

  function addUser(email, password, role = 'user') {
    const user = {
      id: randomUUID(), email, role, created_at: iso(Date.now()), password,
      available: micros(credit), held: 0, numbers: [], keys: [], hooks: [], replies: new Map(),
    };
    users.set(email, user);
    return user;
  }
  addUser('admin@example.org', PASSWORD, 'admin');
  addUser('demo@example.org', PASSWORD).available = micros('25');

  function later(ms, work) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  function changed(number) {
    for (const wait of [...waiting]) if (wait.id === number.id) wait.wake();
  }

  function offersOf(service) {
    if (!SERVICES.some((each) => each.code === service)) throw new Refusal(404, 'not_found', 'There is no such service.');
    return COUNTRIES.flatMap((country, index) => {
      const seed = (service.length * 37 + index * 61 + service.charCodeAt(0)) % 97;
      if (seed % 13 === 5) return [];
      const price = decimal(90000 + seed * 11000 + dearer);
      const stock = seed % 11 === 3 ? 0 : seed % 7 === 2 ? seed % 19 : seed * 137;
      const best = { service, country: country.code, operator: 'any', price, stock, seen_at: iso(Date.now()) };
      const named = country.code === 'gb' ? ['ee', 'vodafone', 'o2'].map((operator, at) => ({ ...best, operator, price: decimal(micros(price) + at * 40000), stock: 120 })) : [];
      return [...named, ...(named.length > 0 ? [] : [best])];
    });
  }

  function quote(body) {
    const offer = offersOf(body.service).find((each) => each.country === body.country && each.stock > 0 && (!body.operator || each.operator === body.operator));
    if (!offer) throw new Refusal(409, 'no_numbers', 'No provider has such a number now.');
    const made = {
      id: randomUUID(), quote: randomUUID(), service: body.service, country: body.country, operator: body.operator ?? 'any',
      price: offer.price, currency: 'USD', expires_at: iso(Date.now() + quoteMs),
    };
    quotes.set(made.quote, made);
    return [201, made];
  }

  /** What a lease by a quote asks for, at the price of then. */
  function quoted(body) {
    const found = quotes.get(body.quote);
    if (!found) throw new Refusal(422, 'quote_invalid', 'This quote is not one of ours.');
    if (found.used) throw new Refusal(409, 'quote_used', 'The quote was used before; ask for a new one.');
    if (Date.parse(found.expires_at) <= Date.now()) throw new Refusal(409, 'quote_expired', 'The quote has expired; ask for a new one.');
    return found;
  }

  function lease(user, body, key) {
    if (!key) throw new Refusal(400, 'idempotency_key_missing', 'Send an Idempotency-Key.');
    const replay = user.replies.get(key);
    if (replay) return replay;
    const kept = body.quote ? quoted(body) : null;
    const offers = offersOf(body.service).filter((each) => each.country === body.country && each.stock > 0);
    const found = offers.find((each) => !body.operator || each.operator === body.operator);
    const offer = found && kept ? { ...found, price: kept.price } : found;
    if (!offer) throw new Refusal(409, 'no_numbers', 'No provider has such a number now.');
    if (micros(offer.price) > micros(body.max_price ?? '1000')) throw new Refusal(409, 'no_offer_at_price', 'There is no offer at this price.');
    if (user.available < micros(offer.price)) throw new Refusal(402, 'no_funds', 'The balance does not cover the price.');
    if (kept) kept.used = true;
    user.available -= micros(offer.price);
    user.held += micros(offer.price);
    const number = open(user, body, offer);
    const reply = [201, number];
    user.replies.set(key, reply);
    return reply;
  }

  function open(user, body, offer) {
    const now = Date.now();
    counter += 1;
    const dial = COUNTRIES.find((each) => each.code === body.country).dial;
    const number = {
      id: randomUUID(), number: counter, service: body.service, country: body.country, operator: body.operator ?? 'any',
      phone: `+${dial}${String(7911000000 + counter * 7919).slice(0, 12 - dial.length)}`, state: 'active', price: offer.price, charged: '0.000000',
      code: null, messages: [], created_at: iso(now), expires_at: iso(now + lifeMs), cancel_available_at: iso(now + cancelAfterMs), closed_at: null,
    };
    user.numbers.unshift(number);
    if (smsAfterMs > 0) later(smsAfterMs, () => receive(user, number));
    later(lifeMs, () => close(user, number, number.messages.length > 0 ? 'completed' : 'expired'));
    return number;
  }

  function receive(user, number) {
    if (!OPEN.includes(number.state)) return;
    const code = String(10000 + ((number.number * 7919 + number.messages.length * 31) % 90000));
    const name = SERVICES.find((each) => each.code === number.service).name;
    if (number.messages.length === 0) {
      user.held -= micros(number.price);
      number.charged = number.price;
    }
    number.code = code;
    number.messages.push({ sender: name, text: `${name} code: ${code}. Do not give it to anyone.`, code, received_at: iso(Date.now()) });
    changed(number);
  }

  function close(user, number, state) {
    if (!OPEN.includes(number.state)) return;
    if (number.charged === '0.000000') {
      user.held -= micros(number.price);
      user.available += micros(number.price);
    }
    Object.assign(number, { state, closed_at: iso(Date.now()) });
    changed(number);
  }

  function act(user, number, action) {
    if (number.state !== 'active') throw new Refusal(409, 'conflict', 'This number is closed.');
    if (action === 'cancel') {
      if (number.messages.length > 0) throw new Refusal(409, 'has_code', 'A message has arrived; finish it instead.');
      if (Date.parse(number.cancel_available_at) > Date.now()) throw new Refusal(409, 'cancel_too_early', 'It cannot be cancelled yet.');
      close(user, number, 'cancelled');
    } else if (action === 'finish') close(user, number, 'completed');
    else later(smsAfterMs, () => receive(user, number));
    return number;
  }

  function find(user, id) {
    const number = user.numbers.find((each) => each.id === id);
    if (!number) throw new Refusal(404, 'not_found', 'There is no such number.');
    return number;
  }

  function wait(number, seconds, request) {
    if (!seconds || !OPEN.includes(number.state)) return number;
    return new Promise((resolve) => {
      const entry = { id: number.id, wake: null };
      const timer = setTimeout(() => entry.wake(), seconds * 1000);
      entry.wake = () => {
        clearTimeout(timer);
        waiting.delete(entry);
        resolve(number);
      };
      request.on('close', entry.wake);
      waiting.add(entry);
    });
  }

  function list(user, query) {
    const limit = Math.min(100, Number(query.get('limit') ?? 50));
    const state = query.get('state');
    const from = Number(query.get('cursor') ?? 0);
    const all = user.numbers.filter((each) => !state || each.state === state);
    return { data: all.slice(from, from + limit), next_cursor: all.length > from + limit ? String(from + limit) : null };
  }

  function session(user, response) {
    const [access, refresh] = [randomUUID(), randomUUID()];
    accessTokens.set(access, { user, until: Date.now() + tokenSeconds * 1000 });
    refreshTokens.set(refresh, user);
    response.setHeader('set-cookie', `__Host-rt=${refresh}; HttpOnly; Secure; SameSite=Strict; Path=/`);
    const { id, email, role, created_at } = user;
    return { user: { id, email, role, created_at }, access_token: access, token_type: 'Bearer', expires_in: tokenSeconds };
  }

  const publicRoutes = {
    'POST /auth/register': ({ body, response }) => {
      if (users.has(body.email)) throw new Refusal(409, 'email_taken', 'There is an account with this address.');
      if ([...String(body.password)].length < 12) {
        throw new Refusal(422, 'bad_input', 'Something in the form is wrong.', [{ field: 'password', code: 'too_short', detail: 'At least 12 characters.' }]);
      }
      return [201, session(addUser(body.email, body.password), response)];
    },
    'POST /auth/login': ({ body, response }) => {
      const user = users.get(body.email);
      if (!user || user.password !== body.password) throw new Refusal(401, 'bad_login', 'E-mail or password is not right.');
      return [200, session(user, response)];
    },
    'POST /auth/refresh': async ({ request, response }) => {
      const token = /__Host-rt=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
      const user = refreshTokens.get(token);
      if (!user) throw new Refusal(401, 'unauthenticated', 'Sign in again.');
      refreshTokens.delete(token);
      await new Promise((resolve) => setTimeout(resolve, refreshMs));
      return [200, session(user, response)];
    },
    'POST /auth/logout': ({ request, response }) => {
      refreshTokens.delete(/__Host-rt=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
      response.setHeader('set-cookie', '__Host-rt=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0');
      return [204];
    },
    'GET /services': () => [200, { data: SERVICES }],
    'GET /countries': () => [200, { data: COUNTRIES }],
    'GET /offers': ({ query }) => [200, { data: offersOf(query.get('service')) }],
  };

  const routes = {
    'GET /wallet': ({ user }) => [200, { currency: 'USD', available: decimal(user.available), bonus: decimal(0), held: decimal(user.held) }],
    'GET /wallet/transactions': ({ user }) => [
      200,
      {
        data: [{ id: 1, kind: 'deposit', amount: decimal(user.available), held: decimal(0), balance: decimal(user.available), bonus: false, number_id: null, reason: 'test', created_at: iso(Date.now()) }],
        next_cursor: null,
      },
    ],
    'POST /wallet/redeem': ({ user, body }) => {
      if (body.code !== 'GOOD') throw new Refusal(404, 'unknown_voucher', 'There is no such voucher.');
      user.available += 5000000;
      return [200, { transaction_id: 2, kind: 'cash', amount: decimal(5000000), redeemed_at: iso(Date.now()) }];
    },
    'GET /numbers': ({ user, query }) => [200, list(user, query)],
    'POST /quotes': ({ body }) => quote(body),
    'POST /numbers': ({ user, body, request }) => lease(user, body, request.headers['idempotency-key']),
    'GET /numbers/:id': async ({ user, id, query, request }) => [200, await wait(find(user, id), Number(query.get('wait')), request)],
    'POST /numbers/:id/cancel': ({ user, id }) => [200, act(user, find(user, id), 'cancel')],
    'POST /numbers/:id/finish': ({ user, id }) => [200, act(user, find(user, id), 'finish')],
    'POST /numbers/:id/resend': ({ user, id }) => [200, act(user, find(user, id), 'resend')],
    'GET /keys': ({ user }) => [200, { data: user.keys }],
    'POST /keys': ({ user, body }) => {
      const secret = body.kind === 'live' ? `nl_live_${randomUUID().replaceAll('-', '')}` : randomUUID().replaceAll('-', '');
      const entry = { id: randomUUID(), name: body.name, kind: body.kind, prefix: secret.slice(0, 12), created_at: iso(Date.now()), last_used_at: null };
      user.keys.unshift(entry);
      return [201, { ...entry, key: secret }];
    },
    'DELETE /keys/:id': ({ user, id }) => {
      user.keys = user.keys.filter((each) => each.id !== id);
      return [204];
    },
    'GET /webhooks': ({ user }) => [200, { data: user.hooks }],
    'POST /webhooks': ({ user, body }) => {
      const hook = { id: randomUUID(), url: body.url, enabled: true };
      user.hooks.unshift(hook);
      return [201, { ...hook, secret: `whsec_${randomUUID().replaceAll('-', '')}` }];
    },
    'DELETE /webhooks/:id': ({ user, id }) => {
      user.hooks = user.hooks.filter((each) => each.id !== id);
      return [204];
    },
    'GET /admin/providers': () => [200, { data: providers }],
    'PATCH /admin/providers/:id': ({ id, body }) => {
      const provider = providers.find((each) => each.name === id);
      if (!provider) throw new Refusal(404, 'not_found', 'There is no such provider.');
      provider.enabled = body.enabled;
      return [200, provider];
    },
  };

  function who(request, path) {
    const entry = accessTokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (!entry || entry.until < Date.now()) throw new Refusal(401, 'unauthenticated', 'Sign in again.');
    if (path.startsWith('/admin/') && entry.user.role !== 'admin') throw new Refusal(403, 'forbidden', 'For administrators only.');
    return entry.user;
  }

  async function answer(request, response) {
    const url = new URL(request.url, 'http://localhost');
    const path = url.pathname.slice('/api'.length);
    const name = `${request.method} ${path}`;
    requests.push({ name, key: request.headers['idempotency-key'] ?? null });
    const planned = failures.findIndex((each) => name.startsWith(each.route));
    if (planned >= 0) {
      const [failure] = failures.splice(planned, 1);
      if (failure.after) await runRoute(name, path, url, request, response).catch(() => undefined);
      if (failure.status === 0) return void breakOff(response);
      throw new Refusal(failure.status, failure.code, failure.detail ?? failure.code);
    }
    const [status, data] = await runRoute(name, path, url, request, response);
    send(response, status, data, 'application/json');
  }

  /** An answer that ends in the middle. (A connection closed before any answer would be repeated by the browser itself.) */
  function breakOff(response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' });
    response.write('{', () => setTimeout(() => response.destroy(), 50));
  }

  async function runRoute(name, path, url, request, response) {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    const body = raw ? JSON.parse(raw) : {};
    const open = publicRoutes[name];
    if (open) return open({ request, response, body, query: url.searchParams });
    const user = who(request, path);
    const id = path.split('/')[path.startsWith('/admin/') ? 3 : 2];
    const route = routes[name] ?? routes[name.replace(`/${id}`, '/:id')];
    if (!route) throw new Refusal(404, 'not_found', 'There is no such address.');
    return route({ user, id: id && decodeURIComponent(id), body, query: url.searchParams, request });
  }

  function send(response, status, data, type) {
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(data === undefined ? undefined : JSON.stringify(data));
  }

  async function handle(request, response) {
    try {
      await answer(request, response);
    } catch (error) {
      const { status = 500, code = 'internal', errors } = error;
      const problem = { type: 'about:blank', title: error.message, status, detail: error.message, code, instance: randomUUID(), errors };
      send(response, status, problem, 'application/problem+json');
    }
  }

  function stop() {
    for (const timer of timers) clearTimeout(timer);
    for (const entry of [...waiting]) entry.wake();
  }

  return { handle, stop, users, failures, requests, providers, raise: (amount) => (dearer += micros(amount)), credit: (email, amount) => (users.get(email).available += micros(amount)) };
}
