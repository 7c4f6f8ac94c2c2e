// The person's open numbers, kept fresh while the page is open.
//
// Each open number has a waiting request (the server answers when something changes). A slow list request is the
// net under it: it finds numbers leased in another tab or by API, and takes over when waiting does not work.
'use client';
import { useSyncExternalStore } from 'react';
import * as api from '@/api/client';
import { ApiError } from '@/api/http';
import type { LeasedNumber } from '@/api/types';
import { isOpen } from '@/lib/number';
import { store } from './store';
import { refreshWallet } from './wallet';

const WAIT_S = 25;
/** Waiting requests at once: the newest numbers; more would crowd out the other requests of the page. */
const MAX_WAITING = 4;
const NET_MS = 10_000;
const NET_FAST_MS = 4_000;
/** An answer faster than this without a change means that the server did not wait. */
const TOO_FAST_MS = 1_500;
const PAUSE_MS = 3_000;
const LIST_LIMIT = 50;

export interface Board {
  /** Open numbers and those that closed during this visit, newest first. */
  numbers: readonly LeasedNumber[];
  loaded: boolean;
  /** Waiting requests fail; the list is asked more often. */
  unsteady: boolean;
  error: unknown;
}

const EMPTY: Board = { numbers: [], loaded: false, unsteady: false, error: null };
const board = store<Board>(EMPTY);
const waiting = new Map<string, AbortController>();
const hidden = new Set<string>();
let life: AbortController | null = null;
let net: ReturnType<typeof setTimeout> | undefined;

export function useBoard(): Board {
  return useSyncExternalStore(board.subscribe, board.get, () => EMPTY);
}

export function startBoard(): void {
  if (life) return;
  life = new AbortController();
  document.addEventListener('visibilitychange', onVisible, { signal: life.signal });
  window.addEventListener('online', onVisible, { signal: life.signal });
  void refreshBoard();
}

export function stopBoard(): void {
  life?.abort();
  life = null;
  clearTimeout(net);
  for (const control of waiting.values()) control.abort();
  waiting.clear();
  hidden.clear();
  board.set(EMPTY);
}

/** Takes what the server said about a number, from whichever request. */
export function putNumber(number: LeasedNumber): void {
  const before = board.get();
  const known = before.numbers.find((each) => each.id === number.id);
  if (known && isOlder(number, known)) return;
  merge([number]);
  if (!known || known.state !== number.state || known.charged !== number.charged) void refreshWallet();
}

/** A closed number leaves the board; it stays in the history. */
export function hideNumber(id: string): void {
  hidden.add(id);
  const before = board.get();
  board.set({ ...before, numbers: before.numbers.filter((number) => number.id !== id) });
}

/** Answers may overtake each other: a closed number never opens again, messages only grow. */
function isOlder(number: LeasedNumber, known: LeasedNumber): boolean {
  if (!isOpen(known) && isOpen(number)) return true;
  return number.messages.length < known.messages.length;
}

function merge(news: readonly LeasedNumber[]): void {
  const before = board.get();
  const all = new Map(before.numbers.map((number) => [number.id, number]));
  for (const number of news) {
    const known = all.get(number.id);
    if (hidden.has(number.id) || (known && isOlder(number, known))) continue;
    all.set(number.id, number);
  }
  const numbers = [...all.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0));
  board.set({ ...before, numbers });
  watch();
}

/** Keeps one waiting request for each of the newest open numbers. */
function watch(): void {
  if (!life) return;
  const wanted = new Set(board.get().numbers.filter(isOpen).slice(0, MAX_WAITING).map((number) => number.id));
  for (const [id, control] of waiting) if (!wanted.has(id)) control.abort();
  for (const id of wanted) if (!waiting.has(id)) void follow(id);
}

async function follow(id: string): Promise<void> {
  const control = new AbortController();
  waiting.set(id, control);
  let failures = 0;
  while (!control.signal.aborted && isWatched(id)) {
    const pause = await waitOnce(id, control.signal, failures);
    failures = pause.failed ? failures + 1 : 0;
    if (pause.ms > 0) await sleep(pause.ms, control.signal);
  }
  if (waiting.get(id) === control) waiting.delete(id);
  watch();
}

function isWatched(id: string): boolean {
  const number = board.get().numbers.find((each) => each.id === id);
  return number !== undefined && isOpen(number);
}

async function waitOnce(id: string, signal: AbortSignal, failures: number): Promise<{ failed: boolean; ms: number }> {
  const startedAt = Date.now();
  const before = board.get().numbers.find((each) => each.id === id);
  try {
    // After a failure the state is asked for at once, before waiting for the next change.
    const number = await api.number(id, failures > 0 ? undefined : WAIT_S, signal);
    putNumber(number);
    setUnsteady(false);
    const changed = number.state !== before?.state || number.messages.length !== before.messages.length;
    const tooFast = failures === 0 && !changed && Date.now() - startedAt < TOO_FAST_MS;
    return { failed: false, ms: tooFast ? PAUSE_MS : 0 };
  } catch (error) {
    if (signal.aborted) return { failed: false, ms: 0 };
    if (error instanceof ApiError && error.status === 404) hideNumber(id);
    else setUnsteady(true);
    return { failed: true, ms: Math.min(PAUSE_MS * 2 ** failures, 24_000) };
  }
}

function setUnsteady(unsteady: boolean): void {
  const before = board.get();
  if (before.unsteady === unsteady) return;
  board.set({ ...before, unsteady });
  if (unsteady) scheduleNet();
}

export async function refreshBoard(): Promise<void> {
  const current = life;
  if (!current) return;
  try {
    const page = await api.numbers({ limit: LIST_LIMIT }, current.signal);
    if (current !== life) return;
    takeList(page.data);
  } catch (error) {
    if (current !== life) return;
    board.set({ ...board.get(), error });
  }
  scheduleNet();
}

function takeList(list: readonly LeasedNumber[]): void {
  const known = new Map(board.get().numbers.map((number) => [number.id, number]));
  const news = list.filter((number) => isOpen(number) || known.has(number.id));
  const moved = news.some((number) => known.get(number.id)?.state !== number.state);
  const first = !board.get().loaded;
  board.set({ ...board.get(), loaded: true, error: null });
  merge(news);
  if (moved && !first) void refreshWallet();
}

function scheduleNet(): void {
  clearTimeout(net);
  if (!life || document.hidden) return;
  net = setTimeout(() => void refreshBoard(), board.get().unsteady ? NET_FAST_MS : NET_MS);
}

function onVisible(): void {
  if (!document.hidden) void refreshBoard();
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
