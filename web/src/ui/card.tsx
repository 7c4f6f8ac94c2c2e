import type { ReactNode } from 'react';
import styles from './card.module.css';

/** A page's head: what it is, and one sentence about it. */
export function PageHead({ title, lead, end }: { title: string; lead?: string; end?: ReactNode }) {
  return (
    <header className={styles.head}>
      <div>
        <h1>{title}</h1>
        {lead ? <p className={styles.lead}>{lead}</p> : null}
      </div>
      {end}
    </header>
  );
}

export function Card({ title, lead, children }: { title?: string; lead?: string; children: ReactNode }) {
  return (
    <section className={styles.card}>
      {title ? <h2>{title}</h2> : null}
      {lead ? <p className={styles.lead}>{lead}</p> : null}
      {children}
    </section>
  );
}
