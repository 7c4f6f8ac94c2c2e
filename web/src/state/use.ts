// Small hooks that several pages share.
'use client';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { onSession, sessionState, type SessionState } from '@/api/session';
import { serverNow } from '@/lib/clock';

const UNKNOWN: SessionState = { status: 'unknown', user: null };

export function useSession(): SessionState {
  return useSyncExternalStore(onSession, sessionState, () => UNKNOWN);
}

const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

function onTick(listener: () => void): () => void {
  tickers.add(listener);
  tick = serverNow();
  timer ??= setInterval(() => {
    tick = serverNow();
    for (const each of tickers) each();
  }, 500);
  return () => {
    tickers.delete(listener);
    if (tickers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in ms, twice a second; one timer for the whole page. */
export function useServerNow(): number {
  return useSyncExternalStore(onTick, () => tick, () => 0);
}

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  reload: () => Promise<void>;
  set: (change: (before: T) => T) => void;
}

/** Loads when the page appears and when key changes; a late answer of an earlier key is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: unknown }>({ key, data: null, error: null });
  const latest = useRef(load);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    latest.current = load;
  });
  const reload = useCallback(async () => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    try {
      const data = await latest.current(control.signal);
      if (!control.signal.aborted) setState({ key, data, error: null });
    } catch (error) {
      if (!control.signal.aborted) setState((before) => ({ key, data: before.key === key ? before.data : null, error }));
    }
  }, [key]);
  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload]);
  const set = useCallback((change: (before: T) => T) => {
    setState((before) => (before.data === null ? before : { ...before, data: change(before.data) }));
  }, []);
  const current = state.key === key;
  return { data: current ? state.data : null, error: current ? state.error : null, reload, set };
}

/** Repeats work while the page is visible, and once when it becomes visible again. */
export function useEvery(ms: number, work: () => Promise<void>): void {
  useEffect(() => {
    const run = (): void => {
      if (!document.hidden) void work();
    };
    const timer = setInterval(run, ms);
    document.addEventListener('visibilitychange', run);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', run);
    };
  }, [ms, work]);
}
