// Buttons. A busy one keeps its label and its focus, and does nothing when pressed again.
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'className'> {
  kind?: ButtonKind;
  size?: 'small' | 'normal' | 'large';
  busy?: boolean;
  /** Not possible now; it stays reachable by keyboard so that the reason can be read. */
  off?: boolean;
  wide?: boolean;
  children: ReactNode;
}

export function classOf(kind: ButtonKind = 'plain', size: Props['size'] = 'normal', wide = false): string {
  return [styles.button, styles[kind], styles[size], wide ? styles.wide : ''].filter(Boolean).join(' ');
}

export function Button({ kind, size, busy = false, off = false, wide = false, type = 'button', onClick, children, ...rest }: Props) {
  const idle = !busy && !off;
  return (
    <button
      {...rest}
      type={type}
      className={classOf(kind, size, wide)}
      aria-disabled={idle ? undefined : true}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (idle) onClick?.(event);
        else event.preventDefault();
      }}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : null}
      {children}
    </button>
  );
}
