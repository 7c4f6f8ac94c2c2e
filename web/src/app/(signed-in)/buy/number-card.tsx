// One leased number: the phone to copy, the code when it arrives, what it costs, and what can be done with it.
'use client';
import { useEffect, useRef, useState } from 'react';
import { act, type NumberAction } from '@/api/client';
import type { LeasedNumber, Message } from '@/api/types';
import { clockText, secondsUntil } from '@/lib/clock';
import { isOpen, lastCode, lastMessage, moneyText, stateText, stateTone } from '@/lib/number';
import { isNamed } from '@/lib/offers';
import { phoneForms } from '@/lib/phone';
import { announce } from '@/state/announce';
import { countryName, dialOf, serviceName, type Catalogue } from '@/state/catalogue';
import { hideNumber, putNumber } from '@/state/numbers';
import { useServerNow } from '@/state/use';
import { useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy';
import { Flag } from '@/ui/flag';
import { Icon } from '@/ui/icon';
import { Failure } from '@/ui/notice';
import { Tile } from '@/ui/tile';
import { Countdown } from './countdown';
import styles from './number-card.module.css';

const words = text.numbers;

function Phone({ phone, dial }: { phone: string; dial: string }) {
  const forms = phoneForms(phone, dial);
  return (
    <div className={styles.phone}>
      <p className={styles.digits} data-phone={forms.full}>
        {forms.pretty}
      </p>
      <div className={styles.copies}>
        <CopyButton value={forms.full} label={words.copyNumber} />
        <CopyButton kind="quiet" value={forms.digits} label={words.copyDigits} spoken={words.copyDigitsLabel} />
        {forms.local === forms.digits ? null : (
          <CopyButton kind="quiet" value={forms.local} label={words.copyLocal(dial)} spoken={words.copyLocalLabel(dial)} />
        )}
      </div>
    </div>
  );
}

/** The text of an SMS with its code marked. */
function SmsText({ message }: { message: Message }) {
  const at = message.code ? message.text.indexOf(message.code) : -1;
  if (!message.code || at < 0) return <>{message.text}</>;
  return (
    <>
      {message.text.slice(0, at)}
      <mark className={styles.mark}>{message.code}</mark>
      {message.text.slice(at + message.code.length)}
    </>
  );
}

function Sms({ message }: { message: Message }) {
  return (
    <blockquote className={styles.sms}>
      {message.sender ? <span className={styles.sender}>{words.from(message.sender)}</span> : null}
      <p>
        <SmsText message={message} />
      </p>
    </blockquote>
  );
}

function Messages({ number }: { number: LeasedNumber }) {
  const code = lastCode(number);
  const last = lastMessage(number);
  const earlier = number.messages.slice(0, -1).reverse();
  return (
    <>
      {code ? (
        <div className={styles.code}>
          <output className={styles.codeDigits} data-code={code}>
            {code}
          </output>
          <CopyButton kind="primary" size="normal" value={code} label={words.copyCode} />
        </div>
      ) : null}
      {last ? <Sms message={last} /> : null}
      {earlier.length > 0 ? (
        <details className={styles.earlier}>
          <summary>{words.earlier}</summary>
          {earlier.map((message) => (
            <Sms key={message.received_at + message.text} message={message} />
          ))}
        </details>
      ) : null}
    </>
  );
}

interface ActionsProps {
  number: LeasedNumber;
  busy: NumberAction | null;
  onAct: (action: NumberAction) => void;
}

function CancelButton({ number, busy, onAct }: ActionsProps) {
  const wait = secondsUntil(number.cancel_available_at, useServerNow());
  return (
    <Button
      size="small"
      kind="danger"
      busy={busy === 'cancel'}
      off={wait > 0}
      title={wait > 0 ? words.cancelWhy : undefined}
      onClick={() => onAct('cancel')}
    >
      {wait > 0 ? words.cancelIn(clockText(wait)) : words.cancel}
    </Button>
  );
}

function Actions({ number, busy, onAct }: ActionsProps) {
  if (number.state === 'reserved') return <CancelButton number={number} busy={busy} onAct={onAct} />;
  if (number.state !== 'active') return null;
  if (number.messages.length === 0) return <CancelButton number={number} busy={busy} onAct={onAct} />;
  return (
    <>
      <Button size="small" busy={busy === 'resend'} onClick={() => onAct('resend')}>
        {words.resend}
      </Button>
      <Button size="small" busy={busy === 'finish'} onClick={() => onAct('finish')}>
        {words.finish}
      </Button>
    </>
  );
}

/** Speaks what arrived while the card was on the page, and marks the tab when nobody looks at it. */
function useArrivals(number: LeasedNumber, service: string): void {
  const seen = useRef({ messages: number.messages.length, state: number.state });
  useEffect(() => {
    const before = seen.current;
    seen.current = { messages: number.messages.length, state: number.state };
    if (number.messages.length > before.messages) {
      const code = lastMessage(number)?.code;
      announce(code ? words.codeArrived(service, [...code].join(' ')) : words.smsArrived(service));
      if (document.hidden) flashTitle();
    } else if (number.state !== before.state) announce(`${service}: ${stateText(number)}`);
  }, [number, service]);
}

function flashTitle(): void {
  const title = document.title;
  document.title = `● ${words.titleFlash}`;
  const restore = (): void => {
    if (document.hidden) return;
    document.title = title;
    document.removeEventListener('visibilitychange', restore);
  };
  document.addEventListener('visibilitychange', restore);
}

interface Props {
  number: LeasedNumber;
  catalogue: Catalogue | null;
  onAgain: (service: string, country: string) => void;
}

export function NumberCard({ number, catalogue, onAgain }: Props) {
  const [busy, setBusy] = useState<NumberAction | null>(null);
  const [error, setError] = useState<unknown>(null);
  // How many messages there were when one more was asked for; it is awaited until there are more.
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const { wallet } = useWallet();
  const service = serviceName(catalogue, number.service);
  const country = countryName(catalogue, number.country);
  const open = isOpen(number);
  const awaited = askedAt !== null && number.messages.length <= askedAt;
  useArrivals(number, service);

  async function run(action: NumberAction): Promise<void> {
    setBusy(action);
    setError(null);
    try {
      putNumber(await act(number.id, action));
      if (action === 'resend') setAskedAt(number.messages.length);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(null);
    }
  }

  return (
    <article className={styles.card} data-number={number.id} data-state={number.state} data-open={open || undefined} aria-label={`${service}, ${country}`}>
      <header className={styles.head}>
        <Tile code={number.service} name={service} />
        <div className={styles.names}>
          <h3>{service}</h3>
          <p>
            <Flag country={number.country} />
            {country}
            {isNamed(number.operator) ? ` · ${number.operator}` : null}
          </p>
        </div>
        {open && number.expires_at ? <Countdown from={number.created_at} until={number.expires_at} /> : null}
        {open ? null : (
          <Button kind="quiet" size="small" aria-label={words.dismiss} title={words.dismiss} onClick={() => hideNumber(number.id)}>
            <Icon name="close" />
          </Button>
        )}
      </header>
      {number.phone ? <Phone phone={number.phone} dial={dialOf(catalogue, number.country)} /> : null}
      <p className={styles.state}>
        <Badge tone={stateTone(number, awaited)}>{stateText(number, awaited)}</Badge>
      </p>
      {number.state === 'cancelling' ? <p className={styles.hint}>{words.cancellingHint}</p> : null}
      {number.state === 'failed' ? <p className={styles.hint}>{words.failedHint}</p> : null}
      <Messages number={number} />
      {error ? <Failure error={error} /> : null}
      <footer className={styles.foot}>
        <span className={styles.money} data-charged={number.charged}>
          {moneyText(number, wallet?.currency ?? '')}
        </span>
        <Actions number={number} busy={busy} onAct={run} />
        {open ? null : (
          <Button size="small" onClick={() => onAgain(number.service, number.country)}>
            {words.again}
          </Button>
        )}
      </footer>
    </article>
  );
}
