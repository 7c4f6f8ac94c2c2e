'use client';
import { useEffect, useState } from 'react';
import * as api from '@/api/client';
import type { Transaction } from '@/api/types';
import { serverNow } from '@/lib/clock';
import { amount, isZero } from '@/lib/money';
import { moment } from '@/lib/time';
import { text } from '@/text';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Empty, Failure, Waiting } from '@/ui/notice';
import styles from './wallet.module.css';

const PAGE = 10;
const words = text.wallet;

interface Pages {
  moves: readonly Transaction[] | null;
  next: string | null;
  error: unknown;
  busy: boolean;
}

/** "+5.00": what changed of what is available; a charge takes what was held before. */
function changeOf(move: Transaction): string {
  if (isZero(move.amount)) return amount(move.amount);
  return move.amount.startsWith('-') ? `\u2212${amount(move.amount.slice(1))}` : `+${amount(move.amount)}`;
}

function Row({ move, now }: { move: Transaction; now: number }) {
  return (
    <tr data-kind={move.kind} data-amount={move.amount}>
      <th scope="row">
        {words.kinds[move.kind]}
        {move.reason ? <span className={styles.reason}>{move.reason}</span> : null}
      </th>
      <td className={styles.when}>
        <time dateTime={move.created_at}>{moment(move.created_at, now)}</time>
      </td>
      <td className={styles.money}>{changeOf(move)}</td>
      <td className={styles.money}>{amount(move.balance)}</td>
    </tr>
  );
}

/** The last transactions, and earlier ones on demand. */
export function Movements() {
  const [pages, setPages] = useState<Pages>({ moves: null, next: null, error: null, busy: true });
  const [now] = useState(serverNow);

  async function load(before: readonly Transaction[], cursor: string | null, signal?: AbortSignal): Promise<void> {
    setPages((was) => ({ ...was, busy: true, error: null }));
    try {
      const page = await api.transactions({ limit: PAGE, cursor }, signal);
      if (!signal?.aborted) setPages({ moves: [...before, ...page.data], next: page.next_cursor, error: null, busy: false });
    } catch (error) {
      if (!signal?.aborted) setPages((was) => ({ ...was, error, busy: false }));
    }
  }

  useEffect(() => {
    const control = new AbortController();
    void load([], null, control.signal);
    return () => control.abort();
  }, []);
  const { moves, next, error, busy } = pages;
  return (
    <Card title={words.movesTitle}>
      {!moves && !error ? <Waiting rows={3} /> : null}
      {moves && moves.length === 0 ? <Empty title={words.movesEmpty} /> : null}
      {moves && moves.length > 0 ? (
        <table className={styles.moves}>
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.when}</th>
              <th scope="col" className={styles.money}>
                {words.change}
              </th>
              <th scope="col" className={styles.money}>
                {words.balance}
              </th>
            </tr>
          </thead>
          <tbody>
            {moves.map((move) => (
              <Row key={move.id} move={move} now={now} />
            ))}
          </tbody>
        </table>
      ) : null}
      {error ? <Failure error={error} retry={() => void load(moves ?? [], next)} /> : null}
      {moves && next ? (
        <p className={styles.more}>
          <Button busy={busy} onClick={() => void load(moves, next)}>
            {words.more}
          </Button>
        </p>
      ) : null}
    </Card>
  );
}
