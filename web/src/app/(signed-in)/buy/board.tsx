// The numbers that are open now, and those that closed during this visit.
'use client';
import { useEffect, useRef } from 'react';
import { isOpen, lastCode } from '@/lib/number';
import type { Catalogue } from '@/state/catalogue';
import { refreshBoard, useBoard } from '@/state/numbers';
import { text } from '@/text';
import { copyText } from '@/ui/copy';
import { Icon } from '@/ui/icon';
import { Failure, Notice, Waiting } from '@/ui/notice';
import styles from './board.module.css';
import { NumberCard } from './number-card';

/** "c" copies the code that arrived last. */
function useCopyKey(code: string | null): void {
  const latest = useRef(code);
  useEffect(() => {
    latest.current = code;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && target.type !== 'radio');
      if (event.key !== 'c' || typing || event.ctrlKey || event.metaKey || event.altKey || !latest.current) return;
      void copyText(latest.current);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

interface Props {
  catalogue: Catalogue | null;
  onAgain: (service: string, country: string) => void;
}

export function Board({ catalogue, onAgain }: Props) {
  const { numbers, loaded, unsteady, error } = useBoard();
  const withCode = numbers.find((number) => isOpen(number) && lastCode(number) !== null);
  useCopyKey(withCode ? lastCode(withCode) : null);
  return (
    <section className={styles.board} aria-labelledby="board-title">
      <h2 id="board-title" className={styles.title}>
        {text.numbers.title}
      </h2>
      {unsteady ? (
        <Notice tone="warn" role="status">
          {text.numbers.polling}
        </Notice>
      ) : null}
      {error && !loaded ? <Failure error={error} retry={() => void refreshBoard()} /> : null}
      {!loaded && !error ? <Waiting rows={2} /> : null}
      {loaded && numbers.length === 0 ? (
        <div className={styles.none}>
          <Icon name="message" />
          <p className={styles.noneTitle}>{text.numbers.none}</p>
          <p>{text.numbers.noneHint}</p>
        </div>
      ) : null}
      <ul className={styles.list}>
        {numbers.map((number) => (
          <li key={number.id}>
            <NumberCard number={number} catalogue={catalogue} onAgain={onAgain} />
          </li>
        ))}
      </ul>
    </section>
  );
}
