// A secret that is shown one time: it gets the focus, and stays until the person says that it is safe.
'use client';
import { useEffect, useRef } from 'react';
import { text } from '@/text';
import { Button } from './button';
import { CopyButton } from './copy';
import styles from './once.module.css';

interface Props {
  title: string;
  hint: string;
  secret: string;
  copyLabel: string;
  onDone: () => void;
}

export function Once({ title, hint, secret, copyLabel, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} className={styles.once} tabIndex={-1} role="group" aria-label={title}>
      <p className={styles.title}>{title}</p>
      <p>{hint}</p>
      <output className={styles.secret}>{secret}</output>
      <div className={styles.actions}>
        <CopyButton kind="primary" size="normal" value={secret} label={copyLabel} />
        <Button kind="quiet" onClick={onDone}>
          {text.api.done}
        </Button>
      </div>
    </div>
  );
}
