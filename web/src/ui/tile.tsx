// The sign of a service: its first letter on one of eight calm colours, always the same for the same service.
import styles from './tile.module.css';

const COLOURS = 8;

function colourOf(code: string): number {
  let sum = 0;
  for (const letter of code) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum % COLOURS;
}

export function Tile({ code, name, small = false }: { code: string; name: string; small?: boolean }) {
  return (
    <span className={styles.tile} data-colour={colourOf(code)} data-small={small || undefined} aria-hidden="true">
      {name.charAt(0).toUpperCase()}
    </span>
  );
}
