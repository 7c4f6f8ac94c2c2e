// The time a number has left, as a ring and as digits, by the server's clock.
'use client';
import { useEffect, useRef } from 'react';
import { clockText, secondsUntil } from '@/lib/clock';
import { announce } from '@/state/announce';
import { useServerNow } from '@/state/use';
import { text } from '@/text';
import styles from './countdown.module.css';

const SPOKEN_AT = [300, 60] as const;
const SOON = 60;

/** Speaks at a few moments only; a timer that is read every second would drown everything else. */
function useWarnings(left: number, total: number): void {
  const before = useRef(left);
  useEffect(() => {
    const passed = SPOKEN_AT.find((mark) => before.current > mark && left <= mark && left > 0 && total > mark);
    if (passed) announce(text.numbers.left(passed / 60));
    if (before.current > 0 && left === 0 && total > 0) announce(text.numbers.over);
    before.current = left;
  }, [left, total]);
}

export function Countdown({ from, until }: { from: string; until: string }) {
  const now = useServerNow();
  const total = Math.max(1, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
  // The server's time is known to a fraction of a second: never show more than there was.
  const left = Math.min(total, secondsUntil(until, now));
  useWarnings(left, total);
  const share = Math.min(100, (left / total) * 100);
  return (
    <div className={styles.countdown} role="timer" aria-label={text.numbers.timeLeft} data-soon={left <= SOON || undefined}>
      <span className={styles.digits}>{clockText(left)}</span>
      <svg className={styles.ring} viewBox="0 0 24 24" aria-hidden="true">
        <circle className={styles.track} cx="12" cy="12" r="9.5" />
        <circle className={styles.rest} cx="12" cy="12" r="9.5" pathLength="100" strokeDasharray={`${share.toFixed(2)} 200`} />
      </svg>
    </div>
  );
}
