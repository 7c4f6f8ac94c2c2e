// The flag of a country. Drawings of our own export instead of emoji: Windows has no flag emoji.
import styles from './flag.module.css';

export function Flag({ country }: { country: string }) {
  if (!/^[a-z]{2}$/.test(country)) return <span className={styles.flag} />;
  return <img className={styles.flag} src={`/flags/${country}.svg`} alt="" width="24" height="24" loading="lazy" decoding="async" />;
}
