// A button that asks once more, in place, before it does something that cannot be undone.
'use client';
import { useEffect, useRef, useState } from 'react';
import { text } from '@/text';
import { Button } from './button';
import styles from './confirm.module.css';

interface Props {
  label: string;
  /** The label with its object, for people who hear the button without the row it stands in. */
  spoken: string;
  consequence: string;
  yes: string;
  onYes: () => Promise<void>;
}

export function Confirm({ label, spoken, consequence, yes, onYes }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const question = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (asking) question.current?.querySelector('button')?.focus();
  }, [asking]);
  if (!asking) {
    return (
      <Button size="small" kind="danger" aria-label={spoken} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  }
  return (
    <span ref={question} className={styles.question} role="group" aria-label={consequence}>
      <span className={styles.words}>{consequence}</span>
      <Button size="small" kind="plain" onClick={() => setAsking(false)}>
        {text.api.keep}
      </Button>
      <Button
        size="small"
        kind="danger"
        busy={busy}
        onClick={async () => {
          setBusy(true);
          await onYes().finally(() => {
            setBusy(false);
            setAsking(false);
          });
        }}
      >
        {yes}
      </Button>
    </span>
  );
}
