// The frame of the pages for everybody. Who is signed in already goes on to the purchase.
'use client';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { openSession } from '@/api/session';
import { useSession } from '@/state/use';
import { text } from '@/text';
import { classOf } from './button';
import { Mark } from './icon';
import styles from './open-frame.module.css';

/** Where to go after the sign-in: a path of this site and nothing else. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  return /^\/[a-z]/.test(next) ? next : '/buy/';
}

export function OpenFrame({ children }: { children: ReactNode }) {
  const session = useSession();
  const router = useRouter();
  const path = usePathname();
  useEffect(() => {
    // Without an answer this page still works; the sign-in will say what is wrong.
    openSession().catch(() => undefined);
  }, []);
  useEffect(() => {
    if (session.status === 'signed-in') router.replace(nextPath(window.location.search));
  }, [session.status, router]);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {text.skip}
      </a>
      <header className={styles.head}>
        <Link className={styles.brand} href="/">
          <Mark />
          {text.product}
        </Link>
        <nav className={styles.nav} aria-label={text.nav.label}>
          {path === '/login/' ? null : (
            <Link className={classOf('quiet')} href="/login/">
              {text.nav.signIn}
            </Link>
          )}
          {path === '/register/' ? null : (
            <Link className={classOf('plain')} href="/register/">
              {text.nav.signUp}
            </Link>
          )}
        </nav>
      </header>
      <main id="content" className={styles.main}>
        {children}
      </main>
    </div>
  );
}
