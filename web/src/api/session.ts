// Who is signed in. The access token lives in this module's memory only; the HttpOnly cookie renews it.
import { ApiError, call } from './http';
import type { Session, User } from './types';

export type SessionState =
  | { status: 'unknown'; user: null }
  | { status: 'anonymous'; user: null }
  | { status: 'signed-in'; user: User };

/** Not a secret: it only saves visitors who never signed in a refresh that must fail. */
const HINT = 'numlease.session';
const RENEW_BEFORE_MS = 30_000;

let state: SessionState = { status: 'unknown', user: null };
let token: string | null = null;
let renewAt = 0;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

export function sessionState(): SessionState {
  return state;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function begin(session: Session): void {
  token = session.access_token;
  renewAt = Date.now() + session.expires_in * 1000 - RENEW_BEFORE_MS;
  remember(true);
  set({ status: 'signed-in', user: session.user });
}

function end(): void {
  token = null;
  renewAt = 0;
  remember(false);
  set({ status: 'anonymous', user: null });
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Storage may be switched off; the page then asks for a new sign-in after a reload.
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return true;
  }
}

/** Decides the state once after the page was loaded. Throws, and leaves it unknown, when the server did not answer. */
export async function openSession(): Promise<void> {
  if (state.status !== 'unknown') return;
  if (!remembered()) end();
  else await refresh();
}

/** Renews the access token; true when there is one afterwards. Calls that overlap share one request. */
export function refresh(): Promise<boolean> {
  refreshing ??= inTurn(renew).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** The refresh token rotates: two tabs must not present the same one, so they take turns. */
function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('numlease.refresh', work) as Promise<boolean>;
}

async function renew(): Promise<boolean> {
  try {
    const { data } = await call<Session>('POST', '/auth/refresh');
    begin(data);
    return true;
  } catch (error) {
    const refused = error instanceof ApiError && (error.status === 401 || error.status === 403);
    if (!refused) throw error;
    end();
    return false;
  }
}

/** The token for the next call, renewed when it is about to end. */
export async function accessToken(): Promise<string | null> {
  if (token !== null && Date.now() >= renewAt) await refresh();
  return token;
}

export async function login(email: string, password: string): Promise<void> {
  begin((await call<Session>('POST', '/auth/login', { body: { email, password } })).data);
}

export async function register(email: string, password: string): Promise<void> {
  begin((await call<Session>('POST', '/auth/register', { body: { email, password } })).data);
}

export async function logout(): Promise<void> {
  try {
    await call<void>('POST', '/auth/logout', { token });
  } finally {
    end();
  }
}

/** Another tab signed in or out: follow it. */
export function followOtherTabs(): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== HINT) return;
    if (event.newValue === null && state.status === 'signed-in') end();
    if (event.newValue !== null && state.status === 'anonymous') void refresh().catch(() => undefined);
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}
