// What the person has chosen. It stands in the address, so that a link or a reload brings it back.
'use client';
import { useCallback, useEffect, useState } from 'react';

export interface Selection {
  service: string | null;
  country: string | null;
  operator: string | null;
}

const NOTHING: Selection = { service: null, country: null, operator: null };
const RECENT = 'numlease.recent';
const RECENT_COUNT = 5;

function fromAddress(): Selection {
  const query = new URLSearchParams(window.location.search);
  return { service: query.get('s'), country: query.get('c'), operator: query.get('o') };
}

function toAddress(selection: Selection): void {
  const query = new URLSearchParams();
  if (selection.service) query.set('s', selection.service);
  if (selection.country) query.set('c', selection.country);
  if (selection.operator) query.set('o', selection.operator);
  const search = query.toString();
  window.history.replaceState(null, '', window.location.pathname + (search ? `?${search}` : ''));
}

export function useSelection(): [Selection, (change: Partial<Selection>) => void] {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  useEffect(() => setSelection(fromAddress()), []);
  const choose = useCallback((change: Partial<Selection>) => {
    setSelection((before) => {
      const next = { ...before, ...change };
      toAddress(next);
      return next;
    });
  }, []);
  return [selection, choose];
}

/** Codes of the services bought last, newest first. */
export function recentServices(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
    return Array.isArray(stored) ? stored.filter((code) => typeof code === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberService(code: string): void {
  try {
    const codes = [code, ...recentServices().filter((each) => each !== code)].slice(0, RECENT_COUNT);
    localStorage.setItem(RECENT, JSON.stringify(codes));
  } catch {
    // Without storage there is no list of recent services; nothing else depends on it.
  }
}
