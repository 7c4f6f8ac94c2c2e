// A labelled input with its hint and its fault, connected for assistive technology.
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import styles from './field.module.css';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  label: string;
  hint?: string;
  fault?: string | null;
  /** Something inside the box at its end, such as a button. */
  end?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, fault, end, ref, ...input }: Props) {
  const id = useId();
  const notes = [fault ? `${id}-fault` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box} data-bad={fault ? '' : undefined}>
        <input
          {...input}
          ref={ref}
          id={id}
          className={styles.input}
          aria-invalid={fault ? true : undefined}
          aria-describedby={notes || undefined}
        />
        {end}
      </div>
      {fault ? (
        <p className={styles.fault} id={`${id}-fault`}>
          {fault}
        </p>
      ) : null}
      {hint ? (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}
