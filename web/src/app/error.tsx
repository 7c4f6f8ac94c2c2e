'use client';
import { text } from '@/text';
import { Button } from '@/ui/button';
import styles from './message.module.css';

/** A page that threw: say so and offer to load it again. */
export default function PageError() {
  return (
    <main className={styles.message}>
      <h1>{text.crash.title}</h1>
      <p>{text.crash.text}</p>
      <Button kind="primary" onClick={() => window.location.reload()}>
        {text.crash.reload}
      </Button>
    </main>
  );
}
