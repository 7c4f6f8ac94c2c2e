import Link from 'next/link';
import { text } from '@/text';
import { classOf } from '@/ui/button';
import styles from './message.module.css';

export const metadata = { title: text.notFound.title };

export default function NotFound() {
  return (
    <main className={styles.message}>
      <h1>{text.notFound.title}</h1>
      <p>{text.notFound.text}</p>
      <Link className={classOf('primary')} href="/">
        {text.notFound.home}
      </Link>
    </main>
  );
}
