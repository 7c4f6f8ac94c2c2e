'use client';
import { useRef, useState, type FormEvent } from 'react';
import * as api from '@/api/client';
import { ApiError } from '@/api/http';
import type { Redeemed } from '@/api/types';
import { money } from '@/lib/money';
import { faultOf } from '@/lib/problem';
import { refreshWallet } from '@/state/wallet';
import { text } from '@/text';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Field } from '@/ui/field';
import { Failure } from '@/ui/notice';
import styles from './wallet.module.css';

const words = text.wallet;

/** One Idempotency-Key per code, kept while the outcome is not known: a second press repeats the same request. */
function useKey(): { of: (code: string) => string; settle: () => void } {
  const last = useRef<{ code: string; key: string } | null>(null);
  return {
    of: (code) => {
      if (last.current?.code !== code) last.current = { code, key: crypto.randomUUID() };
      return last.current.key;
    },
    settle: () => {
      last.current = null;
    },
  };
}

export function Redeem({ currency }: { currency: string }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [done, setDone] = useState<Redeemed | null>(null);
  const code = useRef<HTMLInputElement>(null);
  const key = useKey();

  async function redeem(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const value = code.current?.value.trim() ?? '';
    setError(null);
    setDone(null);
    setFault(value ? null : words.codeMissing);
    if (!value) return code.current?.focus();
    setBusy(true);
    try {
      setDone(await api.redeem(value, key.of(value)));
      key.settle();
      form.reset();
      await refreshWallet();
    } catch (failure) {
      if (failure instanceof ApiError && failure.definitive) key.settle();
      setFault(faultOf(failure, 'code'));
      setError(faultOf(failure, 'code') ? null : failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={words.redeemTitle} lead={words.redeemLead}>
      <form className={styles.form} method="post" noValidate onSubmit={redeem}>
        <Field ref={code} label={words.code} name="code" maxLength={100} autoComplete="off" autoCapitalize="characters" spellCheck={false} fault={fault} />
        {error ? <Failure error={error} /> : null}
        <p role="status">{done ? words.redeemed(money(done.amount, currency), done.kind === 'bonus') : null}</p>
        <p>
          <Button type="submit" busy={busy}>
            {words.redeem}
          </Button>
        </p>
      </form>
    </Card>
  );
}
