// The frame of every page behind the sign-in: it decides who is here, and keeps wallet and numbers fresh.
'use client';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { followOtherTabs, logout, openSession } from '@/api/session';
import type { User } from '@/api/types';
import { isOpen } from '@/lib/number';
import { money } from '@/lib/money';
import { startBoard, stopBoard, useBoard } from '@/state/numbers';
import { useSession } from '@/state/use';
import { forgetWallet, refreshWallet, useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Button } from './button';
import { Icon, Mark, type IconName } from './icon';
import { Failure, Waiting } from './notice';
import styles from './shell.module.css';

interface Entry {
  href: string;
  label: string;
  icon: IconName;
}

const ENTRIES: readonly Entry[] = [
  { href: '/buy/', label: text.nav.buy, icon: 'buy' },
  { href: '/history/', label: text.nav.history, icon: 'history' },
  { href: '/wallet/', label: text.nav.wallet, icon: 'wallet' },
  { href: '/keys/', label: text.nav.api, icon: 'api' },
];
const ADMIN: Entry = { href: '/admin/providers/', label: text.nav.admin, icon: 'admin' };

function Navigation({ user }: { user: User }) {
  const path = usePathname();
  const open = useBoard().numbers.filter(isOpen).length;
  const entries = user.role === 'admin' ? [...ENTRIES, ADMIN] : ENTRIES;
  return (
    <nav className={styles.nav} aria-label={text.nav.label}>
      {entries.map((entry) => (
        <Link key={entry.href} className={styles.entry} href={entry.href} aria-current={path === entry.href ? 'page' : undefined}>
          <Icon name={entry.icon} />
          <span>{entry.label}</span>
          {entry.href === '/buy/' && open > 0 ? <span className={styles.count}>{open}</span> : null}
        </Link>
      ))}
    </nav>
  );
}

function Balance() {
  const { wallet } = useWallet();
  if (!wallet) return <span className={styles.balance} />;
  const shown = money(wallet.available, wallet.currency);
  return (
    <Link className={styles.balance} href="/wallet/" aria-label={text.nav.balance(shown)} data-balance>
      <Icon name="wallet" />
      {shown}
    </Link>
  );
}

function Head({ user }: { user: User | null }) {
  const [leaving, setLeaving] = useState(false);
  async function leave(): Promise<void> {
    setLeaving(true);
    // Signed out here in any case; without a connection the cookie stays until it expires.
    await logout().catch(() => undefined);
  }
  return (
    <header className={styles.head}>
      <div className={styles.bar}>
        <Link className={styles.brand} href="/buy/">
          <Mark />
          <span>{text.product}</span>
        </Link>
        {user ? (
          <>
            <Navigation user={user} />
            <Balance />
            <span className={styles.who} title={user.email}>
              {user.email}
            </span>
            <Button kind="quiet" size="small" busy={leaving} onClick={leave} aria-label={text.nav.signOut}>
              <Icon name="out" />
            </Button>
          </>
        ) : null}
      </div>
    </header>
  );
}

/** Opens the session once, follows other tabs, and sends strangers to the sign-in. */
function useDoor(): { user: User | null; error: unknown; open: () => void } {
  const session = useSession();
  const router = useRouter();
  const path = usePathname();
  const [error, setError] = useState<unknown>(null);
  const open = useCallback(() => {
    setError(null);
    openSession().catch(setError);
  }, []);
  useEffect(open, [open]);
  useEffect(followOtherTabs, []);
  useEffect(() => {
    if (session.status !== 'anonymous') return;
    router.replace(path === '/buy/' ? '/login/' : `/login/?next=${encodeURIComponent(path)}`);
  }, [session.status, router, path]);
  return { user: session.user, error, open };
}

export function Shell({ children }: { children: ReactNode }) {
  const { user, error, open } = useDoor();
  const id = user?.id;
  useEffect(() => {
    if (!id) return undefined;
    startBoard();
    void refreshWallet();
    return () => {
      stopBoard();
      forgetWallet();
    };
  }, [id]);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {text.skip}
      </a>
      <Head user={user} />
      <main id="content" className={styles.main}>
        {user ? children : error ? <Failure error={error} retry={open} /> : <Waiting rows={4} />}
      </main>
    </div>
  );
}
