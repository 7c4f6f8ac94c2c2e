// The price that is kept for what is chosen, until it expires; then the next one.
'use client';
import { useEffect, useRef } from 'react';
import * as api from '@/api/client';
import type { Quote } from '@/api/types';
import { secondsUntil } from '@/lib/clock';
import { useLoad, useServerNow } from './use';

export interface KeptPrice {
  /** Null while there is none: it is asked for, or was refused. */
  quote: Quote | null;
  /** Whole seconds until it expires. */
  left: number;
  renew: () => Promise<void>;
}

/** A quote is asked for again no sooner than this, whatever its end says. */
const LEAST_MS = 2_000;

export function useQuote(service: string, country: string | null, operator: string | null): KeptPrice {
  const { data, reload } = useLoad(
    async (signal) => (country ? api.quote({ service, country, ...(operator ? { operator } : {}) }, signal) : null),
    [service, country ?? '', operator ?? ''].join(' '),
  );
  const now = useServerNow();
  const left = now > 0 && data ? secondsUntil(data.expires_at, now) : 0;
  const asked = useRef(0);
  const over = now > 0 && data !== null && left === 0;
  useEffect(() => {
    // A page that nobody sees asks for nothing; when it is seen again its clock ticks and this runs.
    if (!over || document.hidden || now - asked.current < LEAST_MS) return;
    asked.current = now;
    void reload();
  }, [over, now, reload]);
  return { quote: left > 0 ? data : null, left, renew: reload };
}
