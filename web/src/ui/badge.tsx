import type { ReactNode } from 'react';
import type { Tone } from '@/lib/number';
import styles from './badge.module.css';

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      <span className={styles.dot} aria-hidden="true" />
      {children}
    </span>
  );
}
