// Step three: one button that says what it costs.
'use client';
import Link from 'next/link';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '@/api/http';
import type { LeaseRequest, LeasedNumber } from '@/api/types';
import { clockText } from '@/lib/clock';
import { compareMoney, money } from '@/lib/money';
import type { CountryOffer } from '@/lib/offers';
import { hasCode } from '@/lib/problem';
import { announce } from '@/state/announce';
import { leaseNumber } from '@/state/lease';
import { useQuote } from '@/state/quote';
import { useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Button, classOf } from '@/ui/button';
import { Icon } from '@/ui/icon';
import { Failure, Notice } from '@/ui/notice';
import styles from './buy.module.css';
import { rememberService } from './selection';

interface Props {
  service: string;
  serviceLabel: string;
  offer: CountryOffer | null;
  operator: string | null;
  onOperator: (operator: string | null) => void;
  reload: () => Promise<void>;
  onBought: () => void;
}

function Refusal({ error, price }: { error: unknown; price: string }) {
  const { wallet } = useWallet();
  const currency = wallet?.currency ?? '';
  const hint: { words: ReactNode; action?: ReactNode } | null = hasCode(error, 'no_funds')
    ? {
        words: wallet ? text.buy.balanceShort(money(wallet.available, currency), money(price, currency)) : text.problems['no_funds'],
        action: (
          <Link className={classOf('plain', 'small')} href="/wallet/">
            {text.buy.toWallet}
          </Link>
        ),
      }
    : isGone(error)
      ? { words: text.buy.gone }
      : isOver(error)
        ? { words: text.buy.quoteOver }
      : error instanceof ApiError && !error.definitive && error.status !== 429
        ? { words: text.buy.unsure }
        : null;
  if (!hint) return <Failure error={error} />;
  return (
    <Notice tone="warn" role="alert" action={hint.action}>
      {hint.words}
    </Notice>
  );
}

/** Nobody has it at this price: the list is old. */
function isGone(error: unknown): boolean {
  return hasCode(error, 'no_numbers') || hasCode(error, 'no_offer_at_price');
}

/** The price that was kept is not kept any more; the next one is asked for, and nothing is bought by itself. */
function isOver(error: unknown): boolean {
  return ['quote_expired', 'quote_used', 'quote_invalid'].some((code) => hasCode(error, code));
}

function told(number: LeasedNumber): string {
  return number.phone ? text.buy.bought(number.phone) : text.buy.reserved;
}

export function BuyBar({ service, serviceLabel, offer, operator, onOperator, reload, onBought }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const id = useId();
  const { wallet } = useWallet();
  const currency = wallet?.currency ?? '';
  const named = offer?.operators.find((each) => each.operator === operator) ?? null;
  const { quote, left, renew } = useQuote(service, offer?.country ?? null, named?.operator ?? null);
  const price = quote?.price ?? named?.price ?? offer?.price ?? '';
  const risen = seen !== null && price !== '' && compareMoney(price, seen) > 0;
  if (price !== '' && (seen === null || compareMoney(price, seen) < 0)) setSeen(price);

  async function buy(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!offer || busy) return;
    setBusy(true);
    setError(null);
    // Without a quote the price on the button is the limit all the same.
    const request: LeaseRequest = { service, country: offer.country, ...(quote ? { quote: quote.quote } : { max_price: price }) };
    if (named) request.operator = named.operator;
    try {
      const number = await leaseNumber(request);
      rememberService(service);
      setSeen(price);
      announce(told(number));
      onBought();
      // It is used; the next number needs another one.
      void renew();
    } catch (failure) {
      setError(failure);
      if (isGone(failure)) await reload();
      if (isGone(failure) || isOver(failure)) await renew();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.bar} method="post" onSubmit={buy}>
      {error ? <Refusal error={error} price={price} /> : null}
      {risen ? (
        <Notice tone="warn" role="status">
          {text.buy.priceNow(money(price, currency))}
        </Notice>
      ) : null}
      <div className={styles.barRow}>
        <div className={styles.summary}>
          <p className={styles.what}>{offer ? text.buy.summary(serviceLabel, offer.name) : text.buy.choose}</p>
          {quote ? (
            <p className={styles.kept} role="timer" aria-label={text.buy.keptLabel} data-quote={quote.id} data-price={quote.price}>
              {text.buy.kept(clockText(left))}
            </p>
          ) : null}
          <p className={styles.promise}>{text.buy.promise}</p>
        </div>
        {offer && offer.operators.length > 0 ? (
          <label className={styles.operator} htmlFor={id}>
            <span className="visually-hidden">{text.buy.operator}</span>
            <select id={id} value={named?.operator ?? ''} onChange={(event) => onOperator(event.target.value || null)}>
              <option value="">{text.buy.anyOperator}</option>
              {offer.operators.map((each) => (
                <option key={each.operator} value={each.operator} disabled={each.stock <= 0}>
                  {each.operator} · {money(each.price, currency)}
                </option>
              ))}
            </select>
            <Icon name="down" />
          </label>
        ) : null}
        <Button kind="primary" size="large" type="submit" busy={busy} off={!offer}>
          {offer ? text.buy.button(money(price, currency)) : text.nav.buy}
        </Button>
      </div>
    </form>
  );
}
