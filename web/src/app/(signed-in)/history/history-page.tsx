'use client';
import Link from 'next/link';
import { useCallback, useEffect, useRef, useState } from 'react';
import * as api from '@/api/client';
import type { LeasedNumber, NumberState } from '@/api/types';
import { serverNow } from '@/lib/clock';
import { lastCode, stateText, stateTone } from '@/lib/number';
import { amount } from '@/lib/money';
import { phoneForms } from '@/lib/phone';
import { moment } from '@/lib/time';
import { countryName, dialOf, serviceName, useCatalogue, type Catalogue } from '@/state/catalogue';
import { useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Badge } from '@/ui/badge';
import { Button, classOf } from '@/ui/button';
import { PageHead } from '@/ui/card';
import { Flag } from '@/ui/flag';
import { Empty, Failure, Waiting } from '@/ui/notice';
import { Tile } from '@/ui/tile';
import styles from './history.module.css';

const PAGE = 25;
const FILTERS: readonly (NumberState | null)[] = [null, 'active', 'completed', 'cancelled', 'expired', 'failed'];
const words = text.history;

function nameOf(state: NumberState | null): string {
  if (state === null) return words.all;
  if (state === 'active') return words.open;
  return state === 'failed' ? words.failed : text.numbers.state[state];
}

interface Pages {
  numbers: readonly LeasedNumber[] | null;
  next: string | null;
  error: unknown;
  busy: boolean;
}

const NOTHING: Pages = { numbers: null, next: null, error: null, busy: true };

/** The list page by page; an answer to an earlier filter is dropped. */
function usePages(filter: NumberState | null): Pages & { more: () => void; again: () => void } {
  const [pages, setPages] = useState<Pages>(NOTHING);
  const running = useRef<AbortController | null>(null);
  const load = useCallback(
    async (before: readonly LeasedNumber[], cursor: string | null) => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      setPages((now) => ({ ...now, busy: true, error: null }));
      try {
        const page = await api.numbers({ state: filter, limit: PAGE, cursor }, control.signal);
        if (!control.signal.aborted) setPages({ numbers: [...before, ...page.data], next: page.next_cursor, error: null, busy: false });
      } catch (error) {
        if (!control.signal.aborted) setPages((now) => ({ ...now, error, busy: false }));
      }
    },
    [filter],
  );
  useEffect(() => {
    setPages(NOTHING);
    void load([], null);
    return () => running.current?.abort();
  }, [load]);
  const more = (): void => void load(pages.numbers ?? [], pages.next);
  const again = (): void => void load([], null);
  return { ...pages, more, again };
}

interface RowProps {
  number: LeasedNumber;
  catalogue: Catalogue | null;
  currency: string;
  now: number;
}

function Row({ number, catalogue, currency, now }: RowProps) {
  const service = serviceName(catalogue, number.service);
  const country = countryName(catalogue, number.country);
  const phone = number.phone ? phoneForms(number.phone, dialOf(catalogue, number.country)).pretty : words.noPhone;
  return (
    <tr data-number={number.id} data-state={number.state}>
      <th scope="row" className={styles.what}>
        <Tile code={number.service} name={service} />
        <span>
          {service}
          <span className={styles.country}>
            <Flag country={number.country} />
            {country}
          </span>
        </span>
      </th>
      <td data-label={words.number} className={styles.digits}>
        {phone}
      </td>
      <td data-label={words.code} className={styles.code}>
        {lastCode(number) ?? '–'}
      </td>
      <td data-label={words.state}>
        <Badge tone={stateTone(number)}>{stateText(number)}</Badge>
      </td>
      <td data-label={words.charged} className={styles.money} data-charged={number.charged}>
        {amount(number.charged)} {currency}
      </td>
      <td data-label={words.when} className={styles.when}>
        <time dateTime={number.created_at}>{moment(number.created_at, now)}</time>
      </td>
      <td className={styles.again}>
        <Link className={classOf('quiet', 'small')} href={`/buy/?s=${encodeURIComponent(number.service)}&c=${encodeURIComponent(number.country)}`}>
          {text.numbers.again}
          <span className="visually-hidden">
            {service}, {country}
          </span>
        </Link>
      </td>
    </tr>
  );
}

function Table({ numbers, catalogue }: { numbers: readonly LeasedNumber[]; catalogue: Catalogue | null }) {
  const [now] = useState(serverNow);
  const { wallet } = useWallet();
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{words.lead}</caption>
      <thead>
        <tr>
          <th scope="col">{words.service}</th>
          <th scope="col">{words.number}</th>
          <th scope="col">{words.code}</th>
          <th scope="col">{words.state}</th>
          <th scope="col" className={styles.money}>
            {words.charged}
          </th>
          <th scope="col">{words.when}</th>
          <th scope="col">
            <span className="visually-hidden">{text.numbers.again}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {numbers.map((number) => (
          <Row key={number.id} number={number} catalogue={catalogue} currency={wallet?.currency ?? ''} now={now} />
        ))}
      </tbody>
    </table>
  );
}

export function HistoryPage() {
  const [filter, setFilter] = useState<NumberState | null>(null);
  const { catalogue } = useCatalogue();
  const { numbers, next, error, busy, more, again } = usePages(filter);
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <fieldset className={styles.filters}>
        <legend className="visually-hidden">{words.filter}</legend>
        {FILTERS.map((state) => (
          <label key={state ?? 'all'} className={styles.filter}>
            <input type="radio" name="state" checked={filter === state} onChange={() => setFilter(state)} />
            {nameOf(state)}
          </label>
        ))}
      </fieldset>
      <div className={styles.panel}>
        {numbers && numbers.length > 0 ? <Table numbers={numbers} catalogue={catalogue} /> : null}
        {numbers && numbers.length === 0 ? (
          filter ? <Empty title={words.emptyState} /> : <Empty title={words.empty}>{words.emptyHint}</Empty>
        ) : null}
        {!numbers && !error ? <Waiting rows={6} /> : null}
        {error ? <Failure error={error} retry={numbers ? more : again} /> : null}
        {numbers && next ? (
          <p className={styles.more}>
            <Button busy={busy} onClick={more}>
              {words.more}
            </Button>
          </p>
        ) : null}
      </div>
    </>
  );
}
