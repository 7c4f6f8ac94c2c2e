'use client';
import { useEffect } from 'react';
import { amount, isZero, money } from '@/lib/money';
import { useSession } from '@/state/use';
import { refreshWallet, useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Card, PageHead } from '@/ui/card';
import { CopyButton } from '@/ui/copy';
import { Failure, Waiting } from '@/ui/notice';
import { Movements } from './movements';
import { Redeem } from './redeem';
import styles from './wallet.module.css';

const words = text.wallet;

function Amount({ label, value, currency, hint, name }: { label: string; value: string; currency: string; hint: string; name: string }) {
  return (
    <div className={styles.amount}>
      <dt>{label}</dt>
      <dd className={styles.value} data-wallet={name} data-value={value}>
        {amount(value)} <span className={styles.currency}>{currency}</span>
      </dd>
      <dd className={styles.hint}>{hint}</dd>
    </div>
  );
}

export function WalletPage() {
  const { wallet, error } = useWallet();
  const { user } = useSession();
  useEffect(() => {
    void refreshWallet();
  }, []);
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <div className={styles.page}>
        {error ? <Failure error={error} retry={() => void refreshWallet()} /> : null}
        {!wallet && !error ? <Waiting rows={2} /> : null}
        {wallet ? (
          <dl className={styles.amounts}>
            <Amount name="available" label={words.available} value={wallet.available} currency={wallet.currency} hint={isZero(wallet.bonus) ? words.availableHint : words.ofIt(money(wallet.bonus, wallet.currency))} />
            <Amount name="held" label={words.held} value={wallet.held} currency={wallet.currency} hint={words.heldHint} />
          </dl>
        ) : null}
        <Redeem currency={wallet?.currency ?? ''} />
        <Movements key={wallet ? `${wallet.available} ${wallet.held}` : ''} />
        <Card title={words.how}>
          <ol className={styles.steps}>
            {words.steps.map((step) => (
              <li key={step.title}>
                <b>{step.title}</b>
                <span>{step.text}</span>
              </li>
            ))}
          </ol>
        </Card>
        <Card title={words.topUpTitle} lead={words.topUpText}>
          {user ? (
            <p className={styles.email}>
              <code>{user.email}</code>
              <CopyButton value={user.email} label={text.numbers.copy} spoken={`${text.numbers.copy} ${user.email}`} />
            </p>
          ) : null}
        </Card>
      </div>
    </>
  );
}
