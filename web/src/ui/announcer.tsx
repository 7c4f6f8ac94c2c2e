'use client';
import { useSyncExternalStore } from 'react';
import { announcement } from '@/state/announce';

const SILENT = announcement.get();

/** Speaks what state/announce is told; one for the whole page. */
export function Announcer() {
  const { id, sentence } = useSyncExternalStore(announcement.subscribe, announcement.get, () => SILENT);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      <span key={id}>{sentence}</span>
    </div>
  );
}
