import styles from './switch.module.css';

interface Props {
  label: string;
  on: boolean;
  busy: boolean;
  onTurn: (on: boolean) => void;
}

export function Switch({ label, on, busy, onTurn }: Props) {
  return (
    <button
      type="button"
      role="switch"
      className={styles.switch}
      aria-checked={on}
      aria-label={label}
      aria-busy={busy || undefined}
      onClick={() => {
        if (!busy) onTurn(!on);
      }}
    >
      <span className={styles.knob} />
    </button>
  );
}
