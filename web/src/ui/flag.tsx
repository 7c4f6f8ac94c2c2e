// The flag of a country. Drawings of our own export instead of emoji: Windows has no flag emoji.
import styles from './flag.module.css';

/** Set by the build: a folder named by its content, so that browsers keep it for good. */
const FLAGS = process.env.NEXT_PUBLIC_FLAGS ?? '/flags';

export function Flag({ country }: { country: string }) {
  if (!/^[a-z]{2}$/.test(country)) return <span className={styles.flag} />;
  return <img className={styles.flag} src={`${FLAGS}/${country}.svg`} alt="" width="24" height="24" loading="lazy" decoding="async" />;
}
