// Icons of our own: 20 units square, strokes of the text's colour, hidden from assistive technology.
import styles from './icon.module.css';

const PATHS = {
  search: 'M9 15.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM17.5 17.5l-3.9-3.9',
  copy: 'M7.5 7.5h8.5a1 1 0 0 1 1 1V17a1 1 0 0 1-1 1H7.5a1 1 0 0 1-1-1V8.5a1 1 0 0 1 1-1ZM13.5 7.5V4a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v8.5a1 1 0 0 0 1 1h2.5',
  check: 'M3.5 10.5l4.3 4.3L16.5 6',
  close: 'M5 5l10 10M15 5L5 15',
  down: 'M5 7.5l5 5 5-5',
  buy: 'M6.5 2.5h5l4 4v10a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1ZM8.3 10h4.4v4.5H8.3ZM10.5 10v4.5',
  history: 'M3 10a7 7 0 1 0 2.1-5L3 7M3 3v4h4M10 6.2V10l2.6 1.8',
  wallet: 'M3 6.5a2 2 0 0 1 2-2h9.5v3M3 6.5v8a2 2 0 0 0 2 2h11a1 1 0 0 0 1-1v-7a1 1 0 0 0-1-1H4a1 1 0 0 1-1-1ZM13.7 12h.1',
  api: 'M7 5.5L2.5 10 7 14.5M13 5.5l4.5 4.5-4.5 4.5M11.3 3.5l-2.6 13',
  admin: 'M3 5.5h6M13 5.5h4M3 14.5h3M10 14.5h7M11 3.3v4.4M8 12.3v4.4',
  out: 'M8 3.5H4.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H8M12.5 6.5L16 10l-3.5 3.5M16 10H7.5',
  message: 'M3.5 4h13a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9l-3.8 3v-3H3.5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z',
  warn: 'M10 3l7.5 13.5h-15ZM10 8v3.8M10 14.2v.1',
  info: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9v4.5M10 6.3v.1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={styles.icon} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A SIM card that answers. */
export function Mark() {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className={styles.card} d="M9 2h9.6a4 4 0 0 1 2.83 1.17l5.4 5.4A4 4 0 0 1 28 11.4V26a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4Z" />
      <path className={styles.bars} d="M11.5 23v-3.5M16.5 23v-7M21.5 23V12.5" />
    </svg>
  );
}
