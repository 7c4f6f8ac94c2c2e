// A message that stands in the page: what happened, and what can be done.
import type { ReactNode } from 'react';
import { tell } from '@/lib/problem';
import { text } from '@/text';
import { Button } from './button';
import { Icon } from './icon';
import styles from './notice.module.css';

interface Props {
  tone?: 'bad' | 'warn' | 'info';
  /** alert interrupts, status waits; none for what was there from the start. */
  role?: 'alert' | 'status';
  children: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone = 'info', role, children, action }: Props) {
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      <Icon name={tone === 'info' ? 'info' : 'warn'} />
      <div className={styles.words}>{children}</div>
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}

/** A failed call, with another try when that can help. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { message, reference } = tell(error);
  const again = retry ? (
    <Button size="small" onClick={retry}>
      {text.retry}
    </Button>
  ) : null;
  return (
    <Notice tone="bad" role="alert" action={again}>
      {message}
      {reference ? (
        <span className={styles.reference}>
          {text.reference} <code>{reference}</code>
        </span>
      ) : null}
    </Notice>
  );
}

/** What a list shows while it has nothing: the fact and the next step. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      {children ? <p>{children}</p> : null}
    </div>
  );
}

/** Grey bars in the shape of what is coming. */
export function Waiting({ rows = 3 }: { rows?: number }) {
  return (
    <div className={styles.waiting} role="status">
      <span className="visually-hidden">{text.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className={styles.bar} />
      ))}
    </div>
  );
}
